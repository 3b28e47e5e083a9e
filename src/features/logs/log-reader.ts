import { stat } from 'node:fs/promises';
import type { LogSlice } from '../../contracts/instance.js';
import { AppError } from '../../core/errors.js';
import type { InstancePaths, InstanceRow } from '../instances/instances.api.js';
import { lastPlainLines } from './domain/plain-lines.js';
import { newestStep } from './domain/step.js';
import { completeBytes, orphanedBytes } from './domain/utf8.js';
import { readRange, withLog } from './log-file.js';

/** What is looked through for the last lines and the newest step. */
const TAIL_BYTES = 64 * 1024;

/** Reads logs by byte ranges, never a whole file. */
export class LogReader {
  constructor(private readonly paths: InstancePaths) {}

  /**
   * A piece of a run's log, cut at whole characters.
   * @param offset in bytes; negative counts from the end
   * @param limit in bytes
   */
  async slice(row: InstanceRow, offset: number, limit: number, run: number): Promise<LogSlice> {
    const nothing: LogSlice = { content: '', offset: 0, next_offset: 0, size: 0, run };
    return withLog(await this.pathOf(row, run), nothing, async (file, size) => {
      const from = offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size);
      const piece = await readRange(file, from, Math.min(limit, size - from));
      // Only a beginning that was counted from the end can fall inside a character by our own doing.
      const skipped = offset < 0 && from > 0 ? orphanedBytes(piece) : 0;
      const isLast = from + piece.length >= size && !isRunning(row, run);
      const whole = isLast ? piece.length : Math.max(skipped, completeBytes(piece));
      const content = piece.toString('utf8', skipped, whole);
      return { content, offset: from + skipped, next_offset: from + whole, size, run };
    });
  }

  /** Path of a run's log. @throws AppError `not_found` when that run's log is not kept */
  async pathOf(row: InstanceRow, run: number): Promise<string> {
    if (run === row.run) return this.paths.log(row.name);
    const path = this.paths.oldLog(row.name, run);
    const isKept = await stat(path).then(
      (facts) => facts.isFile(),
      () => false,
    );
    if (isKept) return path;
    throw new AppError('not_found', 'RUN_NOT_FOUND', `The log of run ${run} is not kept.`);
  }

  /** The last lines of the current run as plain text. */
  lastLines(row: InstanceRow, count: number): Promise<string[]> {
    return withLog(this.paths.log(row.name), [], async (file, size) => {
      const tail = await readRange(file, Math.max(0, size - TAIL_BYTES), Math.min(TAIL_BYTES, size));
      return lastPlainLines(tail.toString('utf8', size > TAIL_BYTES ? orphanedBytes(tail) : 0), count);
    });
  }

  /** The step announced last between two offsets; of a long stretch only the newest part is looked at. */
  newestStep(row: InstanceRow, fromBytes: number, toBytes: number): Promise<string | null> {
    return withLog(this.paths.log(row.name), null, async (file) => {
      const from = Math.max(0, fromBytes, toBytes - TAIL_BYTES);
      // A step may have been cut by the end of the stretch before.
      const overlap = Math.min(from, 512);
      return newestStep((await readRange(file, from - overlap, toBytes - from + overlap)).toString('utf8'));
    });
  }
}

function isRunning(row: InstanceRow, run: number): boolean {
  return run === row.run && row.pid !== null;
}
