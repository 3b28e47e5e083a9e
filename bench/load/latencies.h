#ifndef LATENCIES_H
#define LATENCIES_H

#include <stddef.h>
#include <stdint.h>

/* Every latency of a run, in microseconds. */
struct latencies {
  uint32_t *values;
  size_t count;
  size_t room;
};

void latencies_add(struct latencies *latencies, uint32_t value_us);

/* Must stand before latencies_at. */
void latencies_sort(struct latencies *latencies);

/* The value below which `share` (0 to 1) of all lie; 0 when there are none. */
uint32_t latencies_at(const struct latencies *latencies, double share);

#endif
