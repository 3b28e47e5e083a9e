#include "isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OOM_SCORE_ADJ = -200, CLOSE_BY_HAND_MAX = 65536 };

static const char oom_path[] = "/proc/self/oom_score_adj";

static void point_to_null(int descriptor) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || null == descriptor) return; /* the lowest free number was the wanted one */
  dup2(null, descriptor);
  close(null);
}

/* A record opened as descriptor 1 would receive the program's output, so 0 to 2 are taken before all else. */
static void fill_standard_descriptors(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0) point_to_null(descriptor);
    fcntl(descriptor, F_SETFD, 0);
  }
  point_to_null(0);
}

void isolate_close_from(int first) {
  if (close_range((unsigned)first, ~0U, 0) == 0) return;
  /* Kernels before 5.9, and sandboxes that refuse the call. */
  struct rlimit limit;
  int count = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < CLOSE_BY_HAND_MAX ? (int)limit.rlim_cur
                                                                                         : CLOSE_BY_HAND_MAX;
  for (int descriptor = first; descriptor < count; descriptor++) close(descriptor);
}

static int is_fault(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT ||
         signal == SIGTRAP || signal == SIGSYS;
}

static void ignore_all(void) {
  for (int number = 1; number <= SIGRTMAX; number++) {
    if (number == SIGCHLD || is_fault(number)) continue;
    signal(number, SIG_IGN); /* refused for SIGKILL, SIGSTOP and the C library's own; nothing to do about it */
  }
}

/*
 * Only the socket commands the runner. At a shutdown everybody gets SIGTERM: the program ends, and the runner
 * must be there to write how. SIGXFSZ is among the ignored, which turns a file size limit into EFBIG.
 * SIGCHLD must not stay ignored if it was: the kernel would then reap in our place and the exit code were lost.
 */
static void ignore_signals(void) {
  ignore_all();
  signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void write_oom_score(const char *value) {
  int file = open(oom_path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  ssize_t written = write(file, value, strlen(value));
  (void)written; /* lowering needs CAP_SYS_RESOURCE; without it the runner is as killable as the rest */
  close(file);
}

static void lower_oom_score(struct isolation *isolation) {
  isolation->oom_score_adj[0] = 0;
  int file = open(oom_path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ssize_t length = read(file, isolation->oom_score_adj, sizeof isolation->oom_score_adj - 1);
  close(file);
  isolation->oom_score_adj[length > 0 ? length : 0] = 0;
  if (length > 0 && atoi(isolation->oom_score_adj) > OOM_SCORE_ADJ) write_oom_score("-200");
}

int isolate_spawner(struct isolation *isolation, struct sentence *error) {
  isolate_close_from(3);
  ignore_signals();
  /* A group leader that is not a session leader is refused: a shell's foreground job, never AiKore's child. */
  if (getsid(0) != getpid() && setsid() < 0)
    return sentence_set(error, "cannot become a session of its own: %s", strerror(errno));
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
    return sentence_set(error, "cannot adopt orphaned processes: %s", strerror(errno));
  lower_oom_score(isolation);
  return 0;
}

int isolate_runner(struct isolation *isolation, struct sentence *error) {
  prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); /* the spawner's death is no concern of a runner that has come this far */
  fill_standard_descriptors();
  return isolate_spawner(isolation, error);
}

/* Asks the kernel itself: the C library keeps its first real-time signals from signal(), which may come in ignored. */
static void reset_all(void) {
  static const char all_default[64]; /* of the kernel's sigaction all zero means SIG_DFL, on every architecture */
  for (int number = 1; number <= SIGRTMAX; number++) syscall(SYS_rt_sigaction, number, all_default, NULL, 8);
}

void isolate_undo_in_child(const struct isolation *isolation) {
  reset_all();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (isolation->oom_score_adj[0]) write_oom_score(isolation->oom_score_adj);
}

void isolate_silence(void) {
  point_to_null(1);
  point_to_null(2);
}
