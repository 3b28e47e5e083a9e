#ifndef AIKORE_TERMINAL_CLOSING_H
#define AIKORE_TERMINAL_CLOSING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * How a terminal's processes end: hung up, as when a window is closed, and after a grace killed with everything that
 * descends from them, until the kernel says that no child is left.
 */
struct closing {
  bool is_asked;
  int64_t kill_at_ms; /* monotonic */
  int64_t next_ms;    /* of the next step; INT64_MAX when nothing is planned */
  int64_t pause_ms;
};

void closing_init(struct closing *closing);

/* The shell has ended, or somebody wants the end. A later wish can only shorten the grace. */
void closing_ask(struct closing *closing, pid_t shell, int master, int64_t grace_ms, int64_t now_ms);

/* Does what is due. */
void closing_step(struct closing *closing, int64_t now_ms);

#endif
