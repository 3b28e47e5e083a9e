#ifndef AIKORE_RUNNER_OPTIONS_H
#define AIKORE_RUNNER_OPTIONS_H

#include "sentence.h"

/* The command line, checked. The strings are argv's own. */
struct options {
  const char *record;
  const char *socket;
  const char *log;
  const char *times;
  const char *run;
  const char *marker;
  const char *cwd;
  const char *old_logs;      /* these three together or not at all */
  const char *segment_bytes;
  const char *keep_bytes;
  const char *trusted_uid;   /* NULL: nobody else commands the runner */
  char **program; /* NULL-terminated, at least one entry */
};

/* 0, or -1 with `error` set when an option is missing, unknown, doubled or malformed. */
int options_parse(int argc, char **argv, struct options *out, struct sentence *error);

#endif
