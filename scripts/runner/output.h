#ifndef AIKORE_RUNNER_OUTPUT_H
#define AIKORE_RUNNER_OUTPUT_H

#include "log.h"
#include "options.h"
#include "segments.h"
#include "times.h"

#include <stdbool.h>

/* The way of the program's output: from the pipe into the log and the side file. */
struct output {
  int pipe; /* -1 when every writer has closed it */
  struct log log;
  struct times times;
  struct segments segments;
  unsigned base_changes; /* of the log that the times know of */
  bool is_at_line_start;
};

void output_open(struct output *output, int pipe, const struct options *options);

/* Moves one piece of at most 64 KiB. Returns its size, 0 when nothing was there. */
size_t output_pump(struct output *output);

/* Moves what the dead program left in the pipe and writes a note still owed. */
void output_finish(struct output *output);

#endif
