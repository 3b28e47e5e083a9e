#include "options.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum kind { PATH, RUN_NUMBER, MARKER, BYTES, USER };

static const struct {
  const char *name;
  size_t offset;
  enum kind kind;
} known[] = {
    {"--record", offsetof(struct options, record), PATH}, {"--socket", offsetof(struct options, socket), PATH},
    {"--log", offsetof(struct options, log), PATH},       {"--times", offsetof(struct options, times), PATH},
    {"--run", offsetof(struct options, run), RUN_NUMBER}, {"--marker", offsetof(struct options, marker), MARKER},
    {"--cwd", offsetof(struct options, cwd), PATH},
    {"--old-logs", offsetof(struct options, old_logs), PATH},
    {"--segment-bytes", offsetof(struct options, segment_bytes), BYTES},
    {"--keep-bytes", offsetof(struct options, keep_bytes), BYTES},
    {"--trusted-uid", offsetof(struct options, trusted_uid), USER},
};

enum {
  KNOWN_COUNT = sizeof known / sizeof known[0],
  OPTIONAL_COUNT = 1, /* at the end of the table */
  SEGMENT_COUNT = 3,  /* before it, together or not at all */
  RUN_DIGITS_MAX = 18,
  BYTES_DIGITS_MAX = 15,
  USER_DIGITS_MAX = 10,
  UUID_LENGTH = 36
};

static const char **slot(struct options *options, size_t index) {
  return (const char **)((char *)options + known[index].offset);
}

static bool is_uuid(const char *text) {
  if (strlen(text) != UUID_LENGTH) return false;
  for (int i = 0; i < UUID_LENGTH; i++) {
    bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i])) return false;
  }
  return true;
}

static bool is_number(const char *text, size_t digits_max) {
  return *text && strlen(text) <= digits_max && !text[strspn(text, "0123456789")];
}

static bool is_valid(enum kind kind, const char *value) {
  switch (kind) {
    case PATH: return value[0] == '/';
    case RUN_NUMBER: return is_number(value, RUN_DIGITS_MAX);
    case BYTES: return is_number(value, BYTES_DIGITS_MAX) && *value != '0';
    case MARKER: return is_uuid(value);
    case USER: return is_number(value, USER_DIGITS_MAX);
  }
  return false;
}

static const char *expectation(enum kind kind) {
  switch (kind) {
    case PATH: return "an absolute path";
    case RUN_NUMBER: return "a number";
    case MARKER: return "a UUID";
    case BYTES: return "a number above 0";
    case USER: return "the number of a user";
  }
  return "something else";
}

static int take(struct options *options, const char *name, const char *value, struct sentence *error) {
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (strcmp(name, known[i].name) != 0) continue;
    if (*slot(options, i)) return sentence_set(error, "%s is given twice", name);
    if (!value || !is_valid(known[i].kind, value))
      return sentence_set(error, "%s needs %s", name, expectation(known[i].kind));
    *slot(options, i) = value;
    return 0;
  }
  return sentence_set(error, "unknown option %s", name);
}

int options_parse(int argc, char **argv, struct options *out, struct sentence *error) {
  memset(out, 0, sizeof *out);
  int i = 1;
  for (; i < argc && strcmp(argv[i], "--") != 0; i += 2) {
    if (take(out, argv[i], argv[i + 1], error) < 0) return -1;
  }
  bool is_segmented = out->old_logs || out->segment_bytes || out->keep_bytes;
  for (size_t k = 0; k < KNOWN_COUNT - OPTIONAL_COUNT - (is_segmented ? 0 : SEGMENT_COUNT); k++) {
    if (!*slot(out, k)) return sentence_set(error, "%s is missing", known[k].name);
  }
  if (i + 1 >= argc || !argv[i + 1][0]) return sentence_set(error, "the program is missing after --");
  out->program = argv + i + 1;
  return 0;
}
