import type { LogAppended } from '../../contracts/events.js';
import { orphanedBytes } from './domain/utf8.js';

export interface LogViewer {
  send(piece: LogAppended): void;
  /** Has so much unread that a piece is better kept back. */
  isSlow(): boolean;
}

/** One viewer of a followed log, and how far it has got. */
export class LogSeat {
  private skippedBytes = 0;
  private hasJumped = false;

  constructor(
    private readonly viewer: LogViewer,
    private readonly instanceId: number,
    /** Offset of what it gets next. */
    public nextBytes: number,
  ) {}

  get isSlow(): boolean {
    return this.viewer.isSlow();
  }

  /** A new run writes a new log. */
  beginRun(): void {
    this.nextBytes = 0;
    this.skippedBytes = 0;
    this.hasJumped = false;
  }

  /** Leaves out everything up to an offset; it need not be one where a character begins. */
  jumpTo(offset: number): void {
    this.skippedBytes += offset - this.nextBytes;
    this.nextBytes = offset;
    this.hasJumped = true;
  }

  /** Hands over what of a stretch it has not got yet. */
  take(run: number, from: number, stretch: Buffer): void {
    const end = from + stretch.length;
    if (this.nextBytes < from || this.nextBytes >= end) return;
    if (this.hasJumped) {
      // Never more than the stretch holds: a log of half characters only must not stop here for ever.
      this.jumpTo(Math.min(end, this.nextBytes + orphanedBytes(stretch.subarray(this.nextBytes - from))));
      this.hasJumped = false;
    }
    this.viewer.send({
      id: this.instanceId,
      run,
      offset: this.nextBytes,
      next_offset: end,
      content: stretch.toString('utf8', this.nextBytes - from),
      skipped_bytes: this.skippedBytes,
    });
    this.nextBytes = end;
    this.skippedBytes = 0;
  }
}
