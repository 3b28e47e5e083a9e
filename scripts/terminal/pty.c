#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { EXIT_NOT_STARTED = 127, NAME_BYTES = 128 };

enum step { TAKE_TERMINAL, ENTER_DIRECTORY, RUN_PROGRAM };

struct child_failure {
  enum step step;
  int error;
};

static _Noreturn void report(int status, enum step step) {
  struct child_failure failure = {.step = step, .error = errno};
  ssize_t written = write(status, &failure, sizeof failure);
  (void)written;
  _exit(EXIT_NOT_STARTED);
}

/* Every descriptor of the terminal host is close-on-exec: the program gets exactly 0, 1 and 2. */
static _Noreturn void child(const struct pty *pty, int status, const struct terminal_options *options,
                            const struct isolation *isolation) {
  setsid();
  isolate_undo_in_child(isolation);
  if (ioctl(pty->slave, TIOCSCTTY, 0) < 0) report(status, TAKE_TERMINAL);
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (dup2(pty->slave, descriptor) < 0) report(status, TAKE_TERMINAL);
  }
  setenv("TERM", "xterm-256color", 1);
  setenv("COLORTERM", "truecolor", 1);
  if (chdir(options->cwd) < 0) report(status, ENTER_DIRECTORY);
  execvp(options->program[0], options->program);
  report(status, RUN_PROGRAM);
}

/* TIOCGPTPEER needs no path, so another mount of /dev/pts does not matter; kernels before 4.13 have the path only. */
static int open_slave(int master) {
  int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  char name[NAME_BYTES];
  if (slave < 0 && ptsname_r(master, name, sizeof name) == 0) slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  return slave;
}

static int open_pair(struct pty *pty, struct sentence *error) {
  pty->slave = -1;
  pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (pty->master >= 0 && grantpt(pty->master) == 0 && unlockpt(pty->master) == 0) pty->slave = open_slave(pty->master);
  if (pty->slave < 0) return sentence_set(error, "cannot open a terminal: %s", strerror(errno));
  struct termios settings;
  if (tcgetattr(pty->slave, &settings) == 0) {
    settings.c_iflag |= IUTF8; /* so that backspace takes a whole character */
    tcsetattr(pty->slave, TCSANOW, &settings);
  }
  return 0;
}

void pty_resize(const struct pty *pty, uint16_t cols, uint16_t rows) {
  struct winsize size = {.ws_col = cols, .ws_row = rows};
  ioctl(pty->master, TIOCSWINSZ, &size);
}

static int tell(const struct child_failure *failure, const struct terminal_options *options, struct sentence *error) {
  const char *reason = strerror(failure->error);
  switch (failure->step) {
    case TAKE_TERMINAL: return sentence_set(error, "cannot take the terminal: %s", reason);
    case ENTER_DIRECTORY: return sentence_set(error, "cannot enter the directory %s: %s", options->cwd, reason);
    case RUN_PROGRAM: return sentence_set(error, "cannot run %s: %s", options->program[0], reason);
  }
  return -1;
}

int pty_start(struct pty *pty, const struct terminal_options *options, const struct isolation *isolation,
              struct sentence *error) {
  int status[2];
  if (open_pair(pty, error) < 0) return -1;
  pty_resize(pty, options->cols, options->rows);
  if (pipe2(status, O_CLOEXEC) < 0) return sentence_set(error, "cannot make a pipe: %s", strerror(errno));
  pty->shell = fork();
  if (pty->shell < 0) return sentence_set(error, "cannot make a process: %s", strerror(errno));
  if (pty->shell == 0) child(pty, status[1], options, isolation);
  close(status[1]);
  struct child_failure failure;
  ssize_t length;
  do {
    length = read(status[0], &failure, sizeof failure);
  } while (length < 0 && errno == EINTR);
  close(status[0]);
  if (length == 0) return 0;
  while (waitpid(pty->shell, NULL, 0) < 0 && errno == EINTR) continue;
  if (length != (ssize_t)sizeof failure) return sentence_set(error, "the start of the program was cut off");
  return tell(&failure, options, error);
}
