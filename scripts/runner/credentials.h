#ifndef AIKORE_RUNNER_CREDENTIALS_H
#define AIKORE_RUNNER_CREDENTIALS_H

#include "sentence.h"

#include <stddef.h>
#include <sys/types.h>

enum { GROUP_COUNT_MAX = 64 };

/* As whom a program runs. */
enum credentials_kind {
  CREDENTIALS_KEPT,     /* as whoever starts it, with all that this one may */
  CREDENTIALS_BARE,     /* the same user, without any capability */
  CREDENTIALS_ANOTHER,  /* another user, without any capability */
};

struct credentials {
  enum credentials_kind kind;
  uid_t uid; /* this and what follows: of another user only */
  gid_t gid;
  size_t group_count;
  gid_t groups[GROUP_COUNT_MAX]; /* supplementary */
};

/*
 * Becomes that user for good: real, effective and saved numbers, exactly those groups, empty sets of capabilities, and
 * no way to gain any by what it executes. To be called between fork and exec, in a process with one thread. The kernel
 * forgets PR_SET_PDEATHSIG on the way.
 * Returns 0, or -1 with `error` set; the process must end then, for it may be half changed.
 */
int credentials_take(const struct credentials *wanted, struct sentence *error);

#endif
