#ifndef AIKORE_RUNNER_SENTENCE_H
#define AIKORE_RUNNER_SENTENCE_H

/* One line for a person. Long enough for a path of usual length; a longer one is cut. */
#define SENTENCE_BYTES 1024

struct sentence {
  char text[SENTENCE_BYTES];
};

/*
 * Formats into `out`. Control characters become '?', so that a hostile path cannot add a line to the
 * handshake or a key to the record. Always returns -1, to be returned by the caller that failed.
 */
int sentence_set(struct sentence *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
