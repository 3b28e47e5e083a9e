#ifndef AIKORE_RUNNER_SUPERVISE_H
#define AIKORE_RUNNER_SUPERVISE_H

#include "control.h"
#include "record.h"
#include "run.h"

/* Takes over the started program: opens its log, gets ready to collect it. The arguments must outlive supervise. */
void supervise_prepare(struct run *run, struct control *control, const struct record *record, int output_pipe);

/* Stays until no process of the program is left and the record says how it ended. */
void supervise(void);

#endif
