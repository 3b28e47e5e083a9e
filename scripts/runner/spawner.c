#include "spawner.h"

#include "clock.h"
#include "isolate.h"
#include "spawn_child.h"
#include "spawn_request.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_COUNT = 256, HANDSHAKE_MS = 10000, LINE_BYTES = SENTENCE_BYTES + 16, FIXED_POLL_COUNT = 2, EXIT_BROKEN = 1 };

/* A program that was started and has not said its line yet. */
struct start {
  int output; /* -1: this place is free */
  uint32_t id;
  int64_t until_ms; /* monotonic */
  size_t length;
  char line[LINE_BYTES];
};

static struct start starts[START_COUNT];
static struct spawn_request request;
static struct isolation isolation;

static void reap(void) {
  while (waitpid(-1, NULL, WNOHANG | __WALL) > 0) continue;
}

/*
 * Blocks when AiKore does not read. There are never more answers on the way than starts and requests that fit into
 * the connection, which is less than its other direction holds.
 */
static void answer(uint32_t id, const char *line) { dprintf(1, "%" PRIu32 " %s\n", id, line); }

static void finish(struct start *start, const char *line) {
  close(start->output);
  start->output = -1;
  answer(start->id, line);
}

static struct start *free_place(void) {
  for (int i = 0; i < START_COUNT; i++) {
    if (starts[i].output < 0) return &starts[i];
  }
  return NULL;
}

static void begin(struct start *start, const struct spawn_wish *wish) {
  struct sentence failure;
  int output = spawn_child(wish, &isolation, &failure);
  if (output < 0) {
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "failed %s", failure.text);
    answer(wish->id, line);
    return;
  }
  start->output = output;
  start->id = wish->id;
  start->until_ms = clock_mono_ms() + HANDSHAKE_MS;
  start->length = 0;
}

/* False when there is nobody left to start anything for. */
static bool take_requests(void) {
  struct start *place;
  while ((place = free_place())) {
    enum spawn_reading reading = spawn_request_read(&request, 0);
    if (reading != SPAWN_WHOLE) return reading == SPAWN_PARTIAL;
    struct spawn_wish wish;
    bool is_wellformed = spawn_request_parse(&request, &wish);
    if (is_wellformed) begin(place, &wish);
    spawn_request_clear(&request, &wish);
    if (!is_wellformed) return false;
  }
  return true;
}

static void listen_to(struct start *start) {
  ssize_t length = read(start->output, start->line + start->length, LINE_BYTES - 1 - start->length);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  start->length += length > 0 ? (size_t)length : 0;
  start->line[start->length] = 0;
  char *end = strchr(start->line, '\n');
  if (!end && length > 0 && start->length < LINE_BYTES - 1) return;
  if (end) *end = 0;
  finish(start, end ? start->line : "failed the runner did not start");
}

static int timeout_ms(int64_t now_ms) {
  int64_t next_ms = INT64_MAX;
  for (int i = 0; i < START_COUNT; i++) {
    if (starts[i].output >= 0 && starts[i].until_ms < next_ms) next_ms = starts[i].until_ms;
  }
  if (next_ms == INT64_MAX) return -1;
  return next_ms > now_ms ? (int)(next_ms - now_ms) : 0;
}

static void serve_starts(const struct pollfd *fds) {
  for (int i = 0; i < START_COUNT; i++) {
    if (starts[i].output >= 0 && fds[i].revents) listen_to(&starts[i]);
    if (starts[i].output >= 0 && clock_mono_ms() >= starts[i].until_ms)
      finish(&starts[i], "failed the runner said nothing for 10 s");
  }
}

static bool turn(int children) {
  struct pollfd fds[FIXED_POLL_COUNT + START_COUNT] = {
      {.fd = 0, .events = free_place() ? POLLIN : 0},
      {.fd = children, .events = POLLIN},
  };
  for (int i = 0; i < START_COUNT; i++)
    fds[FIXED_POLL_COUNT + i] = (struct pollfd){.fd = starts[i].output, .events = POLLIN};
  if (poll(fds, FIXED_POLL_COUNT + START_COUNT, timeout_ms(clock_mono_ms())) < 0) return errno == EINTR;
  struct signalfd_siginfo info;
  if (fds[1].revents && read(children, &info, sizeof info) > 0) reap();
  serve_starts(fds + FIXED_POLL_COUNT);
  if (fds[0].revents & (POLLHUP | POLLERR)) return false; /* what nobody waits for any more is not started */
  return !fds[0].revents || take_requests();
}

static int open_children(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

int spawner_main(void) {
  struct sentence failure;
  if (isolate_spawner(&isolation, &failure) < 0) {
    dprintf(2, "aikore-runner: %s\n", failure.text);
    return EXIT_BROKEN;
  }
  int children = open_children();
  fcntl(0, F_SETFL, O_NONBLOCK);
  for (int i = 0; i < START_COUNT; i++) starts[i].output = -1;
  while (turn(children)) continue;
  return 0;
}
