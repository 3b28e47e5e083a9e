import { createHash } from 'node:crypto';

/** Sixteen hexadecimal digits that name a content. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
