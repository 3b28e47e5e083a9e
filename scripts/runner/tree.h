#ifndef AIKORE_RUNNER_TREE_H
#define AIKORE_RUNNER_TREE_H

#include <stdbool.h>
#include <stdint.h>
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
 * Sends SIGKILL to the processes that one walk finds, their whole process groups first: that is atomic against
 * fork, where a list of processes is not. A deep walk goes through all descendants. The other is much faster and
 * takes the runner's own children, which the children of every dead process become.
 * Returns a number that stands for the processes met: 0 for none, the same again when nothing changed.
 */
uint64_t tree_kill(bool is_deep);

/*
 * Sends SIGSTOP to every descendant. What is stopped forks no successor, and neither do those that fork only when
 * another has died: they see it alive. Returns what tree_kill does.
 */
uint64_t tree_stop(void);

/* Sends SIGKILL to processes of this user that carry the marker without being descendants. Returns their number. */
int tree_kill_marked(const char *marker);

#endif
