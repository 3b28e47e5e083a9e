import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import type { InstancePaths, InstanceSupervisor } from '../instances/instances.api.js';
import { completeBytes } from './domain/utf8.js';
import { readRange, withLog } from './log-file.js';
import type { LogReader } from './log-reader.js';
import { LogSeat } from './log-seat.js';
import type { LogViewer } from './log-seat.js';

/** Most that one message carries. */
const PIECE_BYTES = 256 * 1024;
/** Further behind than this, viewers jump: nobody reads a flood, and the file keeps it all. */
const MAX_LAG_BYTES = 1024 * 1024;
/** After so long a slow viewer is looked at again. */
const SLOW_RETRY_MS = 250;

/** One instance's log as it grows: read once for all viewers that have got equally far. */
export class LogStream {
  private readonly seats = new Set<LogSeat>();
  private readonly unsubscribe: () => void;
  private run: number;
  private sizeBytes = 0;
  private isReading = false;
  /** Viewers whose beginning is still being read. */
  private joiningCount = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly supervisor: InstanceSupervisor,
    private readonly paths: InstancePaths,
    private readonly reader: LogReader,
    private readonly logger: Logger,
  ) {
    this.run = supervisor.row.run;
    this.unsubscribe = supervisor.onOutput((sizeBytes, run) => this.noteSize(sizeBytes, run));
  }

  get viewerCount(): number {
    return this.seats.size + this.joiningCount;
  }

  /**
   * Adds a viewer, who first gets what is there from `offset` on.
   * @param offset in bytes, negative counts from the end; undefined: only what is new
   * @returns removes the viewer
   */
  async add(viewer: LogViewer, offset: number | undefined): Promise<() => void> {
    const { row } = this.supervisor;
    this.joiningCount += 1;
    const start = await this.reader
      .slice(row, offset ?? -1, MAX_LAG_BYTES, row.run)
      .finally(() => (this.joiningCount -= 1));
    const { run, size, next_offset } = start;
    const isFromNow = offset === undefined;
    viewer.send({
      id: row.id,
      run,
      offset: isFromNow ? next_offset : start.offset,
      next_offset,
      content: isFromNow ? '' : start.content,
      skipped_bytes: 0,
    });
    // A run that began meanwhile is followed from its beginning.
    const seat = new LogSeat(viewer, row.id, run < this.run ? 0 : next_offset);
    this.seats.add(seat);
    this.noteSize(size, run);
    this.wake();
    return () => this.seats.delete(seat);
  }

  close(): void {
    this.unsubscribe();
    clearTimeout(this.retry);
    this.seats.clear();
  }

  private noteSize(sizeBytes: number, run: number): void {
    if (run < this.run) return;
    if (run > this.run) {
      this.run = run;
      this.sizeBytes = 0;
      for (const seat of this.seats) seat.beginRun();
    }
    this.sizeBytes = Math.max(this.sizeBytes, sizeBytes);
    this.wake();
  }

  private wake(): void {
    if (this.isReading || this.seats.size === 0) return;
    this.catchUp().catch((error: unknown) => {
      this.isReading = false;
      this.logger.warn('a followed log cannot be read', {
        instance: this.supervisor.row.id,
        error: messageOf(error),
      });
    });
  }

  private async catchUp(): Promise<void> {
    this.isReading = true;
    for (let seats = this.seatsToServe(); seats.length > 0; seats = this.seatsToServe()) {
      const { run } = this;
      const from = Math.min(...seats.map((seat) => seat.nextBytes));
      const stretch = await this.read(from, Math.min(PIECE_BYTES, this.sizeBytes - from));
      if (run !== this.run) continue;
      // The rest of a character is still to come; the next note of growth fetches it.
      if (stretch.length === 0) break;
      for (const seat of seats) if (this.seats.has(seat)) seat.take(run, from, stretch);
    }
    this.isReading = false;
    this.lookAgainLater();
  }

  /** Who waits for something and can take it; those too far behind jump first. */
  private seatsToServe(): LogSeat[] {
    const waiting = [...this.seats].filter((seat) => seat.nextBytes < this.sizeBytes && !seat.isSlow);
    for (const seat of waiting) {
      if (this.sizeBytes - seat.nextBytes > MAX_LAG_BYTES) seat.jumpTo(this.sizeBytes - PIECE_BYTES);
    }
    return waiting;
  }

  private async read(from: number, lengthBytes: number): Promise<Buffer> {
    const path = this.paths.log(this.supervisor.row.name);
    const piece = await withLog(path, Buffer.alloc(0), (file) => readRange(file, from, lengthBytes));
    return this.supervisor.isActive ? piece.subarray(0, completeBytes(piece)) : piece;
  }

  /** A slow viewer gets the end of the log even when nothing more is printed. */
  private lookAgainLater(): void {
    clearTimeout(this.retry);
    const isAnyoneSlow = [...this.seats].some((seat) => seat.nextBytes < this.sizeBytes && seat.isSlow);
    if (isAnyoneSlow) this.retry = setTimeout(() => this.wake(), SLOW_RETRY_MS);
  }
}
