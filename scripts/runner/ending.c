#include "ending.h"

#include "clock.h"
#include "tree.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

enum {
  LEFTOVERS_GRACE_MS = 5000,
  FREEZE_LIMIT_MS = 100,
  BURST_LIMIT_MS = 20, /* then the output and the clients have their turn */
  PAUSE_FIRST_MS = 1,
  PAUSE_LONG_MS = 10, /* a pause worth cutting short when something dies */
  PAUSE_LAST_MS = 250, /* for what cannot die: in a system call that does not return, or another user's */
  SWEEP_LIMIT_MS = 2000,
  SWEEP_PAUSE_MS = 20,
};

void ending_init(struct ending *ending) {
  *ending = (struct ending){.kill_at_ms = INT64_MAX, .next_pass_ms = INT64_MAX, .pause_ms = PAUSE_FIRST_MS};
}

static void shorten(struct ending *ending, int64_t kill_at_ms) {
  if (kill_at_ms < ending->kill_at_ms) ending->kill_at_ms = kill_at_ms;
  if (!ending->is_killing) ending->next_pass_ms = ending->kill_at_ms;
}

/*
 * Once only: a second SIGTERM makes many programs give up their orderly end. SIGCONT, because a stopped process
 * acts on nothing but SIGKILL. The group is safe to signal: the unreaped main process keeps its number taken.
 */
static void terminate_group(const struct run *run) {
  pid_t target = kill(-run->pid, SIGTERM) == 0 ? -run->pid : run->pid;
  if (target == run->pid) kill(target, SIGTERM); /* it has left its own group */
  kill(target, SIGCONT);
}

/*
 * A tree that forks without end takes most of the processor. Where it is allowed the runner gets more from the moment
 * of a stop, to be in time when the grace is over, and then goes before all that has no deadline: it is not for long.
 */
static void prepare_to_go_first(void) { setpriority(PRIO_PROCESS, 0, -20); }

static void go_first(void) {
  struct sched_param lowest = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_RR, &lowest) < 0) prepare_to_go_first();
}

void ending_request(struct ending *ending, struct run *run, int64_t grace_ms, int64_t now_ms) {
  if (run->phase == RUN_ENDED) return;
  if (grace_ms > 0 && !run->is_stop_requested && !run->has_main_ended) terminate_group(run);
  if (!run->is_stop_requested) prepare_to_go_first();
  run->is_stop_requested = true;
  run->phase = RUN_ENDING;
  shorten(ending, now_ms + (grace_ms > 0 ? grace_ms : 0));
}

void ending_leftovers(struct ending *ending, const struct run *run, int64_t now_ms) {
  if (ending->is_killing) return;
  tree_terminate(run->is_stop_requested ? run->pid : 0); /* a stop has asked the main process's group already */
  if (ending->kill_at_ms == INT64_MAX) shorten(ending, now_ms + LEFTOVERS_GRACE_MS);
}

static void begin_killing(struct ending *ending, const struct run *run) {
  ending->is_killing = true;
  go_first();
  if (!run->has_main_ended) kill(-run->pid, SIGKILL);
}

/*
 * Stopped first, so that nothing replaces what dies. A tree stands still when two walks have met the same processes;
 * one that forks and leaves without end never does, and is left to the burst.
 */
static void freeze_and_kill(void) {
  int64_t until_ms = clock_mono_ms() + FREEZE_LIMIT_MS;
  uint64_t before = 0, met = tree_stop();
  while (met != before && clock_mono_ms() < until_ms) {
    before = met;
    met = tree_stop();
  }
  tree_kill(true);
}

/*
 * Walk after walk as long as each meets other processes than the one before: a process that forks and leaves is
 * beaten by being faster. When only the same are left, which are dying, a pause: waiting for them costs nothing.
 */
static bool kill_burst(bool (*reap)(void *), void *context) {
  int64_t until_ms = clock_mono_ms() + BURST_LIMIT_MS;
  uint64_t before = 0, met = tree_kill(false);
  while (met != before) {
    if (!reap(context)) return false;
    if (clock_mono_ms() >= until_ms) return true;
    before = met;
    met = tree_kill(false);
  }
  tree_kill(true); /* below a process that cannot die there may be some that can */
  return true;
}

void ending_step(struct ending *ending, const struct run *run, int64_t now_ms, bool (*reap)(void *), void *context) {
  if (run->phase != RUN_ENDING || now_ms < ending->next_pass_ms) return;
  if (!ending->is_killing) begin_killing(ending, run);
  freeze_and_kill();
  bool has_children = kill_burst(reap, context);
  if (has_children && !ending->is_marker_swept) {
    ending->is_marker_swept = true;
    tree_kill_marked(run->options->marker);
  }
  ending->next_pass_ms = now_ms + ending->pause_ms;
  ending->pause_ms = ending->pause_ms * 2 > PAUSE_LAST_MS ? PAUSE_LAST_MS : ending->pause_ms * 2;
}

void ending_note_progress(struct ending *ending) {
  if (ending->is_killing && ending->pause_ms > PAUSE_LONG_MS) ending->next_pass_ms = 0;
  ending->pause_ms = PAUSE_FIRST_MS;
}

bool ending_is_swept(struct ending *ending, const struct run *run, int64_t now_ms, int *survivors) {
  if (ending->sweep_until_ms == 0) ending->sweep_until_ms = now_ms + SWEEP_LIMIT_MS;
  *survivors = tree_kill_marked(run->options->marker);
  ending->next_pass_ms = now_ms + SWEEP_PAUSE_MS;
  return *survivors == 0 || now_ms >= ending->sweep_until_ms;
}

int64_t ending_next_ms(const struct ending *ending) { return ending->next_pass_ms; }
