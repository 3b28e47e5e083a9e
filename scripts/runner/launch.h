#ifndef AIKORE_RUNNER_LAUNCH_H
#define AIKORE_RUNNER_LAUNCH_H

#include "isolate.h"
#include "options.h"

#include <sys/types.h>

/* A forked child that waits before its exec, so that the record names it before it does anything. */
struct launch {
  pid_t pid;
  int output; /* read end of the pipe that is the program's stdout and stderr, non-blocking */
  int gate;   /* the child goes on when a byte arrives and leaves when this end is closed */
  int status; /* end of file when the exec succeeded, a struct of launch.c otherwise */
};

/* Forks the waiting child. */
int launch_prepare(struct launch *launch, const struct options *options, const struct isolation *isolation,
                   struct sentence *error);

/* Lets the child go on and waits for its exec. On failure the child is reaped already. */
int launch_release(struct launch *launch, const struct options *options, struct sentence *error);

/* Ends the waiting child without an exec, and reaps it. */
void launch_abandon(struct launch *launch);

#endif
