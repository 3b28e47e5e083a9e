#include "serve.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  FIXED_POLL_COUNT = 3,
  READ_AT_ONCE_BYTES = 64 << 10,
  ACCEPT_PAUSE_MS = 200,
  LEFTOVERS_GRACE_MS = 1000,
  UNSEEN_LINGER_MS = 60000, /* for a viewer whose connection is just being made anew */
  SEEN_LINGER_MS = 5000,    /* for viewers that are slow to take the last of it */
  TIMEOUT_MAX_MS = 60000,
};

static int children; /* a signalfd for SIGCHLD */
static bool has_more_to_reap;
static int64_t accept_at_ms, end_at_ms;

void serve_prepare(struct session *session) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  has_more_to_reap = true; /* one that ended before has sent its signal in vain */
  session->has_children = true;
}

static int64_t sooner(int64_t a, int64_t b) { return a < b ? a : b; }

static int timeout_ms(const struct session *session, bool may_read, int64_t now_ms) {
  int64_t next_ms = sooner(session->closing.next_ms, session->view.has_ended ? end_at_ms : INT64_MAX);
  if (session->restore_size_at_ms > 0) next_ms = sooner(next_ms, session->restore_size_at_ms);
  if (!may_read) next_ms = sooner(next_ms, session_next_count_ms(session, now_ms));
  if (accept_at_ms > now_ms) next_ms = sooner(next_ms, accept_at_ms);
  if (has_more_to_reap || next_ms <= now_ms) return 0;
  if (next_ms == INT64_MAX) return -1;
  return next_ms - now_ms > TIMEOUT_MAX_MS ? TIMEOUT_MAX_MS : (int)(next_ms - now_ms);
}

/* False when there is nothing to read now. The kernel gives 4 kB at most a time (N_TTY). */
static bool read_output(struct session *session) {
  static unsigned char chunk[READ_AT_ONCE_BYTES];
  size_t length = 0;
  ssize_t piece = 1;
  while (length < sizeof chunk && piece > 0) {
    piece = read(session->pty.master, chunk + length, sizeof chunk - length);
    if (piece > 0) length += (size_t)piece;
  }
  if (length > 0) ring_push(&session->ring, chunk, length);
  return piece > 0;
}

static void accept_waiting(struct session *session, int64_t now_ms) {
  int socket;
  while ((socket = listener_accept(&session->listener)) >= 0) session_welcome(session, socket, now_ms);
  /* The waiting connection keeps the listener readable: without a pause poll would return for ever. */
  if (socket == -2) accept_at_ms = now_ms + ACCEPT_PAUSE_MS;
}

static void serve_viewers(struct session *session, const struct pollfd *fds) {
  for (int i = 0; i < VIEWER_COUNT; i++) {
    struct viewer *viewer = &session->viewers[i];
    if (viewer->socket < 0 || viewer->socket != fds[i].fd) continue;
    if (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) viewer_receive(viewer, session_on_frame, session);
  }
}

static void pump_all(struct session *session, int64_t now_ms) {
  for (int i = 0; i < VIEWER_COUNT; i++) {
    struct viewer *viewer = &session->viewers[i];
    if (viewer->socket < 0) continue;
    viewer_pump(viewer, &session->view, now_ms);
    if (viewer->is_end_told && viewer->is_attached && viewer->out_length == 0) session->is_end_seen = true;
  }
}

static void wait_and_serve(struct session *session) {
  int64_t now_ms = clock_mono_ms();
  bool is_open = session->pty.master >= 0;
  bool may_read = is_open && session_may_read(session, now_ms);
  short wanted = (short)((may_read ? POLLIN : 0) | (session->input.length > 0 ? POLLOUT : 0));
  struct pollfd fds[FIXED_POLL_COUNT + VIEWER_COUNT] = {
      {.fd = children, .events = POLLIN},
      {.fd = is_open && wanted ? session->pty.master : -1, .events = wanted},
      {.fd = accept_at_ms > now_ms ? -1 : session->listener.socket, .events = POLLIN},
  };
  for (int i = 0; i < VIEWER_COUNT; i++) {
    const struct viewer *viewer = &session->viewers[i];
    fds[FIXED_POLL_COUNT + i] = (struct pollfd){
        .fd = viewer->socket, .events = viewer->out_length > 0 ? POLLIN | POLLOUT : POLLIN};
  }
  if (poll(fds, FIXED_POLL_COUNT + VIEWER_COUNT, timeout_ms(session, !is_open || may_read, now_ms)) < 0) return;
  struct signalfd_siginfo info;
  if (fds[0].revents && read(children, &info, sizeof info) > 0) has_more_to_reap = true;
  if (is_open && fds[1].revents & POLLOUT) session_flush_input(session);
  serve_viewers(session, fds + FIXED_POLL_COUNT);
  if (is_open && fds[1].revents & POLLIN) read_output(session);
  if (fds[2].revents) accept_waiting(session, now_ms);
  pump_all(session, clock_mono_ms());
}

static void note_exit(struct session *session, int status) {
  struct facts *facts = session->facts;
  if (WIFSIGNALED(status))
    facts->exit_signal = session->view.exit_signal = WTERMSIG(status);
  else
    facts->exit_code = session->view.exit_code = WEXITSTATUS(status);
}

static void reap(struct session *session, int64_t now_ms) {
  int status;
  pid_t pid;
  has_more_to_reap = false;
  while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
    if (pid != session->pty.shell) continue;
    note_exit(session, status);
    closing_ask(&session->closing, session->pty.shell, session->pty.master, LEFTOVERS_GRACE_MS, now_ms);
  }
  if (pid < 0 && errno == ECHILD) session->has_children = false;
}

/* With nobody left to write, the kernel's buffers empty into the ring to the last byte before it says so. */
static void finish(struct session *session) {
  struct sentence ignored;
  close(session->pty.slave);
  while (read_output(session)) continue;
  close(session->pty.master);
  session->pty.master = -1;
  session->input.length = 0;
  session->closing.next_ms = INT64_MAX;
  session->restore_size_at_ms = 0;
  session->facts->has_ended = session->view.has_ended = true;
  record_write(session->facts, &ignored);
}

/*
 * Attached viewers close their connections when they have read the end. Closing first would cost them what they have
 * not read yet: a write of theirs to a closed socket fails, and they give up the connection with all that is in it.
 */
static bool is_everybody_done(const struct session *session) {
  for (int i = 0; i < VIEWER_COUNT; i++) {
    const struct viewer *viewer = &session->viewers[i];
    if (!viewer_is_served(viewer) || viewer->is_attached) return false;
  }
  return true;
}

static void linger(struct session *session) {
  int64_t began_ms = clock_mono_ms();
  for (int64_t now_ms = began_ms; ; now_ms = clock_mono_ms()) {
    pump_all(session, now_ms);
    if (session->is_end_seen && is_everybody_done(session)) return;
    end_at_ms = began_ms + (session->is_end_seen ? SEEN_LINGER_MS : UNSEEN_LINGER_MS);
    if (now_ms >= end_at_ms) return;
    wait_and_serve(session);
  }
}

void serve(struct session *session) {
  while (session->has_children) {
    wait_and_serve(session);
    int64_t now_ms = clock_mono_ms();
    if (has_more_to_reap) reap(session, now_ms);
    session_restore_size(session, now_ms);
    if (!session->has_children) break;
    if (now_ms >= session->closing.next_ms) {
      closing_step(&session->closing, now_ms);
      has_more_to_reap = true;
    }
  }
  finish(session);
  linger(session);
}
