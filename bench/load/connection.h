#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_BYTES 16384

/* What every connection asks, again and again. */
struct wish {
  int port;
  const char *request;
  size_t request_length;
  /* Payload of the WebSocket messages that are echoed after the handshake; 0: plain HTTP. */
  size_t payload_bytes;
};

enum step { STEP_HEAD, STEP_BODY, STEP_ECHO };

/* One keep-alive connection with one request under way at a time. */
struct connection {
  int socket;
  enum step step;
  char head[HEAD_BYTES + 1];
  size_t head_length;
  uint64_t left; /* bytes of the answer that are still to come */
  int status;
  uint64_t sent_at_us;
};

enum outcome { OUTCOME_WAIT, OUTCOME_ANSWERED, OUTCOME_UPGRADED, OUTCOME_BROKEN };

uint64_t now_us(void);

/* Connects to the port on loopback; false when that fails. */
bool connection_open(struct connection *connection, const struct wish *wish);

/* Sends the next request or message; false when the connection is broken. */
bool connection_ask(struct connection *connection, const struct wish *wish);

/* Takes what has arrived. */
enum outcome connection_take(struct connection *connection, const struct wish *wish);

void connection_close(struct connection *connection);

#endif
