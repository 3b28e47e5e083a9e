#include "session.h"

#include "clock.h"

#include <string.h>

/* A viewer that took nothing for so long is a sleeping browser: it holds nobody up. */
enum { ASLEEP_MS = 5000, REDRAW_MS = 60, GRACE_MAX_MS = 60000 };

static bool is_asleep(const struct viewer *viewer, int64_t now_ms) { return now_ms - viewer->progress_ms >= ASLEEP_MS; }

/*
 * The slowest waking viewer is not waited for, the fastest sets the pace. While input waits the output is read in any
 * case: a program that waits for its output to be read would never come to the input.
 */
bool session_may_read(const struct session *session, int64_t now_ms) {
  bool is_anybody_awake = false;
  for (int i = 0; i < VIEWER_COUNT; i++) {
    const struct viewer *viewer = &session->viewers[i];
    if (viewer->socket < 0 || !viewer->is_attached) continue;
    if (viewer_wants_output(viewer, &session->ring)) return true;
    is_anybody_awake |= !is_asleep(viewer, now_ms);
  }
  return !is_anybody_awake || session->input.length > 0;
}

int64_t session_next_count_ms(const struct session *session, int64_t now_ms) {
  int64_t last_ms = INT64_MAX;
  for (int i = 0; i < VIEWER_COUNT; i++) {
    const struct viewer *viewer = &session->viewers[i];
    if (viewer->socket < 0 || !viewer->is_attached || is_asleep(viewer, now_ms)) continue;
    int64_t asleep_at_ms = viewer->progress_ms + ASLEEP_MS;
    if (last_ms == INT64_MAX || asleep_at_ms > last_ms) last_ms = asleep_at_ms;
  }
  return last_ms;
}

void session_welcome(struct session *session, int socket, int64_t now_ms) {
  char hello[FACTS_BYTES];
  static struct viewer refused;
  facts_compose(session->facts, ' ', hello);
  for (int i = 0; i < VIEWER_COUNT; i++) {
    struct viewer *viewer = &session->viewers[i];
    if (viewer->socket >= 0) continue;
    viewer_open(viewer, socket, hello, now_ms);
    viewer_pump(viewer, &session->view, now_ms);
    return;
  }
  refused.socket = socket;
  viewer_close(&refused);
}

static bool is_same(struct screen_size a, struct screen_size b) { return a.cols == b.cols && a.rows == b.rows; }

static void apply_size(struct session *session, struct screen_size size) {
  if (is_same(size, session->view.size)) return;
  session->view.size = size;
  session->restore_size_at_ms = 0;
  pty_resize(&session->pty, size.cols, size.rows);
}

static bool has_other_viewers(const struct session *session, const struct viewer *self) {
  for (int i = 0; i < VIEWER_COUNT; i++) {
    const struct viewer *viewer = &session->viewers[i];
    if (viewer != self && viewer->socket >= 0 && viewer->is_attached) return true;
  }
  return false;
}

/*
 * The tail of the output does not hold the whole picture of a full-screen program. Such programs draw it when their
 * window changes its size, so it does, for as long as they need to notice.
 */
static void ask_to_redraw(struct session *session, int64_t now_ms) {
  struct modes modes;
  uint64_t start = ring_replay_start(&session->ring, &modes);
  ring_follow(&session->ring, start, &modes);
  if (!modes_is_alternate(&modes) || session->view.has_ended || session->view.size.rows < 2) return;
  pty_resize(&session->pty, session->view.size.cols, session->view.size.rows - 1);
  session->restore_size_at_ms = now_ms + REDRAW_MS;
}

void session_restore_size(struct session *session, int64_t now_ms) {
  if (session->restore_size_at_ms == 0 || now_ms < session->restore_size_at_ms) return;
  session->restore_size_at_ms = 0;
  pty_resize(&session->pty, session->view.size.cols, session->view.size.rows);
}

static struct screen_size size_in(const unsigned char *payload) {
  return (struct screen_size){.cols = terminal_clamp(frame_get16(payload)),
                              .rows = terminal_clamp(frame_get16(payload + 2))};
}

static void attach(struct session *session, struct viewer *viewer, const unsigned char *payload, int64_t now_ms) {
  viewer->own = viewer->told = size_in(payload);
  viewer->credit_bytes = frame_get64(payload + 4);
  viewer->progress_ms = now_ms;
  viewer->is_watching = viewer->is_attached = viewer->is_replay_due = true;
  bool is_new_size = !has_other_viewers(session, viewer) && !is_same(viewer->own, session->view.size);
  if (is_new_size) apply_size(session, viewer->own);
  else ask_to_redraw(session, now_ms);
}

/* False when the viewer has more on the way than it may. */
static bool take_input(struct session *session, struct viewer *viewer, const unsigned char *bytes, size_t length) {
  if (!viewer->is_attached || session->view.has_ended) return true;
  apply_size(session, viewer->own);
  viewer->input_bytes += length;
  if (input_interrupts(&session->input, session->pty.master, bytes, length)) {
    for (int i = 0; i < VIEWER_COUNT; i++) session->viewers[i].taken_bytes = session->viewers[i].input_bytes;
    return true;
  }
  if (!input_add(&session->input, bytes, length)) return false;
  session_flush_input(session);
  return true;
}

/*
 * Whose bytes were given is not kept apart: what is left of the queue belongs to those who sent last, so each
 * viewer is told that all was taken when the queue is empty, and a lower bound otherwise.
 */
void session_flush_input(struct session *session) {
  if (session->input.length > 0) input_flush(&session->input, session->pty.master);
  for (int i = 0; i < VIEWER_COUNT; i++) {
    struct viewer *viewer = &session->viewers[i];
    if (viewer->socket < 0 || viewer->input_bytes <= session->input.length) continue;
    uint64_t taken = viewer->input_bytes - session->input.length;
    if (taken > viewer->taken_bytes) viewer->taken_bytes = taken;
  }
}

static void take_credit(struct viewer *viewer, uint64_t credit_bytes, int64_t now_ms) {
  if (credit_bytes <= viewer->credit_bytes) return;
  viewer->credit_bytes = credit_bytes;
  viewer->progress_ms = now_ms;
}

void session_on_frame(struct viewer *viewer, unsigned char type, const unsigned char *payload, size_t length,
                      void *context) {
  struct session *session = context;
  int64_t now_ms = clock_mono_ms();
  bool is_fine = true;
  if (type == FRAME_INPUT) {
    is_fine = take_input(session, viewer, payload, length);
  } else if (type == FRAME_CREDIT && length == 8) {
    take_credit(viewer, frame_get64(payload), now_ms);
  } else if (type == FRAME_RESIZE && length == 4) {
    viewer->own = viewer->told = size_in(payload);
    apply_size(session, viewer->own);
  } else if (type == FRAME_ATTACH && length == 12 && !viewer->is_attached) {
    attach(session, viewer, payload, now_ms);
  } else if (type == FRAME_WATCH && length == 0) {
    viewer->is_watching = true;
  } else if (type == FRAME_CLOSE && length == 4) {
    uint32_t grace_ms = frame_get32(payload);
    session->is_end_seen = true;
    if (session->has_children)
      closing_ask(&session->closing, session->pty.shell, session->pty.master,
                  grace_ms > GRACE_MAX_MS ? GRACE_MAX_MS : grace_ms, now_ms);
  } else {
    is_fine = false;
  }
  if (!is_fine) viewer_close(viewer);
}
