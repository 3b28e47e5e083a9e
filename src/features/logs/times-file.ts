import type { FileHandle } from 'node:fs/promises';
import type { LogTime } from '../../contracts/logs.js';
import { openRegularFile } from '../../host/files/regular-file.js';

/** Two little-endian 64-bit numbers, offset in the run and milliseconds since 1970 (scripts/runner/README.md). */
const ENTRY_BYTES = 16;
/** The application can write where the file lies; what no log and no clock reaches does not count. */
const MAX_OFFSET = 2n ** 50n;
const MAX_AT_MS = 8_640_000_000_000_000n;

/** The side file that says when the places of a log file were printed. Every question is a few small reads. */
export class TimesFile {
  private constructor(
    private readonly file: FileHandle,
    readonly count: number,
  ) {}

  /** The caller closes it. Null when there is none. */
  static async open(path: string): Promise<TimesFile | null> {
    const opened = await openRegularFile(path);
    return opened && new TimesFile(opened.file, Math.floor(opened.sizeBytes / ENTRY_BYTES));
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** Up to so many entries from an index on; forged ones are left out. */
  async read(index: number, count: number): Promise<LogTime[]> {
    const wanted = Math.max(0, Math.min(count, this.count - index));
    const bytes = Buffer.allocUnsafe(wanted * ENTRY_BYTES);
    const { bytesRead } = await this.file.read(bytes, 0, bytes.length, index * ENTRY_BYTES);
    const entries: LogTime[] = [];
    for (let at = 0; at + ENTRY_BYTES <= bytesRead; at += ENTRY_BYTES) {
      const offset = bytes.readBigUInt64LE(at);
      const time = bytes.readBigUInt64LE(at + 8);
      if (offset <= MAX_OFFSET && time <= MAX_AT_MS) {
        entries.push({ offset: Number(offset), at_ms: Number(time) });
      }
    }
    return entries;
  }

  /** Index of the last entry at or before a value, or -1; by bisection, for the entries are in order. */
  async lastIndexUpTo(key: keyof LogTime, value: number): Promise<number> {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [entry] = await this.read(middle, 1);
      if (entry !== undefined && entry[key] <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
