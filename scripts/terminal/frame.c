#include "frame.h"

#include <endian.h>
#include <string.h>

void frame_put16(unsigned char *at, uint16_t number) {
  number = htole16(number);
  memcpy(at, &number, sizeof number);
}

void frame_put32(unsigned char *at, uint32_t number) {
  number = htole32(number);
  memcpy(at, &number, sizeof number);
}

void frame_put64(unsigned char *at, uint64_t number) {
  number = htole64(number);
  memcpy(at, &number, sizeof number);
}

uint16_t frame_get16(const unsigned char *at) {
  uint16_t number;
  memcpy(&number, at, sizeof number);
  return le16toh(number);
}

uint32_t frame_get32(const unsigned char *at) {
  uint32_t number;
  memcpy(&number, at, sizeof number);
  return le32toh(number);
}

uint64_t frame_get64(const unsigned char *at) {
  uint64_t number;
  memcpy(&number, at, sizeof number);
  return le64toh(number);
}

size_t frame_head(unsigned char *at, enum frame_type type, size_t payload_length) {
  at[0] = (unsigned char)type;
  frame_put32(at + 1, (uint32_t)payload_length);
  return FRAME_HEAD_BYTES;
}
