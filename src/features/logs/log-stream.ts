import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import type { InstancePaths, InstanceSupervisor } from '../instances/instances.api.js';
import { completeBytes } from './domain/utf8.js';
import type { LogReader } from './log-reader.js';
import { LogSeat } from './log-seat.js';
import type { LogViewer } from './log-seat.js';
import { RunLog } from './run-log.js';
import type { LogPiece } from './run-log.js';

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
  /** Stays open while there is something to follow: a look at it costs less than opening it. */
  private log: { run: number; file: RunLog | null } | undefined;
  /** The log ends inside a character, which is shown for what it is when the run has ended. */
  private isHeldBack = false;
  private readonly buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);

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
    if (!this.isReading) void this.closeLog().catch(() => undefined);
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
      void this.closeLog().catch(() => undefined);
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
      const piece = await this.read(from, Math.min(PIECE_BYTES, this.sizeBytes - from));
      if (run !== this.run) continue;
      // What is not kept is left out; the beginning of a gap is no place to wait at.
      for (const seat of seats) if (seat.nextBytes < piece.offset) seat.jumpTo(piece.offset);
      // The rest of a character is still to come; the next note of growth fetches it.
      if (piece.bytes.length === 0) break;
      for (const seat of seats) if (this.seats.has(seat)) seat.take(run, piece.offset, piece.bytes);
    }
    this.isReading = false;
    if (this.seats.size === 0 || !this.supervisor.isActive) await this.closeLog();
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

  private async read(from: number, lengthBytes: number): Promise<LogPiece> {
    const nothing: LogPiece = { offset: from, bytes: this.buffer.subarray(0, 0) };
    const log = await this.openLog();
    if (log === null || lengthBytes <= 0) return nothing;
    const { offset, bytes } = await log.read(from, this.buffer.subarray(0, lengthBytes));
    const isWhole = !this.supervisor.isActive || bytes.length < lengthBytes;
    const whole = isWhole ? bytes : bytes.subarray(0, completeBytes(bytes));
    this.isHeldBack = whole.length === 0 && bytes.length > 0;
    return { offset, bytes: whole };
  }

  /** A file that is shorter than the runner says is one that was moved on, deleted or truncated: then all is looked up anew. */
  private async openLog(): Promise<RunLog | null> {
    const { run, sizeBytes } = this;
    const held = this.log;
    if (held?.run === run && held.file !== null && (await held.file.refresh()) >= sizeBytes) return held.file;
    await this.closeLog();
    const place = { paths: this.paths, name: this.supervisor.row.name, run, isLatest: true };
    this.log = { run, file: await RunLog.open(place, sizeBytes) };
    return this.log.file;
  }

  private async closeLog(): Promise<void> {
    const held = this.log;
    this.log = undefined;
    await held?.file?.close();
  }

  /** Slow viewers, and all of them after half a character, get the end of the log even when nothing more is printed. */
  private lookAgainLater(): void {
    clearTimeout(this.retry);
    const isAnyoneSlow = [...this.seats].some((seat) => seat.nextBytes < this.sizeBytes && seat.isSlow);
    if (isAnyoneSlow || this.isHeldBack) this.retry = setTimeout(() => this.wake(), SLOW_RETRY_MS);
  }
}
