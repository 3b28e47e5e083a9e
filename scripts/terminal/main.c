/*
 * aikore-terminal: one terminal. Owns a pseudo-terminal and all processes in it, keeps the newest output, and shows it
 * to viewers on a socket. It outlives AiKore. Protocol and files: README.md beside this file.
 */
#include "clock.h"
#include "isolate.h"
#include "options.h"
#include "procfs.h"
#include "record.h"
#include "serve.h"
#include "session.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Static: its buffers are too much for a stack, and what is not touched costs nothing. */
static struct session session;

static int refuse(const struct sentence *failure) {
  dprintf(1, "failed %s\n", failure->text);
  return EXIT_FAILED;
}

static int open_session(struct facts *facts, const struct isolation *isolation, struct sentence *failure) {
  static char socket_path[PATH_MAX];
  const struct terminal_options *options = facts->options;
  struct process_stat stat;
  session.facts = facts;
  session.view = (struct view){.ring = &session.ring, .size = {options->cols, options->rows}, .exit_code = -1, .exit_signal = -1};
  for (int i = 0; i < VIEWER_COUNT; i++) session.viewers[i].socket = -1;
  ring_init(&session.ring);
  closing_init(&session.closing);
  snprintf(socket_path, sizeof socket_path, "%s/socket", options->directory);
  if (listener_open(&session.listener, socket_path, options->trusted_uid, failure) < 0) return -1;
  facts->started_ms = clock_epoch_ms();
  if (record_write(facts, failure) == 0 && pty_start(&session.pty, options, isolation, failure) == 0) {
    facts->shell = session.pty.shell;
    facts->shell_start_ticks = procfs_stat(session.pty.shell, &stat) ? stat.start_ticks : 0;
    if (record_write(facts, failure) == 0) return 0;
    kill(-session.pty.shell, SIGKILL);
  }
  listener_close(&session.listener);
  return -1;
}

int main(int argc, char **argv) {
  struct terminal_options options;
  struct sentence failure;
  struct isolation isolation;
  struct facts facts;
  if (terminal_options_parse(argc, argv, &options, &failure) < 0) {
    dprintf(2, "aikore-terminal: %s\n", failure.text);
    return EXIT_USAGE;
  }
  if (isolate_runner(&isolation, &failure) < 0 || facts_init(&facts, &options, &failure) < 0 ||
      open_session(&facts, &isolation, &failure) < 0)
    return refuse(&failure);
  serve_prepare(&session);
  dprintf(1, "started pid=%d start=%llu\n", (int)facts.shell, facts.shell_start_ticks);
  isolate_silence();
  serve(&session);
  for (int i = 0; i < VIEWER_COUNT; i++) viewer_close(&session.viewers[i]);
  listener_close(&session.listener);
  return 0;
}
