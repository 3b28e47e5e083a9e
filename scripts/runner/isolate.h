#ifndef AIKORE_RUNNER_ISOLATE_H
#define AIKORE_RUNNER_ISOLATE_H

#include "sentence.h"

/* What the runner changed about itself and the program must get back. */
struct isolation {
  char oom_score_adj[16]; /* the inherited value, empty when unknown */
};

/*
 * Cuts the runner off from whoever started it: descriptors above 2 closed, 0 on /dev/null, own session, every
 * signal that could end it ignored, child subreaper, less likely to be chosen by the OOM killer.
 */
int isolate_runner(struct isolation *isolation, struct sentence *error);

/* The same for the spawner, whose descriptors 0 and 1 are its connection with AiKore. */
int isolate_spawner(struct isolation *isolation, struct sentence *error);

/* Closes every descriptor from `first` on: what whoever started this process has left open is nobody else's. */
void isolate_close_from(int first);

/* In the forked child: default dispositions, empty mask, inherited OOM score. */
void isolate_undo_in_child(const struct isolation *isolation);

/* After the handshake: stdout and stderr go to /dev/null, so that no pipe of the starter is kept open. */
void isolate_silence(void);

#endif
