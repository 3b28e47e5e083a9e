#ifndef AIKORE_RUNNER_ENDING_H
#define AIKORE_RUNNER_ENDING_H

#include "run.h"

/*
 * How a run ends: asked by SIGTERM, and when the time is over by SIGKILL to the whole tree, repeated until the
 * kernel says that the runner has no children left. Nothing here waits; the loop asks for the next time.
 */
struct ending {
  int64_t kill_at_ms; /* monotonic; INT64_MAX while nobody wants the end */
  int64_t next_pass_ms;
  int64_t pause_ms; /* between passes; grows while nothing dies */
  bool is_killing;
  bool is_marker_swept; /* processes that carry the marker were looked for once while killing */
  int64_t sweep_until_ms; /* the end of the last search, 0 before it */
};

void ending_init(struct ending *ending);

/* Somebody asks for the end. A grace of 0 or less kills at once; a second request can only shorten the first. */
void ending_request(struct ending *ending, struct run *run, int64_t grace_ms, int64_t now_ms);

/* The main process has ended and left others behind. */
void ending_leftovers(struct ending *ending, const struct run *run, int64_t now_ms);

/* Does what is due. `reap` collects dead children and returns false when there are none left, dead or alive. */
void ending_step(struct ending *ending, const struct run *run, int64_t now_ms, bool (*reap)(void *), void *context);

/* Something died since the last pass: the next one comes soon. */
void ending_note_progress(struct ending *ending);

/*
 * To be asked when the runner has no children left. True when no process that carries the marker is found either,
 * or when the search has lasted too long; `survivors` is the number of those still met.
 */
bool ending_is_swept(struct ending *ending, const struct run *run, int64_t now_ms, int *survivors);

/* The monotonic time of the next step, INT64_MAX when nothing is planned. */
int64_t ending_next_ms(const struct ending *ending);

#endif
