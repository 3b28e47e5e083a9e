#include "modes.h"

#include <stdio.h>
#include <string.h>

enum state { GROUND, ESCAPE, ESCAPE_INTERMEDIATE, CONTROL, STRING, STRING_ESCAPE, OSC, OSC_ESCAPE };

enum { BEL = 7, SHIFT_OUT = 14, SHIFT_IN = 15, CANCEL = 24, SUBSTITUTE = 26, ESC = 27, PARAMETER_LIMIT = 65535 };

/* Groups of which one at most is on. */
enum group { ALONE, SCREEN, MOUSE, MOUSE_ENCODING };

/* The screen comes first: what follows it shall be in force there. */
static const struct {
  uint16_t number;
  uint8_t group;
  bool is_on_after_reset;
} known[] = {
    {1049, SCREEN, false}, {1047, SCREEN, false}, {47, SCREEN, false},
    {1, ALONE, false},     {5, ALONE, false},     {6, ALONE, false},   {7, ALONE, true},  {12, ALONE, false},
    {25, ALONE, true},     {45, ALONE, false},    {66, ALONE, false},
    {9, MOUSE, false},     {1000, MOUSE, false},  {1002, MOUSE, false}, {1003, MOUSE, false},
    {1004, ALONE, false},  {1005, MOUSE_ENCODING, false}, {1006, MOUSE_ENCODING, false},
    {1015, MOUSE_ENCODING, false}, {1016, MOUSE_ENCODING, false}, {2004, ALONE, false},
};

enum { KNOWN_COUNT = sizeof known / sizeof known[0] };

static uint32_t bits_of(enum group group) {
  uint32_t bits = 0;
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (known[i].group == group) bits |= 1u << i;
  }
  return bits;
}

static uint32_t bits_after_reset(void) {
  uint32_t bits = 0;
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (known[i].is_on_after_reset) bits |= 1u << i;
  }
  return bits;
}

void modes_reset(struct modes *modes) {
  *modes = (struct modes){.state = GROUND, .on = bits_after_reset(), .charset = {'B', 'B'}};
}

static void set_private(struct modes *modes, uint16_t number, bool is_on) {
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (known[i].number != number) continue;
    modes->on &= ~(known[i].group == ALONE ? 1u << i : bits_of(known[i].group));
    if (is_on) modes->on |= 1u << i;
  }
}

/* DECSTR, "soft reset", which leaves the screen and the mouse alone. */
static void reset_softly(struct modes *modes) {
  struct modes fresh;
  modes_reset(&fresh);
  fresh.on = (fresh.on & ~(bits_of(SCREEN) | bits_of(MOUSE) | bits_of(MOUSE_ENCODING))) |
             (modes->on & (bits_of(SCREEN) | bits_of(MOUSE) | bits_of(MOUSE_ENCODING)));
  *modes = fresh;
}

static void set_each(struct modes *modes, bool is_on) {
  for (int i = 0; i < modes->parameter_count; i++) {
    if (modes->mark == '?')
      set_private(modes, modes->parameters[i], is_on);
    else if (modes->mark == 0 && modes->parameters[i] == 4)
      modes->is_insert = is_on;
  }
}

static void end_control(struct modes *modes, unsigned char final) {
  modes->state = GROUND;
  if (final == 'h' || final == 'l') {
    set_each(modes, final == 'h');
  } else if (final == 'p' && modes->intermediate == '!') {
    reset_softly(modes);
  } else if (final == 'q' && modes->intermediate == ' ') {
    modes->cursor_style = modes->parameters[0];
  } else if (final == 'r' && modes->mark == 0 && modes->intermediate == 0) {
    modes->scroll_top = modes->parameters[0];
    modes->scroll_bottom = modes->parameter_count > 1 ? modes->parameters[1] : 0;
  }
}

static void begin_control(struct modes *modes) {
  modes->state = CONTROL;
  modes->mark = 0;
  modes->intermediate = 0;
  modes->parameter_count = 1;
  memset(modes->parameters, 0, sizeof modes->parameters);
}

static void take_control(struct modes *modes, unsigned char c) {
  if (c >= '0' && c <= '9') {
    uint16_t *parameter = &modes->parameters[modes->parameter_count - 1];
    uint32_t value = *parameter * 10u + (c - '0');
    *parameter = value > PARAMETER_LIMIT ? PARAMETER_LIMIT : (uint16_t)value;
  } else if (c == ';' || c == ':') {
    if (modes->parameter_count < MODES_PARAMETER_MAX) modes->parameter_count++;
  } else if (c >= '<' && c <= '?') {
    modes->mark = c;
  } else if (c >= ' ' && c <= '/') {
    modes->intermediate = c;
  } else if (c >= '@' && c != 127) {
    end_control(modes, c);
  }
}

static void take_escape(struct modes *modes, unsigned char c) {
  modes->state = GROUND;
  switch (c) {
    case '[': begin_control(modes); break;
    case ']': modes->state = OSC; break;
    case 'P': case 'X': case '^': case '_': modes->state = STRING; break;
    case 'c': modes_reset(modes); break;
    case '=': modes->is_keypad_application = true; break;
    case '>': modes->is_keypad_application = false; break;
    default:
      if (c >= ' ' && c <= '/') {
        modes->mark = c;
        modes->state = ESCAPE_INTERMEDIATE;
      }
  }
}

static void select_charset(struct modes *modes, unsigned char c) {
  modes->state = GROUND;
  if (modes->mark == '(' || modes->mark == ')') modes->charset[modes->mark - '('] = (char)c;
}

static void take(struct modes *modes, unsigned char c) {
  switch (modes->state) {
    case OSC:
      if (c == BEL || c == CANCEL || c == SUBSTITUTE) modes->state = GROUND;
      if (c == ESC) modes->state = OSC_ESCAPE;
      return;
    case STRING:
      if (c == CANCEL || c == SUBSTITUTE) modes->state = GROUND;
      if (c == ESC) modes->state = STRING_ESCAPE;
      return;
    case OSC_ESCAPE: case STRING_ESCAPE: /* whatever follows, the string is over; usually it is a backslash */
      take_escape(modes, c);
      return;
    default: break;
  }
  if (c == ESC) {
    modes->state = ESCAPE;
  } else if (c == CANCEL || c == SUBSTITUTE) {
    modes->state = GROUND;
  } else if (c < ' ') {
    if (c == SHIFT_OUT || c == SHIFT_IN) modes->is_shifted_out = c == SHIFT_OUT;
  } else if (modes->state == ESCAPE) {
    take_escape(modes, c);
  } else if (modes->state == ESCAPE_INTERMEDIATE) {
    select_charset(modes, c);
  } else if (modes->state == CONTROL) {
    take_control(modes, c);
  }
}

static bool is_plain(unsigned char c) { return c != ESC && c != SHIFT_OUT && c != SHIFT_IN; }

void modes_feed(struct modes *modes, const unsigned char *bytes, size_t length) {
  const unsigned char *end = bytes + length;
  while (bytes < end) {
    if (modes->state == GROUND) {
      while (bytes < end && is_plain(*bytes)) bytes++;
      if (bytes == end) return;
    }
    take(modes, *bytes++);
  }
}

bool modes_is_ground(const struct modes *modes) { return modes->state == GROUND; }

bool modes_is_alternate(const struct modes *modes) { return (modes->on & bits_of(SCREEN)) != 0; }

size_t modes_compose(const struct modes *modes, char out[MODES_TEXT_BYTES]) {
  struct modes fresh;
  modes_reset(&fresh);
  int length = snprintf(out, MODES_TEXT_BYTES, "\033c");
#define ADD(...) length += snprintf(out + length, MODES_TEXT_BYTES - (size_t)length, __VA_ARGS__)
  uint32_t changed = modes->on ^ fresh.on;
  for (size_t i = 0; i < KNOWN_COUNT; i++) {
    if (changed & 1u << i) ADD("\033[?%u%c", known[i].number, modes->on & 1u << i ? 'h' : 'l');
  }
  if (modes->is_keypad_application) ADD("\033=");
  if (modes->is_insert) ADD("\033[4h");
  for (int i = 0; i < 2; i++) {
    if (modes->charset[i] != 'B') ADD("\033%c%c", "()"[i], modes->charset[i]);
  }
  if (modes->is_shifted_out) ADD("\016");
  if (modes->scroll_bottom) ADD("\033[%u;%ur", modes->scroll_top, modes->scroll_bottom);
  if (modes->cursor_style) ADD("\033[%u q", modes->cursor_style);
#undef ADD
  return (size_t)length;
}
