#include "sentence.h"

#include <stdarg.h>
#include <stdio.h>

int sentence_set(struct sentence *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(out->text, sizeof out->text, format, arguments);
  va_end(arguments);
  for (char *c = out->text; *c; c++) {
    if ((unsigned char)*c < 32 || *c == 127) *c = '?';
  }
  return -1;
}
