#ifndef AIKORE_RUNNER_CONTROL_H
#define AIKORE_RUNNER_CONTROL_H

#include "client.h"
#include "listener.h"
#include "run.h"

#include <poll.h>

enum { CLIENT_COUNT = 8, CONTROL_POLL_COUNT = CLIENT_COUNT + 1 };

/* What a client asks for. A negative grace means: kill at once. */
struct command {
  int64_t grace_ms;
};

/* The socket's protocol; scripts/runner/README.md has its words. */
struct control {
  struct listener listener;
  struct client clients[CLIENT_COUNT];
  const struct run *run;
  void (*on_command)(struct command command, void *context);
  void *context;
  uint64_t log_bytes;     /* as last announced */
  uint64_t dropped_bytes; /* as last announced */
  bool has_news;          /* output was written that nobody was told of */
  int64_t next_news_ms;   /* monotonic */
  int64_t accept_at_ms;   /* monotonic; later than now while the machine has no descriptors to give */
};

int control_open(struct control *control, const struct run *run, struct sentence *error);

/* Fills CONTROL_POLL_COUNT entries; unused ones are negative, which poll passes over. */
void control_prepare(const struct control *control, struct pollfd *fds, int64_t now_ms);

/* Serves what poll found in the entries filled before. */
void control_serve(struct control *control, const struct pollfd *fds, int64_t now_ms);

/* Notes that output was written; the clients hear of it in the next announcement. */
void control_mark_output(struct control *control);

/* The monotonic time at which the socket needs attention without an event; INT64_MAX when there is none. */
int64_t control_next_ms(const struct control *control, int64_t now_ms);

/* True when output news are due: the caller then asks the log for its size and announces it. */
bool control_is_news_due(const struct control *control, int64_t now_ms);

void control_announce_output(struct control *control, uint64_t log_bytes, uint64_t dropped_bytes, int64_t now_ms);

void control_announce_main(struct control *control);

void control_announce_ended(struct control *control, int survivors);

/* True when no client has anything queued. */
bool control_is_flushed(const struct control *control);

void control_close(struct control *control);

#endif
