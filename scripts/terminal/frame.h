#ifndef AIKORE_TERMINAL_FRAME_H
#define AIKORE_TERMINAL_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* A frame on the socket: its type, the length of what follows (32 bits), then that. Numbers are little-endian. */
enum { FRAME_HEAD_BYTES = 5, FRAME_PAYLOAD_MAX = 64 << 10 };

enum frame_type {
  /* To the terminal. */
  FRAME_ATTACH = 'A', /* cols 16, rows 16, credit 64: from now on this is a viewer */
  FRAME_WATCH = 'W',  /* nothing: from now on this is told of the size and the end */
  FRAME_INPUT = 'I',  /* bytes as typed */
  FRAME_RESIZE = 'Z', /* cols 16, rows 16; also from the terminal */
  FRAME_CREDIT = 'C', /* 64: bytes that may be sent on this connection, all together */
  FRAME_CLOSE = 'K',  /* 32: milliseconds between SIGHUP and SIGKILL */
  /* From the terminal. */
  FRAME_HELLO = 'H',  /* key=value words */
  FRAME_REPLAY = 'R', /* 64: bytes of output that follow and are old; then what sets up the screen */
  FRAME_OUTPUT = 'O', /* bytes */
  FRAME_TAKEN = 'T',  /* 64: bytes of input that this connection sent and the program was given */
  FRAME_EXIT = 'X',   /* exit code 32, signal 32; -1 for none */
};

void frame_put16(unsigned char *at, uint16_t number);
void frame_put32(unsigned char *at, uint32_t number);
void frame_put64(unsigned char *at, uint64_t number);
uint16_t frame_get16(const unsigned char *at);
uint32_t frame_get32(const unsigned char *at);
uint64_t frame_get64(const unsigned char *at);

/* Writes a frame's head. Returns its size. */
size_t frame_head(unsigned char *at, enum frame_type type, size_t payload_length);

#endif
