#ifndef AIKORE_RUNNER_TREE_H
#define AIKORE_RUNNER_TREE_H

#include <sys/types.h>

/*
 * The runner is the subreaper of the program, so whatever leaves the program's session or loses its parent is
 * still a descendant of the runner. These functions find and signal them.
 */

/*
 * Sends SIGTERM and SIGCONT (a stopped process acts on nothing but SIGKILL) to every descendant outside the process
 * group `except`; 0 excepts none.
 */
void tree_terminate(pid_t except);

/*
 * Sends SIGKILL to every descendant that one walk finds, its whole process group first: that is atomic against
 * fork, where a list of processes is not. Returns how many processes the walk met.
 */
int tree_kill(void);

/* Sends SIGKILL to processes of this user that carry the marker without being descendants. Returns their number. */
int tree_kill_marked(const char *marker);

#endif
