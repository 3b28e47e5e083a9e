#include "supervise.h"

#include "clock.h"
#include "ending.h"
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REAP_AT_ONCE_MAX = 4096, LINGER_MS = 1000, TIMEOUT_MAX_MS = 60000, FIXED_POLL_COUNT = 2 };

struct supervisor {
  struct run *run;
  struct control *control;
  const struct record *record;
  struct output output;
  struct ending ending;
  int children; /* a signalfd for SIGCHLD */
  bool has_children;
  bool has_more_to_reap;
  bool is_main_end_new; /* the main process has just been reaped */
};

/* Static, because its clients' buffers are too much for a stack that every runner keeps. */
static struct supervisor self;

/* Collects dead children, the main one and adopted ones. False when none is left, dead or alive. */
static bool reap(void *context) {
  struct supervisor *s = context;
  s->has_more_to_reap = false;
  for (int i = 0; i < REAP_AT_ONCE_MAX; i++) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
    if (pid == 0) return true;
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return s->has_children = false;
    ending_note_progress(&s->ending);
    if (pid != s->run->pid || s->run->has_main_ended) continue;
    run_set_exit(s->run, status);
    s->is_main_end_new = true;
  }
  s->has_more_to_reap = true;
  return true;
}

static void announce_output(struct supervisor *s, int64_t now_ms) {
  uint64_t log_bytes = log_size(&s->output.log, now_ms);
  s->run->dropped_bytes = s->output.log.dropped_bytes;
  bool is_known = log_bytes == s->control->log_bytes && s->run->dropped_bytes == s->control->dropped_bytes;
  if (!is_known || s->control->has_news)
    control_announce_output(s->control, log_bytes, s->run->dropped_bytes, now_ms);
}

static void on_command(struct command command, void *context) {
  struct supervisor *s = context;
  bool is_first = !s->run->is_stop_requested && s->run->phase != RUN_ENDED;
  ending_request(&s->ending, s->run, command.grace_ms, clock_mono_ms());
  if (is_first) record_update(s->record, s->run);
}

/* With others left behind the exit code goes to the record now: ending them may take seconds. */
static void handle_main_end(struct supervisor *s, int64_t now_ms) {
  if (!s->is_main_end_new) return;
  s->is_main_end_new = false;
  s->run->phase = RUN_ENDING;
  oom_update(&s->run->oom);
  control_announce_main(s->control);
  if (!s->has_children) return;
  s->run->dropped_bytes = s->output.log.dropped_bytes;
  ending_leftovers(&s->ending, s->run, now_ms);
  record_update(s->record, s->run);
}

static int poll_timeout(const struct supervisor *s, int64_t now_ms) {
  int64_t next_ms = ending_next_ms(&s->ending);
  int64_t control_ms = control_next_ms(s->control, now_ms);
  if (control_ms < next_ms) next_ms = control_ms;
  if (s->has_more_to_reap || next_ms <= now_ms) return 0;
  if (next_ms == INT64_MAX) return -1;
  return next_ms - now_ms > TIMEOUT_MAX_MS ? TIMEOUT_MAX_MS : (int)(next_ms - now_ms);
}

static void wait_and_serve(struct supervisor *s, int timeout_ms) {
  struct pollfd fds[FIXED_POLL_COUNT + CONTROL_POLL_COUNT] = {
      {.fd = s->children, .events = POLLIN},
      {.fd = s->output.pipe, .events = POLLIN},
  };
  control_prepare(s->control, fds + FIXED_POLL_COUNT, clock_mono_ms());
  if (poll(fds, FIXED_POLL_COUNT + CONTROL_POLL_COUNT, timeout_ms) < 0) return;
  struct signalfd_siginfo info;
  if (fds[0].revents && read(s->children, &info, sizeof info) > 0) s->has_more_to_reap = true;
  if (fds[1].revents && output_pump(&s->output) > 0) control_mark_output(s->control);
  control_serve(s->control, fds + FIXED_POLL_COUNT, clock_mono_ms());
}

static void turn(struct supervisor *s) {
  wait_and_serve(s, poll_timeout(s, clock_mono_ms()));
  if (s->has_more_to_reap) reap(s);
  int64_t now_ms = clock_mono_ms();
  handle_main_end(s, now_ms);
  if (s->has_children) ending_step(&s->ending, s->run, now_ms, reap, s);
  handle_main_end(s, now_ms);
  if (control_is_news_due(s->control, now_ms)) announce_output(s, now_ms);
}

/* The answers are in the kernel's hands when they are sent, so a client that reads costs no time here. */
static void linger(struct supervisor *s) {
  int64_t until_ms = clock_mono_ms() + LINGER_MS;
  for (int64_t now_ms = clock_mono_ms(); now_ms < until_ms && !control_is_flushed(s->control);
       now_ms = clock_mono_ms()) {
    wait_and_serve(s, (int)(until_ms - now_ms));
  }
}

static void finish(struct supervisor *s, int survivors) {
  output_finish(&s->output);
  oom_update(&s->run->oom);
  s->run->phase = RUN_ENDED;
  s->run->ended_epoch_ms = clock_epoch_ms();
  announce_output(s, clock_mono_ms());
  bool is_recorded = record_update(s->record, s->run);
  control_announce_ended(s->control, survivors);
  s->output.pipe = -1;
  linger(s);
  if (!is_recorded) record_update(s->record, s->run);
}

/* SIGCHLD is blocked in the runner alone: the program was forked before. */
static int open_children(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

void supervise_prepare(struct run *run, struct control *control, const struct record *record, int output_pipe) {
  self = (struct supervisor){.run = run, .control = control, .record = record, .has_children = true};
  self.children = open_children();
  self.has_more_to_reap = true; /* a child that ended before SIGCHLD was blocked has sent it in vain */
  output_open(&self.output, output_pipe, run->options);
  ending_init(&self.ending);
  control->on_command = on_command;
  control->context = &self;
  control->log_bytes = log_size(&self.output.log, clock_mono_ms());
}

void supervise(void) {
  int survivors = 0;
  while (self.has_children) turn(&self);
  while (!ending_is_swept(&self.ending, self.run, clock_mono_ms(), &survivors)) turn(&self);
  finish(&self, survivors);
}
