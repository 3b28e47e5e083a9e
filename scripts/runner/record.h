#ifndef AIKORE_RUNNER_RECORD_H
#define AIKORE_RUNNER_RECORD_H

#include "run.h"

/* The whole file, always: its blocks are reserved at the start, so that a disk that fills up keeps the exit code. */
#define RECORD_BYTES 4096

struct record {
  int file; /* -1 when there is none */
  bool is_published;
};

/* Reserves the record under a temporary name beside `path`. */
int record_reserve(struct record *record, const char *path, struct sentence *error);

/* Writes the record and, the first time, gives it its name, which replaces the record of an earlier run. */
int record_publish(struct record *record, const struct run *run, struct sentence *error);

/* Rewrites the record in place and waits for the disk. False when the disk refused. */
bool record_update(const struct record *record, const struct run *run);

#endif
