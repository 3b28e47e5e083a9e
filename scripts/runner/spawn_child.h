#ifndef AIKORE_RUNNER_SPAWN_CHILD_H
#define AIKORE_RUNNER_SPAWN_CHILD_H

#include "isolate.h"
#include "spawn_request.h"

/*
 * Starts a program in a session of its own with descriptors 0 to 2 only: stdout is a pipe, the other two are nothing.
 * Until it has said otherwise itself, it dies with the spawner.
 * Returns the pipe's other end, non-blocking, or -1 with `error` set. A program that cannot be executed says so in the
 * pipe, as a line `failed <sentence>`.
 */
int spawn_child(const struct spawn_wish *wish, const struct isolation *isolation, struct sentence *error);

#endif
