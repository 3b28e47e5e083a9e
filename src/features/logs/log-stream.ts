import type { LogAppended } from '../../contracts/events.js';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logging.js';
import type { InstancePaths, InstanceSupervisor } from '../instances/instances.api.js';
import { completeBytes } from './domain/utf8.js';
import { readRange, withLog } from './log-file.js';
import type { LogReader } from './log-reader.js';

/** Most that one message carries. */
const PIECE_BYTES = 256 * 1024;
/** Further behind than this, viewers jump: nobody reads a flood, and the file keeps it all. */
const MAX_LAG_BYTES = 1024 * 1024;

export interface LogViewer {
  send(piece: LogAppended): void;
  /** Has so much unread that a piece is better skipped. */
  isSlow(): boolean;
}

interface Seat {
  viewer: LogViewer;
  skippedBytes: number;
}

/** One instance's log as it grows: read once, handed to all its viewers. */
export class LogStream {
  private readonly seats = new Set<Seat>();
  private readonly unsubscribe: () => void;
  private run: number;
  private sentBytes = 0;
  private targetBytes = 0;
  private isReading = false;

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
    return this.seats.size;
  }

  /**
   * Adds a viewer, who first gets what is there from `offset` on.
   * @param offset in bytes, negative counts from the end; undefined: only what is new
   * @returns removes the viewer
   */
  async add(viewer: LogViewer, offset: number | undefined): Promise<() => void> {
    const { row } = this.supervisor;
    const start = await this.reader.slice(row, offset ?? -1, MAX_LAG_BYTES, row.run);
    const content = offset === undefined ? '' : start.content;
    const from = offset === undefined ? start.next_offset : start.offset;
    viewer.send({
      id: row.id,
      run: row.run,
      offset: from,
      next_offset: start.next_offset,
      content,
      skipped_bytes: 0,
    });
    if (this.seats.size === 0 || start.next_offset < this.sentBytes) this.sentBytes = start.next_offset;
    const seat: Seat = { viewer, skippedBytes: 0 };
    this.seats.add(seat);
    this.noteSize(Math.max(start.size, this.targetBytes), row.run);
    return () => this.seats.delete(seat);
  }

  close(): void {
    this.unsubscribe();
    this.seats.clear();
  }

  private noteSize(sizeBytes: number, run: number): void {
    if (run !== this.run) {
      this.run = run;
      this.sentBytes = 0;
      this.targetBytes = 0;
    }
    this.targetBytes = Math.max(this.targetBytes, sizeBytes);
    if (this.isReading || this.seats.size === 0) return;
    this.isReading = true;
    this.catchUp().then(
      () => (this.isReading = false),
      (error: unknown) => {
        this.isReading = false;
        this.logger.warn('a followed log cannot be read', {
          instance: this.supervisor.row.id,
          error: messageOf(error),
        });
      },
    );
  }

  private async catchUp(): Promise<void> {
    while (this.seats.size > 0 && this.sentBytes < this.targetBytes) {
      const lag = this.targetBytes - this.sentBytes;
      if (lag > MAX_LAG_BYTES) this.skip(lag - PIECE_BYTES);
      const run = this.run;
      const from = this.sentBytes;
      const wanted = Math.min(PIECE_BYTES, this.targetBytes - from);
      const piece = await withLog(this.paths.log(this.supervisor.row.name), Buffer.alloc(0), (file) =>
        readRange(file, from, wanted),
      );
      if (run !== this.run) continue;
      const whole = this.supervisor.isActive ? completeBytes(piece) : piece.length;
      // The rest of a character is still to come; the next note of growth fetches it.
      if (whole === 0) return;
      this.sentBytes = from + whole;
      this.broadcast(from, piece.toString('utf8', 0, whole));
    }
  }

  private skip(bytes: number): void {
    this.sentBytes += bytes;
    for (const seat of this.seats) seat.skippedBytes += bytes;
  }

  private broadcast(offset: number, content: string): void {
    const lengthBytes = this.sentBytes - offset;
    for (const seat of this.seats) {
      if (seat.viewer.isSlow()) {
        seat.skippedBytes += lengthBytes;
        continue;
      }
      const { id } = this.supervisor.row;
      seat.viewer.send({
        id,
        run: this.run,
        offset,
        next_offset: this.sentBytes,
        content,
        skipped_bytes: seat.skippedBytes,
      });
      seat.skippedBytes = 0;
    }
  }
}
