/**
 * Names on disks are bytes, not text. Here each byte is one character, so that a name in any encoding, or in none,
 * goes through unchanged.
 */
export type BytePath = string;

export function fromText(path: string): BytePath {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** As file calls take it. */
export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** @returns null when it is no text in UTF-8 */
export function toText(path: BytePath): string | null {
  const text = toBytes(path).toString('utf8');
  return fromText(text) === path ? text : null;
}
