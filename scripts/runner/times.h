#ifndef AIKORE_RUNNER_TIMES_H
#define AIKORE_RUNNER_TIMES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The side file that tells when a place of the log was printed: records of 16 bytes, two little-endian 64-bit
 * numbers, byte offset in the run's log and milliseconds since 1970. At most one per 100 ms; errors lose the record.
 */
struct times {
  const char *path;
  int file; /* -1 when it could not be opened */
  int64_t next_at_ms; /* monotonic */
};

void times_open(struct times *times, const char *path);

/* True when the last record is old enough for another. */
bool times_is_due(const struct times *times, int64_t now_ms);

void times_add(struct times *times, uint64_t offset_bytes, int64_t now_ms);

/* Begins the file anew. Its first entry is the offset in the run at which the log file beside it begins. */
void times_restart(struct times *times, uint64_t base_bytes, int64_t now_ms);

#endif
