#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char temporary_suffix[] = ".new";

static int temporary_name(const char *path, char *out, struct sentence *error) {
  if (snprintf(out, PATH_MAX, "%s%s", path, temporary_suffix) < PATH_MAX) return 0;
  return sentence_set(error, "the record's path is too long");
}

int record_reserve(struct record *record, const char *path, struct sentence *error) {
  char temporary[PATH_MAX];
  if (temporary_name(path, temporary, error) < 0) return -1;
  unlink(temporary); /* left by a runner that was killed in between */
  record->file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (record->file < 0) return sentence_set(error, "cannot create the record %s: %s", path, strerror(errno));
  int failure = posix_fallocate(record->file, 0, RECORD_BYTES); /* returns the error, errno stays as it was */
  if (failure == 0) return 0;
  unlink(temporary);
  close(record->file);
  record->file = -1;
  if (failure == ENOSPC || failure == EDQUOT)
    return sentence_set(error, "the disk is full: no space for the record %s", path);
  return sentence_set(error, "cannot reserve the record %s: %s", path, strerror(failure));
}

static const char *state_word(const struct run *run) {
  if (run->failure) return "failed";
  return run->phase == RUN_ENDED ? "ended" : "running";
}

static const char *moment(int64_t epoch_ms, char *out, size_t size) {
  out[0] = 0;
  if (epoch_ms) snprintf(out, size, "%" PRId64, epoch_ms);
  return out;
}

static void compose(const struct run *run, char *out) {
  char started[24], ended[24], code[NUMBER_BYTES], number[NUMBER_BYTES];
  int length = snprintf(
      out, RECORD_BYTES,
      "version=1\nstate=%s\nrun=%s\nmarker=%s\nboot_id=%s\nrunner_pid=%d\nrunner_start=%llu\npid=%d\nstart=%llu\n"
      "started_ms=%s\nended_ms=%s\nexit_code=%s\nexit_signal=%s\ndropped_bytes=%" PRIu64
      "\noom_kills=%" PRIu64 "\noom_source=%s\nstop_requested=%d\nerror=%s\n",
      state_word(run), run->options->run, run->options->marker, run->boot_id, (int)getpid(),
      run->runner_start_ticks, (int)run->pid, run->start_ticks,
      moment(run->started_epoch_ms, started, sizeof started), moment(run->ended_epoch_ms, ended, sizeof ended),
      run_number(run->exit_code, code), run_number(run->exit_signal, number), run->dropped_bytes,
      run->oom.kills, oom_source_word(&run->oom), run->is_stop_requested, run->failure ? run->failure : "");
  memset(out + length, ' ', RECORD_BYTES - (size_t)length);
}

bool record_update(const struct record *record, const struct run *run) {
  char text[RECORD_BYTES];
  compose(run, text);
  if (pwrite(record->file, text, sizeof text, 0) != (ssize_t)sizeof text) return false;
  /* What the page cache holds outlives every process. Only a power cut takes it, and with it the run: of that only the
     end is worth waiting for the disk, which a start would be held up by. */
  return run->phase != RUN_ENDED || fdatasync(record->file) == 0;
}

int record_publish(struct record *record, const struct run *run, struct sentence *error) {
  const char *path = run->options->record;
  char temporary[PATH_MAX];
  if (temporary_name(path, temporary, error) < 0) return -1;
  if (!record_update(record, run) || (!record->is_published && rename(temporary, path) < 0)) {
    sentence_set(error, "cannot write the record %s: %s", path, strerror(errno));
    unlink(temporary);
    return -1;
  }
  record->is_published = true;
  return 0;
}
