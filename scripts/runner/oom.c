#include "oom.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_BYTES = 4096 };

static const char key[] = "oom_kill ";

/*
 * Calls `take` with every line until it answers true. In small pieces, because each of many runners would keep the
 * pages of a large buffer. A line longer than a piece, which these files do not have, ends the reading.
 */
static bool find_line(const char *path, bool (*take)(const char *line, void *context), void *context) {
  char text[CHUNK_BYTES + 1];
  size_t kept = 0;
  ssize_t length;
  bool is_found = false;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  while (!is_found && (length = read(file, text + kept, CHUNK_BYTES - kept)) > 0) {
    char *line = text, *end;
    text[kept + (size_t)length] = 0;
    while (!is_found && (end = strchr(line, '\n'))) {
      *end = 0;
      is_found = take(line, context);
      line = end + 1;
    }
    kept = strlen(line);
    memmove(text, line, kept);
  }
  close(file);
  return is_found;
}

static bool take_count(const char *line, void *context) {
  if (strncmp(line, key, sizeof key - 1) != 0) return false;
  *(uint64_t *)context = strtoull(line + sizeof key - 1, NULL, 10);
  return true;
}

static bool use(struct oom *oom, enum oom_source source, const char *root, const char *group, const char *file) {
  if (snprintf(oom->path, sizeof oom->path, "%s%s/%s", root, group, file) >= (int)sizeof oom->path) return false;
  if (!find_line(oom->path, take_count, &oom->before)) return false;
  oom->source = source;
  return true;
}

/*
 * A line of /proc/self/cgroup, see cgroups(7): `0::/path` of version 2, `4:memory:/path` of version 1. In a container
 * without a namespace of its own for groups, version 1 shows the machine's path and mounts its end as the root.
 */
static bool take_group(const char *line, void *context) {
  struct oom *oom = context;
  static const char v1_root[] = "/sys/fs/cgroup/memory", v1_file[] = "memory.oom_control";
  if (strncmp(line, "0::/", 4) == 0) return use(oom, OOM_CGROUP, "/sys/fs/cgroup", line + 3, "memory.events");
  const char *group = strstr(line, ":memory:/");
  if (!group) return false;
  return use(oom, OOM_CGROUP, v1_root, group + strlen(":memory:"), v1_file) ||
         use(oom, OOM_CGROUP, v1_root, "", v1_file);
}

void oom_begin(struct oom *oom) {
  *oom = (struct oom){.source = OOM_UNKNOWN};
  if (find_line("/proc/self/cgroup", take_group, oom)) return;
  use(oom, OOM_MACHINE, "/proc", "", "vmstat");
}

void oom_update(struct oom *oom) {
  uint64_t now;
  if (oom->source == OOM_UNKNOWN || !find_line(oom->path, take_count, &now)) return;
  oom->kills = now > oom->before ? now - oom->before : 0;
}

const char *oom_source_word(const struct oom *oom) {
  switch (oom->source) {
    case OOM_UNKNOWN: return "";
    case OOM_CGROUP: return "cgroup";
    case OOM_MACHINE: return "machine";
  }
  return "";
}
