#ifndef AIKORE_RUNNER_SPAWN_REQUEST_H
#define AIKORE_RUNNER_SPAWN_REQUEST_H

#include "credentials.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A wish to start a program, as it arrives piece by piece. */
struct spawn_request {
  unsigned char head[4];
  size_t head_length;
  char *body; /* NULL until the head is whole */
  size_t body_size;
  size_t body_length;
};

/* A wish that has arrived. The strings lie in the request's body, the two lists in one allocation at `argv`. */
struct spawn_wish {
  uint32_t id;
  struct credentials user;
  char **argv; /* NULL-terminated, at least one entry */
  char **envp; /* NULL-terminated */
};

enum spawn_reading { SPAWN_PARTIAL, SPAWN_WHOLE, SPAWN_OVER };

/* Reads on without blocking. SPAWN_OVER when the other side is gone, or sends what is no request. */
enum spawn_reading spawn_request_read(struct spawn_request *request, int file);

/* Takes a whole request apart. False when it is malformed. */
bool spawn_request_parse(const struct spawn_request *request, struct spawn_wish *wish);

/* Frees both; the request is then ready for the next. */
void spawn_request_clear(struct spawn_request *request, struct spawn_wish *wish);

#endif
