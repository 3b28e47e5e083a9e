import { randomBytes } from 'node:crypto';

/** Any machine's name, any transport (Xauth.h): the file is of use on this machine only. */
const FAMILY_WILD = 65_535;
const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';
const COOKIE_BYTES = 16;

/**
 * A new secret for a display, as a file that servers (`-auth`) and programs (`XAUTHORITY`) read: numbers of two bytes, the
 * high one first, and texts with their length before them (Xau(3), "FILE FORMAT").
 */
export function makeAuthority(display: number): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16BE(FAMILY_WILD);
  const fields = [
    Buffer.alloc(0),
    Buffer.from(String(display)),
    Buffer.from(COOKIE_NAME),
    randomBytes(COOKIE_BYTES),
  ];
  return Buffer.concat([family, ...fields.flatMap(withLength)]);
}

function withLength(text: Buffer): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return [length, text];
}
