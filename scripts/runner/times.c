#include "times.h"

#include "clock.h"

#include <endian.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INTERVAL_MS = 100, ENTRY_BYTES = 16 };

/* A killed runner or a full disk may leave part of an entry, which would shift all that follow. */
static void cut_partial_entry(int file) {
  struct stat stat;
  if (fstat(file, &stat) < 0 || stat.st_size % ENTRY_BYTES == 0) return;
  int result = ftruncate(file, stat.st_size - stat.st_size % ENTRY_BYTES);
  (void)result;
}

static int open_file(const char *path, int more) {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | more, 0644);
}

void times_open(struct times *times, const char *path) {
  times->path = path;
  times->next_at_ms = 0;
  times->file = open_file(path, 0);
  if (times->file >= 0) cut_partial_entry(times->file);
}

bool times_is_due(const struct times *times, int64_t now_ms) {
  return times->file >= 0 && now_ms >= times->next_at_ms;
}

void times_add(struct times *times, uint64_t offset_bytes, int64_t now_ms) {
  uint64_t entry[2] = {htole64(offset_bytes), htole64((uint64_t)clock_epoch_ms())};
  times->next_at_ms = now_ms + INTERVAL_MS;
  ssize_t written = write(times->file, entry, sizeof entry);
  if (written != (ssize_t)sizeof entry) cut_partial_entry(times->file);
}

void times_restart(struct times *times, uint64_t base_bytes, int64_t now_ms) {
  if (times->file >= 0) close(times->file);
  times->file = open_file(times->path, O_TRUNC);
  if (times->file >= 0) times_add(times, base_bytes, now_ms);
}
