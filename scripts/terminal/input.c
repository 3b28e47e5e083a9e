#include "input.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCSIG
#define TIOCSIG _IOW('T', 0x36, int) /* asm-generic/ioctls.h */
#endif

enum { WRITE_BYTES = 4096 };

bool input_add(struct input *input, const unsigned char *bytes, size_t length) {
  if (input->length + length > INPUT_BYTES) return false;
  if (input->start + input->length + length > INPUT_BYTES) {
    memmove(input->bytes, input->bytes + input->start, input->length);
    input->start = 0;
  }
  memcpy(input->bytes + input->start + input->length, bytes, length);
  input->length += length;
  return true;
}

size_t input_flush(struct input *input, int master) {
  size_t done = 0;
  while (input->length > 0) {
    size_t piece = input->length < WRITE_BYTES ? input->length : WRITE_BYTES;
    ssize_t written = write(master, input->bytes + input->start, piece);
    if (written <= 0) break;
    input->start += (size_t)written;
    input->length -= (size_t)written;
    done += (size_t)written;
  }
  if (input->length == 0) input->start = 0;
  return done;
}

static int signal_of(int master, unsigned char c) {
  struct termios settings;
  if (tcgetattr(master, &settings) < 0 || !(settings.c_lflag & ISIG)) return 0;
  if (c == settings.c_cc[VINTR]) return SIGINT;
  return c == settings.c_cc[VQUIT] ? SIGQUIT : 0;
}

bool input_interrupts(struct input *input, int master, const unsigned char *bytes, size_t length) {
  if (length != 1 || input->length == 0) return false;
  int number = signal_of(master, bytes[0]);
  if (number == 0 || ioctl(master, TIOCSIG, number) < 0) return false;
  input->start = 0;
  input->length = 0;
  return true;
}
