#ifndef AIKORE_TERMINAL_VIEWER_H
#define AIKORE_TERMINAL_VIEWER_H

#include "frame.h"
#include "ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen_size {
  uint16_t cols, rows;
};

/* One connection. It watches the terminal, or is attached and sees its output too; before that it is told nothing. */
struct viewer {
  int socket; /* -1 when the slot is free */
  bool is_watching; /* also while attached */
  bool is_attached;
  bool is_replay_due;
  bool is_end_told;
  uint64_t next;        /* ring offset of the next output for it */
  uint64_t sent_bytes;  /* of output and replay on this connection */
  uint64_t credit_bytes;
  int64_t progress_ms;  /* monotonic: when it last gave credit, or wanted for none */
  struct screen_size own;  /* of its window */
  struct screen_size told; /* what it takes the terminal's size for */
  uint64_t input_bytes, taken_bytes, told_taken_bytes;
  size_t in_length;
  unsigned char in[FRAME_HEAD_BYTES + FRAME_PAYLOAD_MAX];
  size_t out_start, out_length;
  unsigned char out[2 * FRAME_HEAD_BYTES + FRAME_PAYLOAD_MAX];
};

/* What viewers are shown. */
struct view {
  const struct ring *ring;
  struct screen_size size;
  bool has_ended;
  int exit_code, exit_signal;
};

void viewer_open(struct viewer *viewer, int socket, const char *hello, int64_t now_ms);

void viewer_close(struct viewer *viewer);

/* Reads once and calls `on_frame` for each whole frame; closes at the end of file and for what is no frame. */
void viewer_receive(struct viewer *viewer,
                    void (*on_frame)(struct viewer *viewer, unsigned char type, const unsigned char *payload,
                                     size_t length, void *context),
                    void *context);

/* Sends what there is to send and the viewer takes. */
void viewer_pump(struct viewer *viewer, const struct view *view, int64_t now_ms);

/* True when the output that comes next could be sent to it at once. */
bool viewer_wants_output(const struct viewer *viewer, const struct ring *ring);

/* True when the terminal has ended and nothing about that is on its way to it any more. */
bool viewer_is_served(const struct viewer *viewer);

#endif
