#include "become.h"

#include "isolate.h"
#include "spawn_request.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CONNECTION = 3, EXIT_NOT_STARTED = 127 };

static bool read_whole(struct spawn_request *request) {
  struct pollfd readable = {.fd = CONNECTION, .events = POLLIN};
  for (;;) {
    enum spawn_reading reading = spawn_request_read(request, CONNECTION);
    if (reading != SPAWN_PARTIAL) return reading == SPAWN_WHOLE;
    poll(&readable, 1, -1);
  }
}

static int refuse(const struct sentence *failure) {
  dprintf(CONNECTION, "failed %s\n", failure->text);
  return EXIT_NOT_STARTED;
}

int become_main(void) {
  static struct spawn_request request;
  struct spawn_wish wish;
  struct sentence failure;
  isolate_close_from(CONNECTION + 1);
  /* An exec that succeeds closes the connection, and that says so. */
  if (fcntl(CONNECTION, F_SETFD, FD_CLOEXEC) < 0) return EXIT_NOT_STARTED;
  if (!read_whole(&request) || !spawn_request_parse(&request, &wish)) {
    sentence_set(&failure, "that is no request");
    return refuse(&failure);
  }
  if (credentials_take(&wish.user, &failure) < 0) return refuse(&failure);
  /* The search for the program goes by the PATH that the program gets. */
  environ = wish.envp;
  execvp(wish.argv[0], wish.argv);
  sentence_set(&failure, "cannot run %s: %s", wish.argv[0], strerror(errno));
  return refuse(&failure);
}
