#include "spawn_request.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Words of the body, in this order; supplementary groups follow them, and then the strings. */
enum { ID, ARGUMENT_COUNT, USER_KIND, USER, GROUP, GROUP_COUNT, WORD_COUNT };

enum { WORD_BYTES = sizeof(uint32_t), BODY_MIN = WORD_COUNT * WORD_BYTES + 1, BODY_MAX = 8 << 20 };

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

static uint32_t word(const struct spawn_request *request, size_t index) {
  return number_at(request->body + index * WORD_BYTES);
}

static bool parse_user(const struct spawn_request *request, struct credentials *user) {
  uint32_t kind = word(request, USER_KIND), group_count = word(request, GROUP_COUNT);
  if (kind > CREDENTIALS_ANOTHER || group_count > GROUP_COUNT_MAX) return false;
  if (request->body_size < BODY_MIN + group_count * WORD_BYTES) return false;
  user->kind = (enum credentials_kind)kind;
  user->uid = word(request, USER);
  user->gid = word(request, GROUP);
  user->group_count = group_count;
  for (size_t i = 0; i < group_count; i++) user->groups[i] = word(request, WORD_COUNT + i);
  return true;
}

bool spawn_request_parse(const struct spawn_request *request, struct spawn_wish *wish) {
  wish->argv = NULL;
  if (!parse_user(request, &wish->user)) return false;
  char *strings = request->body + (WORD_COUNT + wish->user.group_count) * WORD_BYTES;
  const char *end = request->body + request->body_size;
  uint32_t argument_count = word(request, ARGUMENT_COUNT);
  wish->id = word(request, ID);
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
