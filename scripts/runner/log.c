#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RETRY_MS = 200, TIME_LENGTH = 32 };

/* A write of no bytes sets no errno; there is no better word for it than EIO. */
static void fail(struct log *log, int64_t now_ms) {
  log->error = errno ? errno : EIO;
  log->retry_at_ms = now_ms + RETRY_MS;
}

static void drop(struct log *log, size_t size) {
  if (size == 0) return;
  log->last_drop_s = time(NULL);
  if (log->unreported_bytes == 0) log->first_drop_s = log->last_drop_s;
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

static void move_base(struct log *log, uint64_t bytes) {
  if (bytes == 0) return;
  log->base_bytes += bytes;
  log->base_changes++;
}

/* Takes note of the file's size; what a truncation took away stays counted. */
static void note_size(struct log *log, uint64_t size_bytes) {
  if (size_bytes < log->end_bytes) move_base(log, log->end_bytes - size_bytes);
  log->end_bytes = size_bytes;
}

/* Takes note of what has just been opened: the same file again, or another one after it. */
static void note_identity(struct log *log) {
  struct stat stat;
  if (fstat(log->file, &stat) < 0) return;
  bool is_other = log->inode != 0 && (stat.st_ino != log->inode || stat.st_dev != log->device);
  log->device = stat.st_dev;
  log->inode = stat.st_ino;
  if (is_other) {
    move_base(log, log->end_bytes);
    log->end_bytes = 0;
  }
  note_size(log, (uint64_t)stat.st_size);
}

static bool open_anew(struct log *log) {
  close_file(log);
  if (!open_file(log)) return false;
  note_identity(log);
  return true;
}

void log_open(struct log *log, const char *path, int64_t now_ms) {
  memset(log, 0, sizeof *log);
  log->path = path;
  log->file = -1;
  if (!open_anew(log)) fail(log, now_ms);
}

/* The program may have deleted or truncated the file since the last look. */
static void look(struct log *log, int64_t now_ms) {
  struct stat stat;
  if (log->file < 0 || fstat(log->file, &stat) < 0) return;
  if (stat.st_nlink > 0)
    note_size(log, (uint64_t)stat.st_size);
  else if (!open_anew(log))
    fail(log, now_ms);
}

/* How much was written; less than `size` means that errno says why. */
static size_t write_all(struct log *log, const char *data, size_t size) {
  size_t done = 0;
  errno = 0;
  while (done < size) {
    ssize_t written = write(log->file, data + done, size - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += (size_t)written;
  }
  log->end_bytes += done;
  return done;
}

/* ISO 8601 in UTC, as AiKore writes times everywhere. */
static void format_time(char text[TIME_LENGTH], time_t when) {
  struct tm utc;
  gmtime_r(&when, &utc);
  strftime(text, TIME_LENGTH, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void compose_note(struct log *log) {
  char first[TIME_LENGTH], last[TIME_LENGTH];
  format_time(first, log->first_drop_s);
  format_time(last, log->last_drop_s);
  int length = snprintf(log->note, sizeof log->note,
                        "\n[aikore] %" PRIu64 " bytes of output dropped from %s to %s: %s\n", log->unreported_bytes,
                        first, last, strerror(log->error));
  log->note_length = (size_t)length < sizeof log->note ? (size_t)length : sizeof log->note - 1;
  log->note_offset = 0;
  log->unreported_bytes = 0;
}

/* A disk with ten free bytes takes the first ten of a note. The rest follows, so that no half line stays. */
static bool write_notes(struct log *log) {
  while (log->note_offset < log->note_length || log->unreported_bytes > 0) {
    if (log->note_offset == log->note_length) compose_note(log);
    size_t rest = log->note_length - log->note_offset;
    size_t written = write_all(log, log->note + log->note_offset, rest);
    log->note_offset += written;
    if (written < rest) return false;
  }
  return true;
}

/* Opens anew at each attempt: the directory may be another one, or the disk mounted again. */
static bool retry(struct log *log, int64_t now_ms) {
  if (!open_anew(log) || !write_notes(log)) {
    fail(log, now_ms);
    return false;
  }
  log->error = 0;
  return true;
}

bool log_is_ready(struct log *log, int64_t now_ms) {
  if (!log->error) look(log, now_ms);
  if (!log->error) return true;
  return now_ms >= log->retry_at_ms && retry(log, now_ms);
}

size_t log_append(struct log *log, const char *data, size_t size, int64_t now_ms) {
  size_t written = 0;
  if (log_is_ready(log, now_ms)) {
    written = write_all(log, data, size);
    if (written < size) fail(log, now_ms);
  }
  drop(log, size - written);
  return written;
}

void log_finish(struct log *log, int64_t now_ms) {
  if (log->error) retry(log, now_ms);
}

/* False when the name leads elsewhere: the program has moved the file away, or put something in its place. */
static bool is_in_place(const struct log *log) {
  struct stat stat;
  if (lstat(log->path, &stat) < 0) return errno != ENOENT;
  return stat.st_ino == log->inode && stat.st_dev == log->device;
}

uint64_t log_size(struct log *log, int64_t now_ms) {
  look(log, now_ms);
  if (log->file >= 0 && !log->error && !is_in_place(log) && !open_anew(log)) fail(log, now_ms);
  return log->base_bytes + log->end_bytes;
}

bool log_move_on(struct log *log, int folder, const char *name) {
  int before = log->file;
  if (!is_in_place(log) || renameat(AT_FDCWD, log->path, folder, name) < 0) return false;
  if (!open_file(log)) {
    int error = errno;
    log->file = before;
    if (renameat(folder, name, AT_FDCWD, log->path) == 0) errno = error;
    return false;
  }
  close(before);
  note_identity(log);
  return true;
}
