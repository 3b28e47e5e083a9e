#include "procfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* CONFIG_PROC_CHILDREN may be missing; the tests build with another name to walk the other way. */
#ifndef PROCFS_CHILDREN
#define PROCFS_CHILDREN "children"
#endif

enum { PATH_BYTES = 64, CHUNK_BYTES = 4096 };

bool procfs_read(const char *path, char *out, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, out, size - 1);
  close(file);
  if (length <= 0) return false;
  out[length] = 0;
  if (out[length - 1] == '\n') out[length - 1] = 0;
  return true;
}

bool procfs_stat(pid_t pid, struct process_stat *out) {
  char path[PATH_BYTES], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  if (!procfs_read(path, text, sizeof text)) return false;
  /* The second field is the program's name in brackets, and a name may hold spaces and brackets. */
  const char *rest = strrchr(text, ')');
  if (!rest) return false;
  int parent, group;
  int found = sscanf(rest + 1, " %*c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                     &parent, &group, &out->start_ticks);
  out->parent = parent;
  out->group = group;
  return found == 3;
}

/* getdents64 rather than opendir: no heap, whose pages each of many runners would keep. */
void procfs_each_number(const char *directory, void (*visit)(pid_t, void *), void *context) {
  int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  _Alignas(struct dirent64) char chunk[CHUNK_BYTES];
  ssize_t length;
  while ((length = getdents64(file, chunk, sizeof chunk)) > 0) {
    for (ssize_t at = 0; at < length;) {
      const struct dirent64 *entry = (const struct dirent64 *)(chunk + at);
      at += entry->d_reclen;
      int number = atoi(entry->d_name);
      if (number > 0) visit(number, context);
    }
  }
  close(file);
}

static void parse_numbers(int file, void (*visit)(pid_t, void *), void *context) {
  char chunk[CHUNK_BYTES];
  ssize_t length;
  pid_t number = 0;
  while ((length = read(file, chunk, sizeof chunk)) > 0) {
    for (ssize_t i = 0; i < length; i++) {
      if (chunk[i] >= '0' && chunk[i] <= '9') {
        number = number * 10 + (chunk[i] - '0');
      } else if (number > 0) {
        visit(number, context);
        number = 0;
      }
    }
  }
}

struct child_walk {
  pid_t pid;
  bool is_listed;
  void (*visit)(pid_t, void *);
  void *context;
};

static void visit_thread(pid_t thread, void *context) {
  struct child_walk *walk = context;
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/task/%d/" PROCFS_CHILDREN, (int)walk->pid, (int)thread);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  walk->is_listed = true;
  parse_numbers(file, walk->visit, walk->context);
  close(file);
}

bool procfs_each_child(pid_t pid, void (*visit)(pid_t, void *), void *context) {
  struct child_walk walk = {.pid = pid, .is_listed = false, .visit = visit, .context = context};
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
  procfs_each_number(path, visit_thread, &walk);
  return walk.is_listed;
}

bool procfs_has_environment(pid_t pid, const char *assignment) {
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  /* Compares entry by entry while reading; an environment may be megabytes long. */
  char chunk[CHUNK_BYTES];
  ssize_t length;
  size_t wanted = strlen(assignment), matched = 0;
  bool is_candidate = true, is_found = false;
  while (!is_found && (length = read(file, chunk, sizeof chunk)) > 0) {
    for (ssize_t i = 0; i < length && !is_found; i++) {
      if (chunk[i] == 0) {
        is_found = is_candidate && matched == wanted;
        is_candidate = true;
        matched = 0;
      } else {
        is_candidate = is_candidate && matched < wanted && chunk[i] == assignment[matched];
        matched++;
      }
    }
  }
  close(file);
  return is_found;
}
