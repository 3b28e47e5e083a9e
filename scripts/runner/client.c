#include "client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void client_open(struct client *client, int socket) {
  client->socket = socket;
  client->line_length = 0;
  client->out_length = 0;
  client->is_output_stale = false;
}

void client_close(struct client *client) {
  if (client->socket >= 0) close(client->socket);
  client->socket = -1;
}

void client_flush(struct client *client) {
  while (client->socket >= 0 && client->out_length > 0) {
    ssize_t sent = send(client->socket, client->out, client->out_length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      if (errno != EAGAIN) client_close(client);
      return;
    }
    client->out_length -= (size_t)sent;
    memmove(client->out, client->out + sent, client->out_length);
  }
}

void client_send(struct client *client, const char *text) {
  size_t length = strlen(text);
  if (client->socket < 0) return;
  if (client->out_length + length > sizeof client->out) {
    client_close(client);
    return;
  }
  memcpy(client->out + client->out_length, text, length);
  client->out_length += length;
  client_flush(client);
}

/* False when the line has grown too long. */
static bool take(struct client *client, char c, void (*on_line)(struct client *, const char *, void *),
                 void *context) {
  if (c != '\n') {
    if (client->line_length == CLIENT_LINE_BYTES - 1) return false;
    client->line[client->line_length++] = c;
    return true;
  }
  client->line[client->line_length] = 0;
  client->line_length = 0;
  on_line(client, client->line, context);
  return true;
}

void client_receive(struct client *client, void (*on_line)(struct client *, const char *, void *), void *context) {
  char chunk[1024];
  ssize_t length = recv(client->socket, chunk, sizeof chunk, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) {
    client_close(client);
    return;
  }
  for (ssize_t i = 0; i < length && client->socket >= 0; i++) {
    if (!take(client, chunk[i], on_line, context)) client_close(client);
  }
}
