#ifndef AIKORE_RUNNER_CLIENT_H
#define AIKORE_RUNNER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

enum { CLIENT_LINE_BYTES = 256, CLIENT_OUT_BYTES = 4096 };

/*
 * One connection. Nothing here waits: what the peer does not take is buffered up to a bound, beyond which the
 * peer is dropped. News about the output are not buffered but replaced by newer ones, so that a peer that
 * stops reading can never fill the buffer with them.
 */
struct client {
  int socket; /* -1 when the slot is free */
  char line[CLIENT_LINE_BYTES];
  size_t line_length;
  char out[CLIENT_OUT_BYTES];
  size_t out_length;
  bool is_output_stale; /* the peer has not been told the present size of the log */
};

void client_open(struct client *client, int socket);

void client_close(struct client *client);

/* Queues `text` and sends what the peer takes. Closes the client when the buffer is full or the peer is gone. */
void client_send(struct client *client, const char *text);

/* Sends what is queued. */
void client_flush(struct client *client);

/*
 * Takes what the peer sent, at most one read, and calls `on_line` for each whole line without its line feed. Closes
 * the client at end of file and when a line is longer than CLIENT_LINE_BYTES.
 */
void client_receive(struct client *client, void (*on_line)(struct client *client, const char *line, void *context),
                    void *context);

#endif
