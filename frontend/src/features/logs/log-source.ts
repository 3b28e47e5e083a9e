import type { LogAppended } from '../../../../src/contracts/events.js';
import type { LogSlice } from '../../../../src/contracts/instance.js';
import { formatBytes } from '../../base/format.js';
import type { LogScreen } from './log-screen.js';

/** How much of the end of a log is shown at first, and how much of it is fetched per step backwards. */
export const PIECE_BYTES = 65_536;

const MOST_QUEUED = 6_000_000;
const KEPT_OF_QUEUE = 1_500_000;
const FEED_STEP = 65_536;

export type FetchLog = (offset: number, limit: number, run: number) => Promise<LogSlice>;

interface Queued {
  kind: 'text' | 'mark';
  text: string;
}

/**
 * Brings the pieces of one instance's log into its screen, in order and each byte once: pieces may overlap after a reconnect,
 * be missing where the server or this page was too slow, and belong to a new run.
 */
export class LogSource {
  private queue: Queued[] = [];
  private queuedLength = 0;
  private nextOffset: number | null = null;
  private oldestOffset = 0;
  private oldestRun = 0;
  private isLoadingOlder = false;
  private currentRun: number | null = null;

  constructor(
    private readonly screen: LogScreen,
    private readonly fetchLog: FetchLog,
  ) {}

  /** Null before the first piece. */
  get run(): number | null {
    return this.currentRun;
  }

  get hasOlder(): boolean {
    return this.oldestOffset > 0;
  }

  /** What was shown up to now was cleared away; the way back begins at the present end. */
  forgetOlder(): void {
    if (this.nextOffset === null || this.currentRun === null) return;
    this.oldestOffset = this.nextOffset;
    this.oldestRun = this.currentRun;
  }

  /** Where a new connection has to go on. Each run writes a file of its own: an offset means nothing in the next one. */
  resumeOffset(latestRun: number): number {
    const isSameRun = this.currentRun === latestRun;
    return this.nextOffset === null || !isSameRun ? -PIECE_BYTES : this.nextOffset;
  }

  /** Takes a piece; it is drawn by `drain`. */
  accept(piece: LogAppended): void {
    if (this.nextOffset === null || this.currentRun === null) this.begin(piece);
    else if (piece.run !== this.currentRun) this.beginRun(piece);
    else this.continueRun(piece, this.nextOffset);
    this.nextOffset = piece.next_offset;
    this.shedQueue();
  }

  /** Draws queued text for about `budgetMs`; true when there is more. */
  drain(budgetMs: number): boolean {
    const endMs = performance.now() + budgetMs;
    while (this.queue.length > 0 && performance.now() < endMs) {
      const batch = this.queue;
      this.queue = [];
      this.queuedLength = 0;
      this.requeue(drawUntil(this.screen, batch, endMs));
    }
    return this.queue.length > 0;
  }

  /** Fetches the piece before what is shown; answers how many lines came in front. @throws ApiError */
  async loadOlder(): Promise<number> {
    if (this.isLoadingOlder || !this.hasOlder) return 0;
    this.isLoadingOlder = true;
    try {
      const from = Math.max(0, this.oldestOffset - PIECE_BYTES);
      const text = await this.fetchRange(from, this.oldestOffset);
      const cut = from === 0 ? 0 : partialLineLength(text);
      this.oldestOffset = from + byteLength(text.slice(0, cut));
      return this.screen.prepend(text.slice(cut));
    } finally {
      this.isLoadingOlder = false;
    }
  }

  private async fetchRange(from: number, to: number): Promise<string> {
    let text = '';
    let offset = from;
    while (offset < to) {
      const slice = await this.fetchLog(offset, to - offset, this.oldestRun);
      if (slice.next_offset <= offset) break;
      text += slice.content;
      offset = slice.next_offset;
    }
    return text;
  }

  private begin(piece: LogAppended): void {
    this.currentRun = piece.run;
    this.oldestRun = piece.run;
    // The end of the file begins somewhere inside a line; that line is left to `loadOlder`.
    const cut = piece.offset === 0 ? 0 : partialLineLength(piece.content);
    this.oldestOffset = piece.offset + byteLength(piece.content.slice(0, cut));
    this.enqueue('text', piece.content.slice(cut));
  }

  private beginRun(piece: LogAppended): void {
    this.currentRun = piece.run;
    this.enqueue('mark', `Run ${String(piece.run)} started`);
    this.noteSkipped(Math.max(piece.skipped_bytes, piece.offset));
    this.enqueue('text', piece.content);
  }

  private continueRun(piece: LogAppended, expected: number): void {
    const missing = Math.max(piece.skipped_bytes, piece.offset - expected);
    this.noteSkipped(missing);
    this.enqueue(
      'text',
      missing > 0 ? piece.content : withoutFirstBytes(piece.content, expected - piece.offset),
    );
  }

  private noteSkipped(bytes: number): void {
    if (bytes > 0) this.enqueue('mark', `${formatBytes(bytes)} not shown here; the download has them`);
  }

  private enqueue(kind: Queued['kind'], text: string): void {
    if (text === '') return;
    this.queue.push({ kind, text });
    this.queuedLength += text.length;
  }

  private requeue(rest: Queued[]): void {
    this.queue = [...rest, ...this.queue];
    this.queuedLength += rest.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** A page in the background draws nothing while output flows; it must not keep all of it. */
  private shedQueue(): void {
    if (this.queuedLength <= MOST_QUEUED) return;
    const all = this.queue.map(({ kind, text }) => (kind === 'text' ? text : `\n— ${text} —\n`)).join('');
    const kept = all.slice(-KEPT_OF_QUEUE);
    const rest = kept.slice(partialLineLength(kept));
    const note = `${formatBytes(all.length - rest.length)} not shown here; the download has them`;
    this.queue = [
      { kind: 'mark', text: note },
      { kind: 'text', text: rest },
    ];
    this.queuedLength = rest.length;
  }
}

function drawUntil(screen: LogScreen, batch: readonly Queued[], endMs: number): Queued[] {
  for (const [index, item] of batch.entries()) {
    if (item.kind === 'mark') screen.mark(item.text);
    else {
      const rest = feedUntil(screen, item.text, endMs);
      if (rest !== '') return [{ kind: 'text', text: rest }, ...batch.slice(index + 1)];
    }
    if (performance.now() >= endMs) return batch.slice(index + 1);
  }
  return [];
}

function feedUntil(screen: LogScreen, text: string, endMs: number): string {
  let index = 0;
  while (index < text.length) {
    screen.feed(text.slice(index, index + FEED_STEP));
    index += FEED_STEP;
    if (performance.now() >= endMs) break;
  }
  return text.slice(index);
}

/** Length of the piece up to and with its first newline; 0 when it has none, for then there is no better place to cut. */
function partialLineLength(text: string): number {
  return text.indexOf('\n') + 1;
}

const encoder = new TextEncoder();

/**
 * Bytes of the file that the text came from. A replacement character stands for a byte that was no UTF-8, such as the rest of a
 * character at the beginning of a range; of its own it would have three.
 */
function byteLength(text: string): number {
  const replaced = text.split('\ufffd').length - 1;
  return encoder.encode(text).length - replaced * 2;
}

function withoutFirstBytes(text: string, bytes: number): string {
  if (bytes <= 0) return text;
  return new TextDecoder().decode(encoder.encode(text).subarray(bytes));
}
