#ifndef AIKORE_TERMINAL_OPTIONS_H
#define AIKORE_TERMINAL_OPTIONS_H

#include "sentence.h"

#include <stdint.h>

/* What a screen may measure; the kernel holds 16 bits, no screen needs as many. */
enum { SIZE_MIN = 1, SIZE_MAX_CELLS = 1000 };

/* The command line, checked. The strings are argv's own. */
struct terminal_options {
  const char *directory; /* of record and socket */
  const char *id;
  const char *owner;
  const char *marker;
  const char *cwd;
  const char *cols_text;
  const char *rows_text;
  const char *trusted_uid; /* NULL: nobody else may look */
  uint16_t cols, rows;
  char **program; /* NULL-terminated, at least one entry */
};

/* 0, or -1 with `error` set when an option is missing, unknown, doubled or malformed. */
int terminal_options_parse(int argc, char **argv, struct terminal_options *out, struct sentence *error);

/* The nearest size that a screen may have. */
uint16_t terminal_clamp(unsigned long cells);

#endif
