#ifndef AIKORE_RUNNER_CLOCK_H
#define AIKORE_RUNNER_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC. Every deadline uses it: the wall clock jumps when somebody sets it. */
int64_t clock_mono_ms(void);

/* Milliseconds since 1970 (UTC), for people and for the record. Never used to measure a duration. */
int64_t clock_epoch_ms(void);

#endif
