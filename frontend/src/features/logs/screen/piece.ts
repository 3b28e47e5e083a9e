import type { Origin } from './place.js';

const REPLACEMENT = 0xfffd;

/** A piece of a log: its text, and at which byte of the log each character stands. */
export class Piece implements Origin {
  private readonly isPlain: boolean;
  private readonly replacementBytes: number;
  private index = 0;
  private bytes = 0;

  /** @param nextOffset byte behind the text */
  constructor(
    readonly run: number,
    readonly text: string,
    readonly offset: number,
    readonly nextOffset: number,
  ) {
    // A character has at least one byte: as many bytes as characters means one each.
    this.isPlain = nextOffset - offset === text.length;
    this.replacementBytes = this.isPlain ? 1 : bytesOfReplacement(text, nextOffset - offset);
  }

  get lineBreaks(): number {
    let count = 0;
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) count += 1;
    return count;
  }

  byteAt(index: number): number {
    if (this.isPlain) return this.offset + index;
    if (index < this.index) [this.index, this.bytes] = [0, 0];
    for (; this.index < index; this.index += 1) this.bytes += this.bytesOf(this.text.charCodeAt(this.index));
    return this.offset + Math.round(this.bytes);
  }

  /** The rest from a character on. */
  from(index: number): Piece {
    if (index === 0) return this;
    return new Piece(this.run, this.text.slice(index), this.byteAt(index), this.nextOffset);
  }

  /** The rest from a byte on; the whole piece when it begins later. */
  fromByte(offset: number): Piece {
    if (offset <= this.offset) return this;
    let index = 0;
    while (index < this.text.length && this.byteAt(index) < offset) index += 1;
    return this.from(index);
  }

  /** Without the line in whose middle it may begin; whole when there is no other line in it. */
  fromNextLine(): Piece {
    const start = this.text.indexOf('\n') + 1;
    return start === this.text.length ? this : this.from(start);
  }

  private bytesOf(code: number): number {
    return code === REPLACEMENT ? this.replacementBytes : utf8Bytes(code);
  }
}

/** Half of a pair counts two of its four bytes. */
function utf8Bytes(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
}

/**
 * A replacement character stands for one to three bytes that were no UTF-8, or was printed as what it is. What the piece has
 * left for all of them tells.
 */
function bytesOfReplacement(text: string, totalBytes: number): number {
  let count = 0;
  let others = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === REPLACEMENT) count += 1;
    else others += utf8Bytes(code);
  }
  return count === 0 ? 0 : Math.max(0, totalBytes - others) / count;
}
