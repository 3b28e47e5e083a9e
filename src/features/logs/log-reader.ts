import type { LogSlice } from '../../contracts/instance.js';
import { AppError } from '../../core/errors.js';
import type { InstancePaths, InstanceRow } from '../instances/instances.api.js';
import { lastPlainLines } from './domain/plain-lines.js';
import { newestStep } from './domain/step.js';
import { completeBytes, orphanedBytes } from './domain/utf8.js';
import { RunLog } from './run-log.js';

/** What is looked through for the last lines and the newest step. */
const TAIL_BYTES = 64 * 1024;
/** A step may have been cut by the end of the stretch before. */
const STEP_OVERLAP_BYTES = 512;

/** Reads logs by byte ranges, never a whole one. */
export class LogReader {
  constructor(readonly paths: InstancePaths) {}

  /**
   * A piece of a run's log, cut at whole characters. It begins later than asked for where the oldest part is not kept.
   * @param offset in bytes; negative counts from the end
   * @param limit in bytes
   * @throws AppError `not_found`, see `open`
   */
  async slice(row: InstanceRow, offset: number, limit: number, run: number): Promise<LogSlice> {
    const nothing: LogSlice = { content: '', offset: 0, next_offset: 0, size: 0, run };
    return this.use(row, run, nothing, async (log) => {
      const size = log.endBytes;
      const from = offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size);
      const wanted = Math.min(limit, size - Math.max(from, log.firstBytes));
      const piece = await log.read(from, Buffer.allocUnsafe(Math.max(0, wanted)));
      const { bytes } = piece;
      // Only a beginning that was not chosen byte for byte can fall inside a character by our own doing.
      const isChosen = offset >= 0 && piece.offset === from;
      const skipped = isChosen || piece.offset === 0 ? 0 : orphanedBytes(bytes);
      // At a gap, as at the end of a run, no more of a character follows.
      const isLast = bytes.length < wanted || (piece.offset + bytes.length >= size && !isRunning(row, run));
      const whole = isLast ? bytes.length : Math.max(skipped, completeBytes(bytes));
      const content = bytes.toString('utf8', skipped, whole);
      return { content, offset: piece.offset + skipped, next_offset: piece.offset + whole, size, run };
    });
  }

  /**
   * Opens a run's log; the caller closes it. Null when the latest run has none.
   * @throws AppError `not_found` when nothing of an earlier run's log is kept
   */
  async open(row: InstanceRow, run: number): Promise<RunLog | null> {
    const isLatest = run === row.run;
    const log = await RunLog.open({ paths: this.paths, name: row.name, run, isLatest });
    if (log !== null || isLatest) return log;
    throw new AppError('not_found', 'RUN_NOT_FOUND', `The log of run ${run} is not kept.`);
  }

  /** The last lines of the current run as plain text. */
  lastLines(row: InstanceRow, count: number): Promise<string[]> {
    return this.use(row, row.run, [], async (log) => {
      const { offset, bytes } = await log.read(log.endBytes - TAIL_BYTES, Buffer.allocUnsafe(TAIL_BYTES));
      return lastPlainLines(bytes.toString('utf8', offset > 0 ? orphanedBytes(bytes) : 0), count);
    });
  }

  /** The step announced last between two offsets; of a long stretch only the newest part is looked at. */
  newestStep(row: InstanceRow, fromBytes: number, toBytes: number): Promise<string | null> {
    return this.use(row, row.run, null, async (log) => {
      const from = Math.max(0, Math.max(fromBytes, toBytes - TAIL_BYTES) - STEP_OVERLAP_BYTES);
      const { bytes } = await log.read(from, Buffer.allocUnsafe(Math.max(0, toBytes - from)));
      return newestStep(bytes.toString('utf8'));
    });
  }

  private async use<T>(
    row: InstanceRow,
    run: number,
    absent: T,
    read: (log: RunLog) => Promise<T>,
  ): Promise<T> {
    const log = await this.open(row, run);
    if (log === null) return absent;
    try {
      return await read(log);
    } finally {
      await log.close();
    }
  }
}

function isRunning(row: InstanceRow, run: number): boolean {
  return run === row.run && row.pid !== null;
}
