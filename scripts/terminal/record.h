#ifndef AIKORE_TERMINAL_RECORD_H
#define AIKORE_TERMINAL_RECORD_H

#include "options.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What there is to know about a terminal, for the record and for whoever connects. */
struct facts {
  const struct terminal_options *options;
  char boot_id[40];
  unsigned long long host_start_ticks;
  pid_t shell;
  unsigned long long shell_start_ticks;
  int64_t started_ms; /* since 1970 */
  bool has_ended;
  int exit_code, exit_signal; /* -1: not known or not so */
};

enum { FACTS_BYTES = 1024 };

/* Reads what /proc tells of this process and the boot. */
int facts_init(struct facts *facts, const struct terminal_options *options, struct sentence *error);

/* `key=value` pieces, each followed by `separator`. */
void facts_compose(const struct facts *facts, char separator, char out[FACTS_BYTES]);

/* Writes the record whole, or leaves the old one. */
int record_write(const struct facts *facts, struct sentence *error);

#endif
