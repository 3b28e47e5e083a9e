#include "record.h"

#include "procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int facts_init(struct facts *facts, const struct terminal_options *options, struct sentence *error) {
  struct process_stat own;
  memset(facts, 0, sizeof *facts);
  facts->options = options;
  facts->exit_code = facts->exit_signal = -1;
  if (!procfs_read("/proc/sys/kernel/random/boot_id", facts->boot_id, sizeof facts->boot_id) ||
      !procfs_stat(getpid(), &own))
    return sentence_set(error, "cannot read /proc");
  facts->host_start_ticks = own.start_ticks;
  return 0;
}

static const char *number_or_nothing(int number, char out[12]) {
  out[0] = 0;
  if (number >= 0) snprintf(out, 12, "%d", number);
  return out;
}

void facts_compose(const struct facts *facts, char separator, char out[FACTS_BYTES]) {
  char code[12], number[12];
  const char s = separator;
  snprintf(out, FACTS_BYTES,
           "version=1%cstate=%s%cid=%s%cowner=%s%cmarker=%s%cboot_id=%s%chost_pid=%d%chost_start=%llu%cpid=%d%c"
           "start=%llu%cstarted_ms=%" PRId64 "%cexit_code=%s%cexit_signal=%s%c",
           s, facts->has_ended ? "ended" : "running", s, facts->options->id, s, facts->options->owner, s,
           facts->options->marker, s, facts->boot_id, s, (int)getpid(), s, facts->host_start_ticks, s,
           (int)facts->shell, s, facts->shell_start_ticks, s, facts->started_ms, s,
           number_or_nothing(facts->exit_code, code), s, number_or_nothing(facts->exit_signal, number), s);
}

int record_write(const struct facts *facts, struct sentence *error) {
  char path[PATH_MAX], temporary[PATH_MAX], text[FACTS_BYTES];
  const char *directory = facts->options->directory;
  if (snprintf(temporary, sizeof temporary, "%s/record.new", directory) >= PATH_MAX)
    return sentence_set(error, "the directory's path is too long");
  snprintf(path, sizeof path, "%s/record", directory);
  facts_compose(facts, '\n', text);
  int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool is_written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
  int failure = errno;
  if (file >= 0) close(file);
  if (is_written && rename(temporary, path) == 0) return 0;
  if (is_written) failure = errno;
  unlink(temporary);
  return sentence_set(error, "cannot write the record %s: %s", path, strerror(failure));
}
