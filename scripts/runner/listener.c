#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16 };

static int open_directory(struct listener *listener, const char *path, struct sentence *error) {
  char parent[PATH_MAX];
  const char *slash = strrchr(path, '/');
  int length = slash == path ? 1 : (int)(slash - path);
  if (length >= PATH_MAX) return sentence_set(error, "the socket's path is too long");
  snprintf(parent, sizeof parent, "%.*s", length, path);
  listener->name = slash + 1;
  if (!*listener->name) return sentence_set(error, "the socket's path has no name");
  listener->directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (listener->directory < 0) return sentence_set(error, "cannot open the directory %s: %s", parent, strerror(errno));
  return 0;
}

/* Only a socket is removed: a wrong --socket must not cost anybody a file. */
static void remove_stale(const struct listener *listener) {
  struct stat stat;
  if (fstatat(listener->directory, listener->name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(stat.st_mode))
    unlinkat(listener->directory, listener->name, 0);
}

/* sun_path holds 108 bytes and data directories may be longer, so the name is bound relative to the directory. */
static int bind_here(struct listener *listener, struct sentence *error) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(listener->name) >= sizeof address.sun_path) return sentence_set(error, "the socket's name is too long");
  strcpy(address.sun_path, listener->name);
  listener->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener->socket < 0 || fchdir(listener->directory) < 0)
    return sentence_set(error, "cannot make the socket: %s", strerror(errno));
  mode_t before = umask(0177);
  int result = bind(listener->socket, (struct sockaddr *)&address, sizeof address);
  int failure = errno;
  umask(before);
  if (chdir("/") < 0) failure = errno;
  if (result < 0 || listen(listener->socket, BACKLOG) < 0)
    return sentence_set(error, "cannot listen on %s: %s", listener->name, strerror(failure));
  return 0;
}

int listener_open(struct listener *listener, const char *path, const char *trusted, struct sentence *error) {
  listener->trusted = trusted ? (uid_t)strtoul(trusted, NULL, 10) : NOBODY_ELSE;
  if (open_directory(listener, path, error) < 0) return -1;
  remove_stale(listener);
  if (bind_here(listener, error) < 0) return -1;
  struct stat stat;
  if (fstatat(listener->directory, listener->name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
    return sentence_set(error, "the socket vanished: %s", strerror(errno));
  listener->inode = stat.st_ino;
  return 0;
}

static int is_trusted(const struct listener *listener, int client) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return 0;
  return peer.uid == geteuid() || peer.uid == 0 || (listener->trusted != NOBODY_ELSE && peer.uid == listener->trusted);
}

int listener_accept(const struct listener *listener) {
  for (;;) {
    int client = accept4(listener->socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0 && is_trusted(listener, client)) return client;
    if (client >= 0)
      close(client);
    else if (errno != EINTR && errno != ECONNABORTED)
      return errno == EAGAIN ? -1 : -2;
  }
}

void listener_close(struct listener *listener) {
  struct stat stat;
  close(listener->socket);
  if (fstatat(listener->directory, listener->name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
      stat.st_ino == listener->inode)
    unlinkat(listener->directory, listener->name, 0);
  close(listener->directory);
}
