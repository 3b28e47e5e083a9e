const LOWER_CASE_BIT = 0x20;
/** Beyond so many comparisons in vain a text is one that defeats skipping; then every byte is looked at once. */
const MAX_VAIN_COMPARISONS = 64 * 1024;

/** `A`–`Z` to `a`–`z`; all other bytes as they are, so that what is not ASCII has to match exactly. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte | LOWER_CASE_BIT : byte,
);

/** A literal text to be found in raw bytes. */
export class Needle {
  private readonly bytes: Buffer;
  /** How far the search may go on when a byte is seen at the needle's last place (Horspool, 1980). */
  private readonly skip: Uint16Array | null;
  private borders: Uint16Array | undefined;

  /** @param isCaseSensitive else ASCII letters match in both cases */
  constructor(text: string, isCaseSensitive: boolean) {
    const isFolded = !isCaseSensitive && /[a-z]/i.test(text);
    this.bytes = isFolded ? (Buffer.from(text).map(fold) as Buffer) : Buffer.from(text);
    this.skip = isFolded ? skipTable(this.bytes) : null;
  }

  get lengthBytes(): number {
    return this.bytes.length;
  }

  /** Where it is found first from `from` on, or -1. */
  indexIn(block: Buffer, from: number): number {
    return this.skip === null ? block.indexOf(this.bytes, from) : this.foldedIndexIn(block, from, this.skip);
  }

  private foldedIndexIn(block: Buffer, from: number, skip: Uint16Array): number {
    const last = this.bytes.length - 1;
    let vain = 0;
    let end = from + last;
    while (end < block.length) {
      const step = skip[block[end] ?? 0] ?? 1;
      if (step > 0) {
        end += step;
        continue;
      }
      let at = last - 1;
      while (at >= 0 && FOLDED[block[end - last + at] ?? 0] === this.bytes[at]) at -= 1;
      if (at < 0) return end - last;
      if ((vain += last - at) > MAX_VAIN_COMPARISONS) return this.steadyIndexIn(block, end - last);
      end += 1;
    }
    return -1;
  }

  /** Knuth, Morris and Pratt: slower than skipping, but in linear time whatever the text. */
  private steadyIndexIn(block: Buffer, from: number): number {
    const borders = (this.borders ??= borderTable(this.bytes));
    let matched = 0;
    for (let at = from; at < block.length; at += 1) {
      const byte = FOLDED[block[at] ?? 0];
      while (matched > 0 && byte !== this.bytes[matched]) matched = borders[matched - 1] ?? 0;
      if (byte === this.bytes[matched]) matched += 1;
      if (matched === this.bytes.length) return at - matched + 1;
    }
    return -1;
  }
}

function fold(byte: number): number {
  return FOLDED[byte] ?? byte;
}

/** 0 for the needle's own last byte: there is something to compare. */
function skipTable(needle: Uint8Array): Uint16Array {
  const last = needle.length - 1;
  const distance = (byte: number): number => last - needle.lastIndexOf(fold(byte));
  return Uint16Array.from({ length: 256 }, (_, byte) => distance(byte));
}

/** For every beginning of the needle the length of the longest other beginning that it ends with. */
function borderTable(needle: Uint8Array): Uint16Array {
  const borders = new Uint16Array(needle.length);
  let length = 0;
  for (let at = 1; at < needle.length; at += 1) {
    while (length > 0 && needle[at] !== needle[length]) length = borders[length - 1] ?? 0;
    if (needle[at] === needle[length]) length += 1;
    borders[at] = length;
  }
  return borders;
}
