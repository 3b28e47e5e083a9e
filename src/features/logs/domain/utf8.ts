const CONTINUATION_MASK = 0b1100_0000;
const CONTINUATION = 0b1000_0000;
/** A character of UTF-8 has at most four bytes. */
const MAX_CONTINUATIONS = 3;

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & CONTINUATION_MASK) === CONTINUATION;
}

/** How many bytes a character has that begins with this byte; 1 for what begins none. */
function lengthFrom(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc2 ? 2 : 1;
}

/** Number of leading bytes that are the rest of a character that began before the piece. */
export function orphanedBytes(piece: Uint8Array): number {
  let count = 0;
  while (count < MAX_CONTINUATIONS && isContinuation(piece[count])) count += 1;
  return count;
}

/** Number of bytes of the piece up to its last whole character; invalid bytes count as characters. */
export function completeBytes(piece: Uint8Array): number {
  for (let back = 1; back <= Math.min(MAX_CONTINUATIONS, piece.length); back += 1) {
    const byte = piece[piece.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthFrom(byte) > back ? piece.length - back : piece.length;
  }
  return piece.length;
}
