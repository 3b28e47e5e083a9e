#include "latencies.h"

#include <stdio.h>
#include <stdlib.h>

void latencies_add(struct latencies *latencies, uint32_t value_us) {
  if (latencies->count == latencies->room) {
    latencies->room = latencies->room == 0 ? 65536 : latencies->room * 2;
    latencies->values = realloc(latencies->values, latencies->room * sizeof *latencies->values);
    if (latencies->values == NULL) {
      fputs("load: out of memory\n", stderr);
      exit(1);
    }
  }
  latencies->values[latencies->count++] = value_us;
}

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a;
  uint32_t y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

void latencies_sort(struct latencies *latencies) {
  if (latencies->count > 0) qsort(latencies->values, latencies->count, sizeof *latencies->values, compare);
}

uint32_t latencies_at(const struct latencies *latencies, double share) {
  if (latencies->count == 0) return 0;
  size_t index = (size_t)(share * (double)latencies->count);
  return latencies->values[index < latencies->count ? index : latencies->count - 1];
}
