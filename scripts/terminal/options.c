#include "options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_LENGTH_MAX = 64 };

enum kind { DIRECTORY, WORD, NUMBER, USER };

static const struct {
  const char *name;
  size_t offset;
  enum kind kind;
} known[] = {
    {"--dir", offsetof(struct terminal_options, directory), DIRECTORY},
    {"--id", offsetof(struct terminal_options, id), WORD},
    {"--owner", offsetof(struct terminal_options, owner), WORD},
    {"--marker", offsetof(struct terminal_options, marker), WORD},
    {"--cwd", offsetof(struct terminal_options, cwd), DIRECTORY},
    {"--cols", offsetof(struct terminal_options, cols_text), NUMBER},
    {"--rows", offsetof(struct terminal_options, rows_text), NUMBER},
    {"--trusted-uid", offsetof(struct terminal_options, trusted_uid), USER},
};

enum {
  KNOWN_COUNT = sizeof known / sizeof known[0],
  OPTIONAL_COUNT = 1, /* at the end of the table */
  DIGITS_MAX = 6,
  USER_DIGITS_MAX = 10
};

uint16_t terminal_clamp(unsigned long cells) {
  if (cells < SIZE_MIN) return SIZE_MIN;
  return cells > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : (uint16_t)cells;
}

static const char **slot(struct terminal_options *options, size_t index) {
  return (const char **)((char *)options + known[index].offset);
}

static bool consists_of(const char *text, const char *characters, size_t length_max) {
  return *text && strlen(text) <= length_max && !text[strspn(text, characters)];
}

static bool is_valid(enum kind kind, const char *value) {
  switch (kind) {
    case DIRECTORY: return value[0] == '/';
    case WORD:
      return consists_of(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", WORD_LENGTH_MAX);
    case NUMBER: return consists_of(value, "0123456789", DIGITS_MAX);
    case USER: return consists_of(value, "0123456789", USER_DIGITS_MAX);
  }
  return false;
}

static int take(struct terminal_options *options, const char *name, const char *value, struct sentence *error) {
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (strcmp(name, known[i].name) != 0) continue;
    if (*slot(options, i)) return sentence_set(error, "%s is given twice", name);
    if (!value || !is_valid(known[i].kind, value)) return sentence_set(error, "the value of %s is malformed", name);
    *slot(options, i) = value;
    return 0;
  }
  return sentence_set(error, "unknown option %s", name);
}

int terminal_options_parse(int argc, char **argv, struct terminal_options *out, struct sentence *error) {
  memset(out, 0, sizeof *out);
  int i = 1;
  for (; i < argc && strcmp(argv[i], "--") != 0; i += 2) {
    if (take(out, argv[i], argv[i + 1], error) < 0) return -1;
  }
  for (size_t k = 0; k < KNOWN_COUNT - OPTIONAL_COUNT; k++) {
    if (!*slot(out, k)) return sentence_set(error, "%s is missing", known[k].name);
  }
  if (i + 1 >= argc || !argv[i + 1][0]) return sentence_set(error, "the program is missing after --");
  out->cols = terminal_clamp(strtoul(out->cols_text, NULL, 10));
  out->rows = terminal_clamp(strtoul(out->rows_text, NULL, 10));
  out->program = argv + i + 1;
  return 0;
}
