#include "viewer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void viewer_open(struct viewer *viewer, int socket, const char *hello, int64_t now_ms) {
  memset(viewer, 0, offsetof(struct viewer, in));
  viewer->socket = socket;
  viewer->progress_ms = now_ms;
  viewer->out_start = 0;
  viewer->out_length = frame_head(viewer->out, FRAME_HELLO, strlen(hello));
  memcpy(viewer->out + viewer->out_length, hello, strlen(hello));
  viewer->out_length += strlen(hello);
}

void viewer_close(struct viewer *viewer) {
  if (viewer->socket >= 0) close(viewer->socket);
  viewer->socket = -1;
  viewer->is_attached = false;
}

void viewer_receive(struct viewer *viewer,
                    void (*on_frame)(struct viewer *, unsigned char, const unsigned char *, size_t, void *),
                    void *context) {
  ssize_t length = recv(viewer->socket, viewer->in + viewer->in_length, sizeof viewer->in - viewer->in_length,
                        MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) {
    viewer_close(viewer);
    return;
  }
  viewer->in_length += (size_t)length;
  size_t at = 0;
  while (viewer->socket >= 0 && viewer->in_length - at >= FRAME_HEAD_BYTES) {
    uint32_t payload = frame_get32(viewer->in + at + 1);
    if (payload > FRAME_PAYLOAD_MAX) {
      viewer_close(viewer);
      return;
    }
    if (viewer->in_length - at < FRAME_HEAD_BYTES + payload) break;
    on_frame(viewer, viewer->in[at], viewer->in + at + FRAME_HEAD_BYTES, payload, context);
    at += FRAME_HEAD_BYTES + payload;
  }
  viewer->in_length -= at;
  memmove(viewer->in, viewer->in + at, viewer->in_length);
}

/* True when nothing is left to send of what was composed. */
static bool flush(struct viewer *viewer) {
  while (viewer->socket >= 0 && viewer->out_length > 0) {
    ssize_t sent = send(viewer->socket, viewer->out + viewer->out_start, viewer->out_length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      if (errno != EAGAIN) viewer_close(viewer);
      return false;
    }
    viewer->out_start += (size_t)sent;
    viewer->out_length -= (size_t)sent;
  }
  viewer->out_start = 0;
  return viewer->socket >= 0;
}

static void compose_replay(struct viewer *viewer, const struct ring *ring) {
  struct modes modes;
  unsigned char *payload = viewer->out + FRAME_HEAD_BYTES;
  viewer->next = ring_replay_start(ring, &modes);
  frame_put64(payload, ring->head - viewer->next);
  size_t length = modes_compose(&modes, (char *)payload + 8);
  viewer->sent_bytes += length;
  viewer->out_length = frame_head(viewer->out, FRAME_REPLAY, 8 + length) + 8 + length;
  viewer->is_replay_due = false;
}

static void compose_numbers(struct viewer *viewer, enum frame_type type, uint32_t first, uint32_t second) {
  unsigned char *payload = viewer->out + frame_head(viewer->out, type, 8);
  frame_put32(payload, first);
  frame_put32(payload + 4, second);
  viewer->out_length = FRAME_HEAD_BYTES + 8;
}

static void compose_size(struct viewer *viewer, struct screen_size size) {
  unsigned char *payload = viewer->out + frame_head(viewer->out, FRAME_RESIZE, 4);
  frame_put16(payload, size.cols);
  frame_put16(payload + 2, size.rows);
  viewer->out_length = FRAME_HEAD_BYTES + 4;
  viewer->told = size;
}

static void compose_taken(struct viewer *viewer) {
  unsigned char *payload = viewer->out + frame_head(viewer->out, FRAME_TAKEN, 8);
  frame_put64(payload, viewer->taken_bytes);
  viewer->out_length = FRAME_HEAD_BYTES + 8;
  viewer->told_taken_bytes = viewer->taken_bytes;
}

static bool compose_output(struct viewer *viewer, const struct ring *ring) {
  uint64_t room = viewer->credit_bytes > viewer->sent_bytes ? viewer->credit_bytes - viewer->sent_bytes : 0;
  size_t size = room < FRAME_PAYLOAD_MAX ? (size_t)room : FRAME_PAYLOAD_MAX;
  size_t length = size == 0 ? 0 : ring_copy(ring, viewer->next, viewer->out + FRAME_HEAD_BYTES, size);
  if (length == 0) return false;
  viewer->next += length;
  viewer->sent_bytes += length;
  viewer->out_length = frame_head(viewer->out, FRAME_OUTPUT, length) + length;
  return true;
}

static bool differs(struct screen_size a, struct screen_size b) { return a.cols != b.cols || a.rows != b.rows; }

/* The next frame; false when there is nothing to say. What viewers have fallen behind of is never left out silently. */
static bool compose(struct viewer *viewer, const struct view *view) {
  bool has_room = viewer->credit_bytes > viewer->sent_bytes;
  bool is_behind = has_room && viewer->next < ring_start(view->ring);
  if (viewer->is_attached && (viewer->is_replay_due || is_behind))
    compose_replay(viewer, view->ring);
  else if (viewer->is_watching && differs(viewer->told, view->size))
    compose_size(viewer, view->size);
  else if (viewer->told_taken_bytes != viewer->taken_bytes)
    compose_taken(viewer);
  else if (viewer->is_attached && compose_output(viewer, view->ring))
    return true;
  else if (viewer->is_watching && view->has_ended && !viewer->is_end_told &&
           (!viewer->is_attached || viewer->next == view->ring->head)) {
    compose_numbers(viewer, FRAME_EXIT, (uint32_t)view->exit_code, (uint32_t)view->exit_signal);
    viewer->is_end_told = true;
  } else
    return false;
  return true;
}

void viewer_pump(struct viewer *viewer, const struct view *view, int64_t now_ms) {
  while (flush(viewer) && compose(viewer, view)) continue;
  if (viewer->socket >= 0 && viewer->next == view->ring->head) viewer->progress_ms = now_ms;
}

bool viewer_wants_output(const struct viewer *viewer, const struct ring *ring) {
  uint64_t behind = ring->head - viewer->next;
  return viewer->sent_bytes + behind < viewer->credit_bytes;
}

bool viewer_is_served(const struct viewer *viewer) {
  return viewer->socket < 0 || (viewer->out_length == 0 && (viewer->is_end_told || !viewer->is_watching));
}
