#ifndef AIKORE_TERMINAL_SESSION_H
#define AIKORE_TERMINAL_SESSION_H

#include "closing.h"
#include "input.h"
#include "listener.h"
#include "pty.h"
#include "record.h"
#include "viewer.h"

#include <stdbool.h>

enum { VIEWER_COUNT = 24 };

/* One terminal: its program, its output, who looks at it. */
struct session {
  struct facts *facts;
  struct pty pty;
  struct listener listener;
  struct closing closing;
  struct view view;
  struct ring ring;
  struct input input;
  struct viewer viewers[VIEWER_COUNT];
  bool has_children;
  bool is_end_seen;          /* somebody was told that it ended */
  int64_t restore_size_at_ms; /* 0: not asked to be drawn anew */
};

/* Whether the program's output may be read now. */
bool session_may_read(const struct session *session, int64_t now_ms);

/* When that may change without anything happening; INT64_MAX for never. */
int64_t session_next_count_ms(const struct session *session, int64_t now_ms);

/* Takes in a connection, or refuses it when there are too many. */
void session_welcome(struct session *session, int socket, int64_t now_ms);

/* Handles a frame; the context of viewer_receive is the session. */
void session_on_frame(struct viewer *viewer, unsigned char type, const unsigned char *payload, size_t length,
                      void *session);

/* Gives the program what was typed, and tells who typed it. */
void session_flush_input(struct session *session);

/* Gives the program its real size back after it was asked to draw anew. */
void session_restore_size(struct session *session, int64_t now_ms);

#endif
