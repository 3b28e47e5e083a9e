#include "output.h"

#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char piece[65536];

static uint64_t number_of(const char *digits) { return digits ? strtoull(digits, NULL, 10) : 0; }

void output_open(struct output *output, int pipe, const struct options *options) {
  output->pipe = pipe;
  output->is_at_line_start = true;
  output->segments = (struct segments){.folder = options->old_logs,
                                       .run = options->run,
                                       .segment_bytes = number_of(options->segment_bytes),
                                       .keep_bytes = number_of(options->keep_bytes)};
  log_open(&output->log, options->log, clock_mono_ms());
  times_open(&output->times, options->times);
}

/* Offsets before a change of the base belong to another file, perhaps one that is gone. */
static void follow_base(struct output *output, int64_t now_ms) {
  if (output->base_changes == output->log.base_changes) return;
  output->base_changes = output->log.base_changes;
  times_restart(&output->times, output->log.base_bytes, now_ms);
}

static void store_part(struct output *output, const char *data, size_t size, int64_t now_ms) {
  bool is_timed = times_is_due(&output->times, now_ms) && (output->is_at_line_start || memchr(data, '\n', size));
  bool is_ready = log_is_ready(&output->log, now_ms);
  follow_base(output, now_ms);
  uint64_t offset = output->log.base_bytes + output->log.end_bytes;
  size_t written = log_append(&output->log, data, size, now_ms);
  if (is_ready && is_timed && written > 0) times_add(&output->times, offset, now_ms);
  output->is_at_line_start = data[size - 1] == '\n';
}

/* A piece may hold the end of one segment and the beginning of the next. */
static void store(struct output *output, const char *data, size_t size) {
  int64_t now_ms = clock_mono_ms();
  size_t head;
  while (segments_is_due(&output->segments, &output->log, output->is_at_line_start, data, size, now_ms, &head)) {
    if (head > 0) store_part(output, data, head, now_ms);
    data += head;
    size -= head;
    if (!segments_turn(&output->segments, &output->log, output->times.path, now_ms)) break;
    follow_base(output, now_ms);
    if (output->log.end_bytes > 0) break; /* somebody has put something there */
  }
  if (size > 0) store_part(output, data, size, now_ms);
}

size_t output_pump(struct output *output) {
  if (output->pipe < 0) return 0;
  ssize_t size = read(output->pipe, piece, sizeof piece);
  if (size > 0) {
    store(output, piece, (size_t)size);
    return (size_t)size;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  close(output->pipe); /* end of file would make every poll return at once */
  output->pipe = -1;
  return 0;
}

/*
 * A process that is no descendant may have been given the pipe and go on writing: only what is inside at this
 * moment belongs to the run.
 */
void output_finish(struct output *output) {
  int rest = 0;
  if (output->pipe >= 0 && ioctl(output->pipe, FIONREAD, &rest) < 0) rest = 0;
  while (rest > 0) {
    size_t moved = output_pump(output);
    if (moved == 0) break;
    rest -= (int)moved;
  }
  log_finish(&output->log, clock_mono_ms());
}
