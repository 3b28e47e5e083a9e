#ifndef AIKORE_RUNNER_PROCFS_H
#define AIKORE_RUNNER_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The fields of /proc/<pid>/stat that the runner uses; proc(5) numbers them 4, 5 and 22. */
struct process_stat {
  pid_t parent;
  pid_t group;
  unsigned long long start_ticks;
};

/* False when the process is gone or /proc is not there. */
bool procfs_stat(pid_t pid, struct process_stat *out);

/* The whole of a small file, NUL-terminated, without its last line feed. False when it cannot be read. */
bool procfs_read(const char *path, char *out, size_t size);

/* Calls `visit` for every entry of `directory` whose name is a number (processes, or threads of one). */
void procfs_each_number(const char *directory, void (*visit)(pid_t number, void *context), void *context);

/* Calls `visit` for every child of `pid`, all its threads included. False when the kernel has no such list. */
bool procfs_each_child(pid_t pid, void (*visit)(pid_t child, void *context), void *context);

/* True when the environment of `pid` (as it was at its exec) holds the entry `assignment`, "NAME=value". */
bool procfs_has_environment(pid_t pid, const char *assignment);

#endif
