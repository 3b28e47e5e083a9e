import { lstat } from 'node:fs/promises';
import { openRegularFile } from '../../host/files/regular-file.js';
import type { OpenFile } from '../../host/files/regular-file.js';
import { listOldSegments, liveBaseBytes } from '../instances/instances.api.js';
import type { InstancePaths } from '../instances/instances.api.js';
import { LogSegment } from './log-segment.js';

/** Whose log, and of which run. */
export interface LogPlace {
  paths: InstancePaths;
  /** Of the instance. */
  name: string;
  run: number;
  /** `output.log` belongs to this run; else all that is left of it are old segments. */
  isLatest: boolean;
}

/** A piece of a log and where it lies. */
export interface LogPiece {
  offset: number;
  bytes: Buffer;
}

/** A flood on a machine that is too busy for us may cut the log at every attempt to open it; not for ever. */
const MAX_ATTEMPTS = 50;

/**
 * A run's log, whatever files it was cut into: bytes at offsets of the run, in constant memory. What is open stays readable
 * when it is moved or removed meanwhile; what was printed since is seen by opening it again.
 */
export class RunLog {
  private constructor(
    /** Oldest first; at least one. */
    private readonly segments: readonly LogSegment[],
    private end: number,
  ) {}

  /**
   * Opens what is kept of a run's log; the caller closes it. Null when nothing is.
   * @param knownEndBytes what its runner has said of its size: an application can delete all that tells where `output.log` begins
   */
  static async open(place: LogPlace, knownEndBytes = 0): Promise<RunLog | null> {
    for (let attempt = 1; ; attempt += 1) {
      let live = place.isLatest ? await openRegularFile(place.paths.log(place.name)) : null;
      try {
        const old = (await listOldSegments(place.paths, place.name)).filter(({ run }) => run === place.run);
        const told = live === null ? 0 : await liveBaseBytes(place.paths, place.name, old.at(-1));
        // What was opened first may meanwhile be the last of the old ones, the newest one missing, and `told` of that one.
        if (place.isLatest && !(await isStill(place, live))) {
          await live?.file.close();
          if (attempt < MAX_ATTEMPTS) continue;
          // Then up to the last cut: the log ends too early, but nothing is missing in it.
          live = null;
        }
        const segments = old.map(({ path, baseBytes }) => new LogSegment(path, baseBytes));
        if (live !== null) {
          const base = Math.max(told, knownEndBytes - live.sizeBytes);
          segments.push(new LogSegment(place.paths.log(place.name), base, live.file));
        }
        const last = segments.at(-1);
        if (last === undefined) return null;
        return new RunLog(segments, last.baseBytes + (live?.sizeBytes ?? (await last.sizeBytes())));
      } catch (error) {
        await live?.file.close();
        throw error;
      }
    }
  }

  /** Offset behind the last byte. */
  get endBytes(): number {
    return this.end;
  }

  /** Asks for the size of the newest segment again. @returns `endBytes` */
  async refresh(): Promise<number> {
    const last = this.segments.at(-1);
    if (last !== undefined) this.end = last.baseBytes + (await last.sizeBytes());
    return this.end;
  }

  /** Offset of the first byte that is still kept. */
  get firstBytes(): number {
    return this.segments[0]?.baseBytes ?? 0;
  }

  /**
   * Reads a range, beginning at the first byte from `fromBytes` on that is kept, into a buffer. It ends before its time at a gap
   * and at the end of the log.
   */
  async read(fromBytes: number, into: Buffer): Promise<LogPiece> {
    let offset = Math.max(fromBytes, this.firstBytes);
    for (let index = this.indexAt(offset); index < this.segments.length; index += 1) {
      offset = Math.max(offset, this.segments[index]?.baseBytes ?? 0);
      const length = await this.readFrom(
        index,
        offset,
        into.subarray(0, Math.max(0, this.endBytes - offset)),
      );
      if (length > 0) return { offset, bytes: into.subarray(0, length) };
    }
    return { offset: Math.min(offset, this.endBytes), bytes: into.subarray(0, 0) };
  }

  /**
   * What a download consists of: the open files with their sizes. What was dropped since the log was opened is left out. The newest
   * are opened first: the oldest are dropped first, so that what is missing lies before what is there, never between.
   */
  async contents(): Promise<{ segment: LogSegment; sizeBytes: number }[]> {
    const parts: { segment: LogSegment; sizeBytes: number }[] = [];
    for (const segment of [...this.segments].reverse()) {
      const sizeBytes = await segment.sizeBytes();
      if (sizeBytes > 0) parts.unshift({ segment, sizeBytes });
    }
    return parts;
  }

  async close(): Promise<void> {
    await Promise.all(this.segments.map((segment) => segment.close()));
  }

  /** Fills a buffer from a segment and, as long as they follow each other without a gap, the next ones. */
  private async readFrom(first: number, offset: number, into: Buffer): Promise<number> {
    let done = 0;
    for (let index = first; index < this.segments.length && done < into.length; index += 1) {
      const segment = this.segments[index];
      const endBytes = this.segments[index + 1]?.baseBytes ?? this.endBytes;
      if (segment === undefined || segment.baseBytes > offset + done) break;
      const wanted = Math.min(into.length - done, endBytes - offset - done);
      if (wanted <= 0) continue;
      const read = await segment.read(into, done, wanted, offset + done - segment.baseBytes);
      done += read;
      if (read < wanted) break;
    }
    return done;
  }

  private indexAt(offset: number): number {
    let index = this.segments.length - 1;
    while (index > 0 && (this.segments[index]?.baseBytes ?? 0) > offset) index -= 1;
    return Math.max(0, index);
  }
}

/** Whether `output.log` is still the file that was opened, or still missing. */
async function isStill(place: LogPlace, live: OpenFile | null): Promise<boolean> {
  const named = await lstat(place.paths.log(place.name)).catch(() => null);
  if (live === null) return named?.isFile() !== true;
  const { ino, dev } = await live.file.stat();
  return named?.ino === ino && named.dev === dev;
}
