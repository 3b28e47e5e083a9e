#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RETRY_MS = 1000, NAME_BYTES = 64, LINE_SLACK_SHIFT = 3, LINE_SLACK_MAX_BYTES = 1 << 20 };

static const char times_suffix[] = ".times";

/* How far a segment may outgrow its size while no line ends. */
static uint64_t line_slack(const struct segments *segments) {
  uint64_t slack = segments->segment_bytes >> LINE_SLACK_SHIFT;
  return slack < LINE_SLACK_MAX_BYTES ? slack : LINE_SLACK_MAX_BYTES;
}

bool segments_is_due(const struct segments *segments, const struct log *log, bool is_at_line_start, const char *data,
                     size_t size, int64_t now_ms, size_t *head) {
  if (!segments->folder || log->error || now_ms < segments->retry_at_ms) return false;
  uint64_t room = segments->segment_bytes > log->end_bytes ? segments->segment_bytes - log->end_bytes : 0;
  if (room > size) return false;
  *head = 0;
  if (room == 0 && is_at_line_start) return true;
  size_t from = room > 0 ? (size_t)room - 1 : 0;
  const char *line_feed = memchr(data + from, '\n', size - from);
  *head = line_feed ? (size_t)(line_feed - data) + 1 : size;
  return line_feed || log->end_bytes + size > segments->segment_bytes + line_slack(segments);
}

static void compose_name(const struct segments *segments, uint64_t base_bytes, char *out) {
  if (base_bytes == 0)
    snprintf(out, NAME_BYTES, "%s.log", segments->run);
  else
    snprintf(out, NAME_BYTES, "%s.%015" PRIu64 ".log", segments->run, base_bytes);
}

/* The program can write where the folder lies; a link there must not lead its output elsewhere. */
static int open_folder(const char *path) {
  int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int folder = open(path, flags);
  if (folder < 0 && errno == ENOENT && mkdir(path, 0755) == 0) folder = open(path, flags);
  return folder;
}

static void compose_times_name(const char *name, char *out) {
  snprintf(out, NAME_BYTES + sizeof times_suffix, "%s%s", name, times_suffix);
}

static void drop_oldest(struct segments *segments, int folder) {
  char name[NAME_BYTES], times[NAME_BYTES + sizeof times_suffix];
  compose_name(segments, segments->kept[0].base_bytes, name);
  compose_times_name(name, times);
  unlinkat(folder, name, 0);
  unlinkat(folder, times, 0);
  segments->count--;
  memmove(segments->kept, segments->kept + 1, (size_t)segments->count * sizeof segments->kept[0]);
}

/* Leaves room for the segment that begins now. The newest stays: its end says at which offset that one begins. */
static void drop_surplus(struct segments *segments, int folder) {
  uint64_t total = segments->segment_bytes;
  for (int i = 0; i < segments->count; i++) total += segments->kept[i].size_bytes;
  while (segments->count > 1 && (total > segments->keep_bytes || segments->count == SEGMENTS_MAX)) {
    total -= segments->kept[0].size_bytes;
    drop_oldest(segments, folder);
  }
}

static bool move(struct segments *segments, struct log *log, const char *times_path, int folder, int64_t now_ms) {
  char name[NAME_BYTES], times[NAME_BYTES + sizeof times_suffix];
  log_size(log, now_ms);
  if (log->error || log->end_bytes == 0) return false; /* the program has just replaced it */
  uint64_t base_bytes = log->base_bytes, size_bytes = log->end_bytes;
  compose_name(segments, base_bytes, name);
  compose_times_name(name, times);
  if (!log_move_on(log, folder, name)) return false;
  /* After the log: whoever reads finds the new log's offset by the one that was moved until the new times tell it. */
  int result = renameat(AT_FDCWD, times_path, folder, times);
  (void)result;
  segments->kept[segments->count].base_bytes = base_bytes;
  segments->kept[segments->count].size_bytes = size_bytes;
  segments->count++;
  return true;
}

bool segments_turn(struct segments *segments, struct log *log, const char *times_path, int64_t now_ms) {
  int folder = open_folder(segments->folder);
  bool is_moved = folder >= 0 && move(segments, log, times_path, folder, now_ms);
  if (is_moved)
    drop_surplus(segments, folder);
  else
    segments->retry_at_ms = now_ms + RETRY_MS;
  if (folder >= 0) close(folder);
  return is_moved;
}
