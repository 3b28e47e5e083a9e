#ifndef AIKORE_TERMINAL_RING_H
#define AIKORE_TERMINAL_RING_H

#include "modes.h"

#include <stddef.h>
#include <stdint.h>

/* 10,000 lines of 200 bytes. */
enum { RING_BYTES = 2 << 20 };

/* The newest output. Offsets count from the terminal's first byte and never go back. */
struct ring {
  uint64_t head;         /* offset of the next byte */
  struct modes at_start; /* in force at the oldest byte that is kept */
  unsigned char bytes[RING_BYTES];
};

void ring_init(struct ring *ring);

/* Offset of the oldest byte that is kept. */
uint64_t ring_start(const struct ring *ring);

/* Adds at most RING_BYTES. */
void ring_push(struct ring *ring, const unsigned char *bytes, size_t length);

/* Copies up to `size` bytes from `offset` on, which must be kept. Returns their number. */
size_t ring_copy(const struct ring *ring, uint64_t offset, unsigned char *out, size_t size);

/*
 * Where a screen is best built from: the very first byte, or the first line that is kept whole. `modes` becomes what is
 * in force there.
 */
uint64_t ring_replay_start(const struct ring *ring, struct modes *modes);

/* Takes `modes` from what they are at `offset` to what they are at the newest byte. */
void ring_follow(const struct ring *ring, uint64_t offset, struct modes *modes);

#endif
