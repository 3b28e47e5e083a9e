#ifndef AIKORE_TERMINAL_PTY_H
#define AIKORE_TERMINAL_PTY_H

#include "isolate.h"
#include "options.h"

#include <stdint.h>
#include <sys/types.h>

struct pty {
  int master; /* non-blocking */
  int slave;  /* held, so that a program that closes its terminal for a while does not seem to have hung up */
  pid_t shell;
};

/* Opens a terminal of the wanted size and starts the program in it. */
int pty_start(struct pty *pty, const struct terminal_options *options, const struct isolation *isolation,
              struct sentence *error);

/* Tells the kernel, which tells the program by SIGWINCH when it is another size than before. */
void pty_resize(const struct pty *pty, uint16_t cols, uint16_t rows);

#endif
