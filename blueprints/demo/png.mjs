import { deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Length, type, data, checksum of type and data: https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

function header(width, height) {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  // 8 bits a channel, colour type 2 (RGB), then compression, filter and interlace as the standard has them: 0.
  data.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', data);
}

/**
 * Encodes an RGB picture as PNG.
 * @param pixels three bytes a pixel, row after row
 * @param text keyword → Latin-1 text, stored beside the picture
 */
export function encodePng(width, height, pixels, text = {}) {
  const rowBytes = width * 3;
  const rows = Buffer.alloc(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) {
    // The byte before each row stays 0: no filter.
    rows.set(pixels.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }
  const notes = Object.entries(text).map(([key, value]) =>
    chunk('tEXt', Buffer.from(`${key}\0${value}`, 'latin1')),
  );
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([SIGNATURE, header(width, height), ...notes, chunk('IDAT', deflateSync(rows)), end]);
}
