#include "ring.h"

#include <string.h>

enum { LINE_SEARCH_BYTES = 64 << 10 };

void ring_init(struct ring *ring) {
  ring->head = 0;
  modes_reset(&ring->at_start);
}

uint64_t ring_start(const struct ring *ring) { return ring->head > RING_BYTES ? ring->head - RING_BYTES : 0; }

/* The longest piece in one part of the memory, from `offset` on. */
static size_t contiguous(uint64_t offset, size_t length) {
  size_t rest = RING_BYTES - (size_t)(offset % RING_BYTES);
  return length < rest ? length : rest;
}

static void feed(const struct ring *ring, uint64_t from, uint64_t until, struct modes *modes) {
  while (from < until) {
    size_t piece = contiguous(from, (size_t)(until - from));
    modes_feed(modes, ring->bytes + from % RING_BYTES, piece);
    from += piece;
  }
}

void ring_push(struct ring *ring, const unsigned char *bytes, size_t length) {
  uint64_t start = ring_start(ring);
  uint64_t start_after = ring->head + length > RING_BYTES ? ring->head + length - RING_BYTES : 0;
  feed(ring, start, start_after, &ring->at_start);
  while (length > 0) {
    size_t piece = contiguous(ring->head, length);
    memcpy(ring->bytes + ring->head % RING_BYTES, bytes, piece);
    ring->head += piece;
    bytes += piece;
    length -= piece;
  }
}

size_t ring_copy(const struct ring *ring, uint64_t offset, unsigned char *out, size_t size) {
  size_t length = ring->head - offset < size ? (size_t)(ring->head - offset) : size;
  for (size_t done = 0; done < length;) {
    size_t piece = contiguous(offset + done, length - done);
    memcpy(out + done, ring->bytes + (offset + done) % RING_BYTES, piece);
    done += piece;
  }
  return length;
}

uint64_t ring_replay_start(const struct ring *ring, struct modes *modes) {
  uint64_t start = ring_start(ring);
  *modes = ring->at_start;
  if (start == 0) return 0;
  uint64_t limit = start + LINE_SEARCH_BYTES;
  for (uint64_t at = start; at < limit; at++) {
    const unsigned char *byte = ring->bytes + at % RING_BYTES;
    modes_feed(modes, byte, 1);
    if (*byte == '\n' && modes_is_ground(modes)) return at + 1;
  }
  *modes = ring->at_start;
  return start;
}

void ring_follow(const struct ring *ring, uint64_t offset, struct modes *modes) {
  feed(ring, offset, ring->head, modes);
}
