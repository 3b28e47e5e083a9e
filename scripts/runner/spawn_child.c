#include "spawn_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EXIT_NOT_STARTED = 127 };

static _Noreturn void fail(const struct sentence *failure) {
  dprintf(1, "failed %s\n", failure->text);
  _exit(EXIT_NOT_STARTED);
}

/*
 * AiKore finds a start whose spawner died by the marker in its environment, and before the exec this process does not
 * carry it yet. So it must not get there without its spawner: the kernel kills it, also when the spawner died
 * between the fork and the prctl, which the comparison tells.
 */
static void die_with(pid_t spawner) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != spawner) _exit(EXIT_NOT_STARTED);
}

static _Noreturn void child(const struct spawn_wish *wish, const struct isolation *isolation, int output,
                            pid_t spawner) {
  die_with(spawner);
  setsid();
  isolate_undo_in_child(isolation);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || dup2(null, 0) < 0 || dup2(null, 2) < 0 || dup2(output, 1) < 0) _exit(EXIT_NOT_STARTED);
  struct sentence failure;
  if (credentials_take(&wish->user, &failure) < 0) fail(&failure);
  die_with(spawner); /* the kernel forgets it when the user changes */
  execve(wish->argv[0], wish->argv, wish->envp);
  sentence_set(&failure, "cannot run %s: %s", wish->argv[0], strerror(errno));
  fail(&failure);
}

int spawn_child(const struct spawn_wish *wish, const struct isolation *isolation, struct sentence *error) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) < 0) return sentence_set(error, "cannot make a pipe: %s", strerror(errno));
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  pid_t spawner = getpid();
  pid_t pid = fork();
  if (pid == 0) child(wish, isolation, output[1], spawner);
  int failure = errno;
  close(output[1]);
  if (pid > 0) return output[0];
  close(output[0]);
  return sentence_set(error, "cannot make a process: %s", strerror(failure));
}
