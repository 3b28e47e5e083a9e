#ifndef AIKORE_TERMINAL_MODES_H
#define AIKORE_TERMINAL_MODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODES_PARAMETER_MAX = 16, MODES_TEXT_BYTES = 512 };

/*
 * What a program has switched at its terminal by escape sequences (ECMA-48 and xterm's "Control Sequences"), as far as
 * a screen that is built anew from the middle of the output has to know it.
 */
struct modes {
  uint8_t state; /* of the parser */
  uint8_t mark;  /* '?', '!', … after CSI, or the intermediate byte of an ESC sequence */
  uint8_t intermediate;
  uint8_t parameter_count;
  uint16_t parameters[MODES_PARAMETER_MAX];
  uint32_t on; /* one bit per known private mode */
  bool is_keypad_application;
  bool is_insert;
  bool is_shifted_out;
  char charset[2]; /* of G0 and G1 */
  uint16_t scroll_top, scroll_bottom; /* 0: the whole screen */
  uint16_t cursor_style;
};

/* As a terminal is after a reset. */
void modes_reset(struct modes *modes);

/* Takes output as the program wrote it, cut anywhere. */
void modes_feed(struct modes *modes, const unsigned char *bytes, size_t length);

/* True between sequences: output may be taken up from here. */
bool modes_is_ground(const struct modes *modes);

/* True while the program uses the alternate screen, as editors and pagers do. */
bool modes_is_alternate(const struct modes *modes);

/* What resets a terminal and then brings it into these modes. Returns the length. */
size_t modes_compose(const struct modes *modes, char out[MODES_TEXT_BYTES]);

#endif
