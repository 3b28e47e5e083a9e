#ifndef AIKORE_RUNNER_LOG_H
#define AIKORE_RUNNER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/*
 * The output log. A log that cannot be written never stops the program: its bytes are dropped and counted, and
 * the first thing written afterwards is a line that says how many, when and why.
 *
 * Offsets are those of the run. They only grow: what the file began with before it was moved on, truncated, deleted or
 * replaced stays counted in `base_bytes`.
 */
struct log {
  const char *path;
  int file;                 /* -1 when not open */
  dev_t device;             /* with `inode` the identity of the file that was open last; 0 before the first */
  ino_t inode;
  uint64_t base_bytes;      /* offset in the run of the file's first byte */
  uint64_t end_bytes;       /* of the file, when it was last looked at or written */
  unsigned base_changes;    /* how often `base_bytes` has changed */
  int error;                /* errno of the last refusal, 0 while writing works */
  int64_t retry_at_ms;      /* monotonic */
  uint64_t dropped_bytes;   /* of the whole run */
  uint64_t unreported_bytes; /* dropped since the last note */
  time_t first_drop_s;      /* when the first of them was dropped, by the wall clock */
  time_t last_drop_s;
  char note[192];           /* a note that is being written, perhaps in several attempts */
  size_t note_length;
  size_t note_offset;
};

/* Opens (and creates) the log. A failure is kept for the first note. */
void log_open(struct log *log, const char *path, int64_t now_ms);

/* Appends `size` raw bytes or drops what the disk refuses. Returns how many were written. */
size_t log_append(struct log *log, const char *data, size_t size, int64_t now_ms);

/*
 * True when the next append will be tried: the log works, or a retry is due and has succeeded with its note.
 * Appends call it themselves; asked before, it settles the offset at which the next piece will lie.
 */
bool log_is_ready(struct log *log, int64_t now_ms);

/* Tries to write a note that is still owed, without waiting for the next output. */
void log_finish(struct log *log, int64_t now_ms);

/* Offset in the run of what is written next. Looks whether the file still lies where it should. */
uint64_t log_size(struct log *log, int64_t now_ms);

/* Gives the file another name in `folder` and goes on in a new one. False: nothing has changed, errno says why. */
bool log_move_on(struct log *log, int folder, const char *name);

#endif
