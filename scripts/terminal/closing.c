#include "closing.h"

#include "tree.h"

#include <signal.h>
#include <sys/ioctl.h>

enum { PAUSE_FIRST_MS = 5, PAUSE_LAST_MS = 250, WALKS_MAX = 50 };

void closing_init(struct closing *closing) {
  *closing = (struct closing){.kill_at_ms = INT64_MAX, .next_ms = INT64_MAX, .pause_ms = PAUSE_FIRST_MS};
}

/* A stopped job acts on nothing but SIGKILL until it goes on. */
static void hang_up(pid_t group) {
  if (group <= 1) return;
  kill(-group, SIGHUP);
  kill(-group, SIGCONT);
}

void closing_ask(struct closing *closing, pid_t shell, int master, int64_t grace_ms, int64_t now_ms) {
  if (!closing->is_asked) {
    pid_t foreground = 0;
    closing->is_asked = true;
    if (ioctl(master, TIOCGPGRP, &foreground) == 0 && foreground != shell) hang_up(foreground);
    /* Its number is nobody else's: what was not reaped keeps it, and what was reaped leaves the group to its members. */
    hang_up(shell);
    tree_terminate(0);
  }
  if (now_ms + grace_ms < closing->kill_at_ms) closing->kill_at_ms = closing->next_ms = now_ms + grace_ms;
}

/* Stopped first, so that nothing replaces what dies; two walks that meet the same mean that the tree stands still. */
void closing_step(struct closing *closing, int64_t now_ms) {
  if (now_ms < closing->next_ms) return;
  uint64_t before = 0, met = tree_stop();
  for (int walks = 0; met != before && walks < WALKS_MAX; walks++) {
    before = met;
    met = tree_stop();
  }
  tree_kill(true);
  closing->next_ms = now_ms + closing->pause_ms;
  closing->pause_ms = closing->pause_ms * 2 > PAUSE_LAST_MS ? PAUSE_LAST_MS : closing->pause_ms * 2;
}
