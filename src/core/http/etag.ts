import { createHash } from 'node:crypto';

const HEX_LENGTH = 32;

/** A strong ETag of a content. */
export function etagOf(content: Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, HEX_LENGTH)}"`;
}
