/*
 * aikore-runner: owns the process tree of one run of one instance, writes its output to the log, leaves its exit
 * code in a record, and obeys a socket. It outlives AiKore. Protocol and files: README.md beside this file.
 */
#include "become.h"
#include "clock.h"
#include "control.h"
#include "isolate.h"
#include "launch.h"
#include "look.h"
#include "options.h"
#include "procfs.h"
#include "record.h"
#include "run.h"
#include "spawner.h"
#include "supervise.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

static struct control control;

static int refuse(struct run *run, struct record *record, const struct sentence *failure) {
  if (record->file >= 0) {
    struct sentence ignored;
    run->failure = failure->text;
    run->pid = 0;
    run->start_ticks = 0;
    run->ended_epoch_ms = clock_epoch_ms();
    record_publish(record, run, &ignored);
  }
  dprintf(1, "failed %s\n", failure->text);
  return EXIT_FAILED;
}

/* The record names the program before the program runs, so that a runner killed here leaves no unknown process. */
static int start_program(struct run *run, struct record *record, struct launch *launch,
                         const struct isolation *isolation, struct sentence *failure) {
  struct process_stat stat;
  if (launch_prepare(launch, run->options, isolation, failure) < 0) return -1;
  run->pid = launch->pid;
  run->start_ticks = procfs_stat(launch->pid, &stat) ? stat.start_ticks : 0;
  run->started_epoch_ms = clock_epoch_ms();
  if (record_publish(record, run, failure) < 0) {
    launch_abandon(launch);
    return -1;
  }
  return launch_release(launch, run->options, failure);
}

static int runner_main(int argc, char **argv) {
  struct options options;
  struct sentence failure;
  struct isolation isolation;
  struct run run;
  struct record record = {.file = -1, .is_published = false};
  struct launch launch;
  if (options_parse(argc, argv, &options, &failure) < 0) {
    dprintf(2, "aikore-runner: %s\n", failure.text);
    return EXIT_USAGE;
  }
  if (isolate_runner(&isolation, &failure) < 0 || run_init(&run, &options, &failure) < 0 ||
      record_reserve(&record, options.record, &failure) < 0 || control_open(&control, &run, &failure) < 0)
    return refuse(&run, &record, &failure);
  if (start_program(&run, &record, &launch, &isolation, &failure) < 0) {
    control_close(&control);
    return refuse(&run, &record, &failure);
  }
  supervise_prepare(&run, &control, &record, launch.output);
  dprintf(1, "started pid=%d start=%llu\n", (int)run.pid, run.start_ticks);
  isolate_silence();
  supervise();
  control_close(&control);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--spawner") == 0) return spawner_main();
  if (argc == 2 && strcmp(argv[1], "--become") == 0) return become_main();
  if (argc > 2 && strcmp(argv[1], "--look") == 0) return look_main(argc - 2, argv + 2);
  return runner_main(argc, argv);
}
