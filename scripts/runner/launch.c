#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_PIPE_BYTES = 1 << 20, EXIT_NOT_STARTED = 127 };

enum step { ENTER_DIRECTORY, RUN_PROGRAM };

struct child_failure {
  enum step step;
  int error;
};

struct pipes {
  int output[2], gate[2], status[2];
};

static _Noreturn void report(int status, enum step step) {
  struct child_failure failure = {.step = step, .error = errno};
  ssize_t written = write(status, &failure, sizeof failure);
  (void)written;
  _exit(EXIT_NOT_STARTED);
}

/* Every descriptor of the runner is close-on-exec, 0 is /dev/null: the program gets exactly 0, 1 and 2. */
static _Noreturn void child(const struct pipes *pipes, const struct options *options,
                            const struct isolation *isolation) {
  char go;
  close(pipes->gate[1]);
  if (read(pipes->gate[0], &go, 1) != 1) _exit(EXIT_NOT_STARTED);
  setsid();
  isolate_undo_in_child(isolation);
  dup2(pipes->output[1], 1);
  dup2(pipes->output[1], 2);
  if (chdir(options->cwd) < 0) report(pipes->status[1], ENTER_DIRECTORY);
  execvp(options->program[0], options->program);
  report(pipes->status[1], RUN_PROGRAM);
}

static int open_pipes(struct pipes *pipes) {
  if (pipe2(pipes->output, O_CLOEXEC) < 0 || pipe2(pipes->gate, O_CLOEXEC) < 0 ||
      pipe2(pipes->status, O_CLOEXEC) < 0)
    return -1;
  fcntl(pipes->output[1], F_SETPIPE_SZ, OUTPUT_PIPE_BYTES); /* refused when the user's pipes hold too much already */
  /* Only the runner's end: the other is a file description of its own and the program expects it to block. */
  return fcntl(pipes->output[0], F_SETFL, O_NONBLOCK);
}

int launch_prepare(struct launch *launch, const struct options *options, const struct isolation *isolation,
                   struct sentence *error) {
  struct pipes pipes;
  if (open_pipes(&pipes) < 0) return sentence_set(error, "cannot make a pipe: %s", strerror(errno));
  launch->pid = fork();
  if (launch->pid < 0) return sentence_set(error, "cannot make a process: %s", strerror(errno));
  if (launch->pid == 0) child(&pipes, options, isolation);
  close(pipes.output[1]);
  close(pipes.gate[0]);
  close(pipes.status[1]);
  launch->output = pipes.output[0];
  launch->gate = pipes.gate[1];
  launch->status = pipes.status[0];
  return 0;
}

void launch_abandon(struct launch *launch) {
  close(launch->gate);
  while (waitpid(launch->pid, NULL, 0) < 0 && errno == EINTR) continue;
}

int launch_release(struct launch *launch, const struct options *options, struct sentence *error) {
  struct child_failure failure;
  ssize_t length = write(launch->gate, "", 1);
  do {
    length = read(launch->status, &failure, sizeof failure);
  } while (length < 0 && errno == EINTR);
  close(launch->status);
  if (length == 0) {
    close(launch->gate);
    return 0;
  }
  launch_abandon(launch);
  if (length != (ssize_t)sizeof failure) return sentence_set(error, "the start of the program was cut off");
  if (failure.step == ENTER_DIRECTORY)
    return sentence_set(error, "cannot enter the directory %s: %s", options->cwd, strerror(failure.error));
  return sentence_set(error, "cannot run %s: %s", options->program[0], strerror(failure.error));
}
