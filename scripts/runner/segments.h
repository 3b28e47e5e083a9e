#ifndef AIKORE_RUNNER_SEGMENTS_H
#define AIKORE_RUNNER_SEGMENTS_H

#include "log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More would help nobody; the oldest go first. */
enum { SEGMENTS_MAX = 64 };

/*
 * A log that grows is cut into segments. The newest lies at the log's own path; the ones before it lie in a folder as
 * `<run>.log` (which begins the run) and `<run>.<offset of its first byte, 15 digits>.log`, each with its side file of
 * times. AiKore may be dead meanwhile, so the runner does it and drops its oldest ones.
 */
struct segments {
  const char *folder; /* NULL: the log is one file for ever */
  const char *run;
  uint64_t segment_bytes;
  uint64_t keep_bytes; /* of all segments of this run together */
  int64_t retry_at_ms; /* monotonic; the folder could not be used before */
  int count;
  struct {
    uint64_t base_bytes;
    uint64_t size_bytes;
  } kept[SEGMENTS_MAX]; /* oldest first */
};

/*
 * True when the present segment ends inside of `data`: after its first `*head` bytes, at a line break where one is near.
 */
bool segments_is_due(const struct segments *segments, const struct log *log, bool is_at_line_start, const char *data,
                     size_t size, int64_t now_ms, size_t *head);

/*
 * Moves the log's file into the folder, the times beside it, and drops the oldest segments above the limit. False when the
 * folder cannot be used: the present file then goes on growing, and the next attempt is made after a while.
 */
bool segments_turn(struct segments *segments, struct log *log, const char *times_path, int64_t now_ms);

#endif
