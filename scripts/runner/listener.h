#ifndef AIKORE_RUNNER_LISTENER_H
#define AIKORE_RUNNER_LISTENER_H

#include "sentence.h"

#include <sys/types.h>

/* The unix socket on which the runner is commanded. */
struct listener {
  int socket;
  int directory;
  const char *name; /* base name, relative to `directory` */
  ino_t inode;
  uid_t trusted; /* besides this process's user and root; NOBODY_ELSE for none */
};

#define NOBODY_ELSE ((uid_t)-1)

/*
 * Binds and listens, mode 0600, in place of a stale socket of that name.
 * `trusted` is a user in decimal digits whose calls are taken as well, or NULL.
 */
int listener_open(struct listener *listener, const char *path, const char *trusted, struct sentence *error);

/*
 * The next waiting client whose user is this process's, the trusted one or root, non-blocking. -1 when there is none, -2 when the
 * machine has no descriptor to give.
 */
int listener_accept(const struct listener *listener);

/* Closes the socket and removes its file, unless the file is another runner's by now. */
void listener_close(struct listener *listener);

#endif
