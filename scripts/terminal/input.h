#ifndef AIKORE_TERMINAL_INPUT_H
#define AIKORE_TERMINAL_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* What one viewer may have on the way, and room for as many viewers as there can be. */
enum { INPUT_PER_VIEWER_BYTES = 32 << 10, INPUT_BYTES = 1 << 20 };

struct pty;

/* Typed bytes that the program has not been given yet, of all viewers in the order of their coming. */
struct input {
  size_t start, length;
  unsigned char bytes[INPUT_BYTES];
};

/* False when there is no room. */
bool input_add(struct input *input, const unsigned char *bytes, size_t length);

/* Gives the terminal what it takes. Returns the number of bytes. */
size_t input_flush(struct input *input, int master);

/*
 * True for a lone interrupt character that would have to wait behind other input: it is told to the foreground
 * program by the kernel at once, as it would be at an idle terminal, and what waits is forgotten.
 */
bool input_interrupts(struct input *input, int master, const unsigned char *bytes, size_t length);

#endif
