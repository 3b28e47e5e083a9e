#include "output.h"

#include "clock.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char piece[65536];

void output_open(struct output *output, int pipe, const char *log_path, const char *times_path) {
  output->pipe = pipe;
  output->is_at_line_start = true;
  log_open(&output->log, log_path, clock_mono_ms());
  times_open(&output->times, times_path);
}

static void store(struct output *output, size_t size) {
  int64_t now_ms = clock_mono_ms();
  bool is_timed = times_is_due(&output->times, now_ms) &&
                  (output->is_at_line_start || memchr(piece, '\n', size)) && log_is_ready(&output->log, now_ms);
  uint64_t offset = is_timed ? log_size(&output->log) : 0;
  size_t written = log_append(&output->log, piece, size, now_ms);
  if (is_timed && written > 0) times_add(&output->times, offset, now_ms);
  output->is_at_line_start = piece[size - 1] == '\n';
}

size_t output_pump(struct output *output) {
  if (output->pipe < 0) return 0;
  ssize_t size = read(output->pipe, piece, sizeof piece);
  if (size > 0) {
    store(output, (size_t)size);
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
