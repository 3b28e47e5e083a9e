#include "run.h"

#include "procfs.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int run_init(struct run *run, const struct options *options, struct sentence *error) {
  memset(run, 0, sizeof *run);
  run->options = options;
  run->exit_code = NOT_SET;
  run->exit_signal = NOT_SET;
  struct process_stat own;
  if (!procfs_read("/proc/sys/kernel/random/boot_id", run->boot_id, sizeof run->boot_id) ||
      !procfs_stat(getpid(), &own))
    return sentence_set(error, "cannot read /proc");
  run->runner_start_ticks = own.start_ticks;
  oom_begin(&run->oom);
  return 0;
}

void run_set_exit(struct run *run, int wait_status) {
  run->has_main_ended = true;
  if (WIFSIGNALED(wait_status))
    run->exit_signal = WTERMSIG(wait_status);
  else
    run->exit_code = WEXITSTATUS(wait_status);
}

const char *run_phase_word(const struct run *run) {
  switch (run->phase) {
    case RUN_RUNNING: return "running";
    case RUN_ENDING: return "ending";
    case RUN_ENDED: return "ended";
  }
  return "";
}

const char *run_number(int value, char *out) {
  if (value == NOT_SET)
    out[0] = 0;
  else
    snprintf(out, NUMBER_BYTES, "%d", value);
  return out;
}
