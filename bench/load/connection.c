#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* RFC 6455, section 5.2: two bytes of head for payloads up to 125 bytes, and four bytes of mask from clients. */
#define FRAME_HEAD_BYTES 2
#define MASK_BYTES 4
#define MAX_PAYLOAD_BYTES 125

uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

bool connection_open(struct connection *connection, const struct wish *wish) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wish->port)};
  int yes = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection->socket < 0) return false;
  setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) < 0) {
    connection_close(connection);
    return false;
  }
  fcntl(connection->socket, F_SETFL, O_NONBLOCK);
  connection->step = STEP_HEAD;
  connection->status = 0;
  return true;
}

void connection_close(struct connection *connection) {
  if (connection->socket >= 0) close(connection->socket);
  connection->socket = -1;
}

static bool send_all(int socket, const char *bytes, size_t length) {
  /* One small request at a time always fits into the empty buffer of the socket. */
  return send(socket, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

bool connection_ask(struct connection *connection, const struct wish *wish) {
  connection->sent_at_us = now_us();
  if (connection->step == STEP_ECHO) {
    /* A text message under a mask of zeros, which leaves the payload as it is. */
    static char frame[FRAME_HEAD_BYTES + MASK_BYTES + MAX_PAYLOAD_BYTES];
    frame[0] = (char)0x81;
    frame[1] = (char)(0x80 | wish->payload_bytes);
    memset(frame + FRAME_HEAD_BYTES + MASK_BYTES, 'x', wish->payload_bytes);
    connection->left = FRAME_HEAD_BYTES + wish->payload_bytes;
    return send_all(connection->socket, frame, FRAME_HEAD_BYTES + MASK_BYTES + wish->payload_bytes);
  }
  connection->step = STEP_HEAD;
  connection->head_length = 0;
  return send_all(connection->socket, wish->request, wish->request_length);
}

/* Length of the body that follows, or -1 where the head does not say it by Content-Length. */
static int64_t body_length(const char *head, int status) {
  if (status == 304 || status == 204 || status < 200) return 0;
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, "content-length:", 15) == 0) return strtoll(line + 17, NULL, 10);
  }
  return -1;
}

/* The head is complete: what of the buffer belongs to the body is counted off. */
static enum outcome begin_body(struct connection *connection, const struct wish *wish, const char *end) {
  size_t extra = connection->head_length - (size_t)(end + 4 - connection->head);
  if (strncmp(connection->head, "HTTP/1.1 ", 9) != 0) return OUTCOME_BROKEN;
  connection->status = atoi(connection->head + 9);
  if (wish->payload_bytes > 0) {
    if (connection->status != 101 || extra > 0) return OUTCOME_BROKEN;
    connection->step = STEP_ECHO;
    return OUTCOME_UPGRADED;
  }
  int64_t length = body_length(connection->head, connection->status);
  if (length < 0 || extra > (uint64_t)length) return OUTCOME_BROKEN;
  connection->left = (uint64_t)length - extra;
  connection->step = STEP_BODY;
  return connection->left == 0 ? OUTCOME_ANSWERED : OUTCOME_WAIT;
}

static enum outcome take_head(struct connection *connection, const struct wish *wish) {
  size_t room = HEAD_BYTES - connection->head_length;
  ssize_t length = recv(connection->socket, connection->head + connection->head_length, room, 0);
  if (length < 0 && errno == EAGAIN) return OUTCOME_WAIT;
  if (length <= 0) return OUTCOME_BROKEN;
  connection->head_length += (size_t)length;
  connection->head[connection->head_length] = 0;
  const char *end = strstr(connection->head, "\r\n\r\n");
  if (end != NULL) return begin_body(connection, wish, end);
  return connection->head_length == HEAD_BYTES ? OUTCOME_BROKEN : OUTCOME_WAIT;
}

static enum outcome take_rest(struct connection *connection) {
  static char sink[262144];
  ssize_t length = recv(connection->socket, sink, sizeof sink, 0);
  if (length < 0 && errno == EAGAIN) return OUTCOME_WAIT;
  if (length <= 0 || (uint64_t)length > connection->left) return OUTCOME_BROKEN;
  connection->left -= (uint64_t)length;
  return connection->left == 0 ? OUTCOME_ANSWERED : OUTCOME_WAIT;
}

enum outcome connection_take(struct connection *connection, const struct wish *wish) {
  return connection->step == STEP_HEAD ? take_head(connection, wish) : take_rest(connection);
}
