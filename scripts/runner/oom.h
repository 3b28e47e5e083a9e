#ifndef AIKORE_RUNNER_OOM_H
#define AIKORE_RUNNER_OOM_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum oom_source { OOM_UNKNOWN, OOM_CGROUP, OOM_MACHINE };

/* How often the kernel has ended processes for want of memory since the run began. */
struct oom {
  enum oom_source source;
  char path[PATH_MAX]; /* of the file that counts */
  uint64_t before;     /* what it said at the beginning */
  uint64_t kills;      /* since then */
};

/*
 * Looks for the nearest counter: the control group of this process (which it shares with what it starts, and perhaps
 * with others), version 2 or 1, else the whole machine's. Where none can be read the source stays unknown.
 */
void oom_begin(struct oom *oom);

/* Asks again. The kernel counts before it kills, so a process that has been reaped is among them. */
void oom_update(struct oom *oom);

/* "cgroup", "machine" or "". */
const char *oom_source_word(const struct oom *oom);

#endif
