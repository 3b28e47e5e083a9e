#ifndef AIKORE_RUNNER_RUN_H
#define AIKORE_RUNNER_RUN_H

#include "oom.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum run_phase { RUN_RUNNING, RUN_ENDING, RUN_ENDED };

enum { NOT_SET = -1 };

/* What is known about the one run that this runner owns. */
struct run {
  const struct options *options;
  char boot_id[40];
  unsigned long long runner_start_ticks;
  pid_t pid; /* of the main process; 0 before it exists */
  unsigned long long start_ticks;
  int64_t started_epoch_ms; /* 0 = not yet */
  int64_t ended_epoch_ms;   /* when the last process was gone; 0 = not yet */
  enum run_phase phase;
  bool is_stop_requested;
  bool has_main_ended;
  int exit_code;   /* of the main process, or NOT_SET */
  int exit_signal; /* of the main process, or NOT_SET */
  uint64_t dropped_bytes;
  struct oom oom;
  const char *failure; /* the sentence when it could not be started, or NULL */
};

/* Reads boot id and the runner's own start time. */
int run_init(struct run *run, const struct options *options, struct sentence *error);

/* Takes a status as waitpid returns it. */
void run_set_exit(struct run *run, int wait_status);

/* "running", "ending" or "ended". */
const char *run_phase_word(const struct run *run);

/* Longest decimal of an int and its NUL. */
enum { NUMBER_BYTES = 12 };

/* The decimal of `value`, empty when NOT_SET. Returns `out`, which has NUMBER_BYTES. */
const char *run_number(int value, char *out);

#endif
