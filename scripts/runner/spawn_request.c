#include "spawn_request.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MIN = 2 * sizeof(uint32_t) + 1, BODY_MAX = 8 << 20 };

static uint32_t number_at(const void *at) {
  uint32_t number;
  memcpy(&number, at, sizeof number);
  return le32toh(number);
}

static bool open_body(struct spawn_request *request) {
  request->body_size = number_at(request->head);
  if (request->body_size < BODY_MIN || request->body_size > BODY_MAX) return false;
  request->body = malloc(request->body_size);
  return request->body != NULL;
}

/* Length of what was read into `at`; 0 for "later", -1 for the end. */
static ssize_t fill(int file, void *at, size_t size) {
  ssize_t length = read(file, at, size);
  if (length > 0) return length;
  return length < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

enum spawn_reading spawn_request_read(struct spawn_request *request, int file) {
  ssize_t length;
  while (!request->body) {
    length = fill(file, request->head + request->head_length, sizeof request->head - request->head_length);
    if (length <= 0) return length == 0 ? SPAWN_PARTIAL : SPAWN_OVER;
    request->head_length += (size_t)length;
    if (request->head_length == sizeof request->head && !open_body(request)) return SPAWN_OVER;
  }
  while (request->body_length < request->body_size) {
    length = fill(file, request->body + request->body_length, request->body_size - request->body_length);
    if (length <= 0) return length == 0 ? SPAWN_PARTIAL : SPAWN_OVER;
    request->body_length += (size_t)length;
  }
  return SPAWN_WHOLE;
}

static size_t count_strings(const char *from, const char *end) {
  size_t count = 0;
  for (const char *c = from; c < end; c++) count += *c == 0;
  return count;
}

static char *list(char **out, size_t count, char *from) {
  for (size_t i = 0; i < count; i++) {
    out[i] = from;
    from += strlen(from) + 1;
  }
  out[count] = NULL;
  return from;
}

bool spawn_request_parse(const struct spawn_request *request, struct spawn_wish *wish) {
  char *strings = request->body + 2 * sizeof(uint32_t);
  const char *end = request->body + request->body_size;
  uint32_t argument_count = number_at(request->body + sizeof(uint32_t));
  wish->id = number_at(request->body);
  wish->argv = NULL;
  if (end[-1] != 0) return false;
  size_t count = count_strings(strings, end);
  if (argument_count == 0 || argument_count > count) return false;
  wish->argv = malloc((count + 2) * sizeof *wish->argv);
  if (!wish->argv) return false;
  wish->envp = wish->argv + argument_count + 1;
  list(wish->envp, count - argument_count, list(wish->argv, argument_count, strings));
  return true;
}

void spawn_request_clear(struct spawn_request *request, struct spawn_wish *wish) {
  free(request->body);
  free(wish->argv);
  memset(request, 0, sizeof *request);
}
