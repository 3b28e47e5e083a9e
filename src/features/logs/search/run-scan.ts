import type { LogHit } from '../../../contracts/instance.js';
import type { RunLog } from '../run-log.js';
import { SHOWN_BEFORE_BYTES, hitOf } from './hit.js';
import type { Needle } from './needle.js';

/** What is searched at once, and so how long nobody else has his turn: about a millisecond. */
export const BLOCK_BYTES = 1024 * 1024;
/** Of a line a match is told once, of a longer one once for so much of it. */
const SAME_LINE_BYTES = 4096;
const LINE_FEED = 10;

/** Where a search stands in a run. */
export interface ScanPosition {
  /** Up to here everything was searched. */
  offset: number;
  /** Where the line of `offset` begins. */
  lineOffset: number;
}

/** A block that is being searched. */
interface Block {
  offset: number;
  bytes: Buffer;
  /** No more of the text follows it without a gap. */
  isLast: boolean;
}

/** A search through one run's log, block by block in the order of the log; its memory is one block. */
export class RunScan {
  searchedBytes = 0;
  isDone = false;

  constructor(
    private readonly run: number,
    private readonly log: RunLog,
    private readonly needle: Needle,
    private readonly buffer: Buffer,
    readonly position: ScanPosition,
  ) {}

  /** Searches the next block. @param limit of hits, at least 1 */
  async next(limit: number): Promise<LogHit[]> {
    const { offset: before } = this.position;
    const from = Math.max(0, before - SHOWN_BEFORE_BYTES);
    const { offset, bytes } = await this.log.read(from, this.buffer);
    const end = offset + bytes.length;
    if (bytes.length === 0 || end <= before) {
      this.isDone = true;
      return [];
    }
    if (offset > before) this.skipTo(offset);
    const start = this.position.offset;
    const isLast = bytes.length < this.buffer.length;
    const hits = this.searchBlock({ offset, bytes, isLast }, limit);
    this.searchedBytes += this.position.offset - start;
    this.isDone = this.position.offset >= this.log.endBytes;
    return hits;
  }

  /** What lies before is not kept. */
  private skipTo(offset: number): void {
    this.position.offset = offset;
    this.position.lineOffset = offset;
  }

  private searchBlock(block: Block, limit: number): LogHit[] {
    const hits: LogHit[] = [];
    const { bytes } = block;
    while (hits.length < limit) {
      const from = this.position.offset - block.offset;
      const at = this.needle.indexIn(bytes, from);
      if (at < 0) {
        // A match may have begun that the next block ends.
        const open = block.isLast ? 0 : this.needle.lengthBytes - 1;
        this.advance(block, Math.max(from, bytes.length - open));
        break;
      }
      this.advance(block, at);
      // Too near the end for its line to be seen: the next block begins with it.
      const needed = at + this.needle.lengthBytes + SAME_LINE_BYTES;
      if (!block.isLast && needed > bytes.length && at > SHOWN_BEFORE_BYTES) break;
      hits.push(this.take(block, at));
    }
    return hits;
  }

  /** Moves on inside a block and remembers where the last line begins. */
  private advance({ offset, bytes }: Block, to: number): void {
    const passed = bytes.subarray(this.position.offset - offset, to);
    const lineFeed = passed.lastIndexOf(LINE_FEED);
    if (lineFeed >= 0) this.position.lineOffset = this.position.offset + lineFeed + 1;
    this.position.offset = offset + to;
  }

  /** Tells a match and goes on behind its line. */
  private take(block: Block, at: number): LogHit {
    const { bytes, offset } = block;
    const { lengthBytes } = this.needle;
    const behind = at + lengthBytes;
    const lineFeed = bytes.subarray(behind, behind + SAME_LINE_BYTES).indexOf(LINE_FEED);
    const lineEnd = lineFeed >= 0 ? behind + lineFeed : Math.min(bytes.length, behind + SAME_LINE_BYTES);
    const { lineOffset } = this.position;
    this.advance(block, lineFeed >= 0 ? lineEnd + 1 : lineEnd);
    return hitOf({ run: this.run, pieceOffset: offset, piece: bytes, at, lengthBytes, lineOffset, lineEnd });
  }
}
