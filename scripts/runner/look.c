#include "look.h"

#include "procfs.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_USAGE = 2, PATH_BYTES = 64 };

static void visit_descriptor(pid_t descriptor, void *context) {
  pid_t pid = *(const pid_t *)context;
  char path[PATH_BYTES], target[PATH_MAX];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, (int)descriptor);
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length < 0) return;
  target[length] = 0;
  printf("%d %d %s%c", (int)pid, (int)descriptor, target, 0);
}

static void visit_outputs(pid_t pid, void *unused) {
  (void)unused;
  if (pid == getpid()) return;
  visit_descriptor(STDOUT_FILENO, &pid);
  visit_descriptor(STDERR_FILENO, &pid);
}

static void visit_descriptors(pid_t pid, void *unused) {
  (void)unused;
  char path[PATH_BYTES];
  if (pid == getpid()) return;
  snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
  visit_descriptor(STDIN_FILENO, &pid); /* 0 is no number to the walk */
  procfs_each_number(path, visit_descriptor, &pid);
}

static void visit_started(pid_t pid, void *context) {
  char **assignments = context;
  if (pid == getpid()) return;
  for (; *assignments; assignments++) {
    if (!procfs_has_environment(pid, *assignments)) return;
  }
  printf("%d%c", (int)pid, 0);
}

static void print_variable(const char *pid, const char *name) {
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%d/environ", atoi(pid));
  FILE *environment = fopen(path, "re");
  char *entry = NULL;
  size_t size = 0, length = strlen(name);
  while (environment && getdelim(&entry, &size, 0, environment) > 0) {
    if (strncmp(entry, name, length) != 0 || entry[length] != '=') continue;
    printf("%s%c", entry + length + 1, 0);
    break;
  }
  free(entry);
  if (environment) fclose(environment);
}

static void visit_given(char **pids, void (*visit)(pid_t, void *)) {
  if (!*pids) procfs_each_number("/proc", visit, NULL);
  for (; *pids; pids++) visit(atoi(*pids), NULL);
}

int look_main(int argc, char **argv) {
  char **words = argv + 1;
  const char *question = argv[0] ? argv[0] : "";
  if (strcmp(question, "started") == 0 && argc > 1)
    procfs_each_number("/proc", visit_started, words);
  else if (strcmp(question, "variable") == 0 && argc == 3)
    print_variable(words[0], words[1]);
  else if (strcmp(question, "outputs") == 0)
    visit_given(words, visit_outputs);
  else if (strcmp(question, "descriptors") == 0)
    visit_given(words, visit_descriptors);
  else
    return EXIT_USAGE;
  /* Whoever was killed in between has not said it. */
  printf("end%c", 0);
  return fflush(stdout) == 0 ? EXIT_OK : EXIT_USAGE;
}
