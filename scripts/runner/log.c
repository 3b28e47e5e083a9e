#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RETRY_MS = 200 };

/* A write of no bytes sets no errno; there is no better word for it than EIO. */
static void fail(struct log *log, int64_t now_ms) {
  log->error = errno ? errno : EIO;
  log->retry_at_ms = now_ms + RETRY_MS;
}

static void drop(struct log *log, size_t size) {
  log->dropped_bytes += size;
  log->unreported_bytes += size;
}

/*
 * The program can write where its log lies. O_NOFOLLOW: a link there must not lead its output into another file.
 * O_NONBLOCK: a FIFO there must not hang the runner; a regular file does not know the flag.
 */
static bool open_file(struct log *log) {
  log->file = open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0644);
  return log->file >= 0;
}

static void close_file(struct log *log) {
  if (log->file >= 0) close(log->file);
  log->file = -1;
}

void log_open(struct log *log, const char *path, int64_t now_ms) {
  memset(log, 0, sizeof *log);
  log->path = path;
  if (!open_file(log)) fail(log, now_ms);
}

/* How much was written; less than `size` means that errno says why. */
static size_t write_all(int file, const char *data, size_t size) {
  size_t done = 0;
  errno = 0;
  while (done < size) {
    ssize_t written = write(file, data + done, size - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += (size_t)written;
  }
  return done;
}

static void compose_note(struct log *log) {
  int length = snprintf(log->note, sizeof log->note, "\n[aikore] %" PRIu64 " bytes of output dropped: %s\n",
                        log->unreported_bytes, strerror(log->error));
  log->note_length = (size_t)length < sizeof log->note ? (size_t)length : sizeof log->note - 1;
  log->note_offset = 0;
  log->unreported_bytes = 0;
}

/* A disk with ten free bytes takes the first ten of a note. The rest follows, so that no half line stays. */
static bool write_notes(struct log *log) {
  while (log->note_offset < log->note_length || log->unreported_bytes > 0) {
    if (log->note_offset == log->note_length) compose_note(log);
    size_t rest = log->note_length - log->note_offset;
    size_t written = write_all(log->file, log->note + log->note_offset, rest);
    log->note_offset += written;
    if (written < rest) return false;
  }
  return true;
}

/* Opens anew at each attempt: the directory may be another one, or the disk mounted again. */
static bool retry(struct log *log, int64_t now_ms) {
  close_file(log);
  if (!open_file(log) || !write_notes(log)) {
    fail(log, now_ms);
    return false;
  }
  log->error = 0;
  return true;
}

bool log_is_ready(struct log *log, int64_t now_ms) {
  if (!log->error) return true;
  return now_ms >= log->retry_at_ms && retry(log, now_ms);
}

size_t log_append(struct log *log, const char *data, size_t size, int64_t now_ms) {
  size_t written = 0;
  if (log_is_ready(log, now_ms)) {
    written = write_all(log->file, data, size);
    if (written < size) fail(log, now_ms);
  }
  drop(log, size - written);
  return written;
}

void log_finish(struct log *log, int64_t now_ms) {
  if (log->error) retry(log, now_ms);
}

uint64_t log_size(struct log *log) {
  struct stat stat;
  if (log->file < 0 || fstat(log->file, &stat) < 0) return log->size_bytes;
  if (stat.st_nlink == 0) {
    /* Deleted under the program: go on in a new file of that name. */
    close_file(log);
    if (!open_file(log)) fail(log, 0);
    stat.st_size = 0;
  }
  log->size_bytes = (uint64_t)stat.st_size;
  return log->size_bytes;
}
