import { lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../../../core/errors.js';
import { exists } from '../../../host/files/exists.js';
import type { InstancePaths } from '../instance-paths.js';
import { listOldSegments, liveBaseBytes } from '../log-segments.js';
import type { OldSegment } from '../log-segments.js';

/** Logs of so many earlier runs are kept, if they fit. */
const KEPT_RUNS = 50;
/** A run's log is cut into pieces of this part of what an instance may keep. */
const SEGMENTS_OF_LIMIT = 8;

/** What in a name's place makes it unusable, as opposed to a disk that refuses. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set([
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'EXDEV',
  'ELOOP',
]);

/** Makes room for the next run's `output.log`, and keeps an instance's logs below their limit. */
export class LogRotation {
  readonly segmentBytes: number;

  constructor(
    private readonly paths: InstancePaths,
    /** Of all logs of an instance together. */
    readonly limitBytes: number,
  ) {
    this.segmentBytes = Math.floor(limitBytes / SEGMENTS_OF_LIMIT);
  }

  /**
   * Moves the last segment of the run before to its fellows.
   * @param lastRun number of the run that wrote the present log; 0 for a log from before this AiKore's first run
   */
  async rotate(name: string, lastRun: number): Promise<void> {
    if (lastRun === 0 && !(await exists(this.paths.log(name)))) return;
    const segments = await listOldSegments(this.paths, name);
    const before = segments.filter(({ run }) => run === lastRun).pop();
    const base = await liveBaseBytes(this.paths, name, before);
    const isMoved = await this.move(this.paths.log(name), this.paths.oldLog(name, lastRun, base));
    if (isMoved) await this.move(this.paths.logTimes(name), this.paths.oldLogTimes(name, lastRun, base));
    await rm(this.paths.logTimes(name), { recursive: true, force: true });
  }

  /** Something of the application's may lie where the log should go: its start matters more than an old log. */
  private async move(from: string, to: string): Promise<boolean> {
    try {
      await makeFolder(dirname(to));
      await rename(from, to);
      return true;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false;
      if (!IN_THE_WAY.has(systemCodeOf(error))) throw error;
      await rm(from, { recursive: true, force: true });
      return false;
    }
  }

  /**
   * Removes the oldest segments of earlier runs until all logs fit, with room for one more segment of the current run. That
   * run's own ones are its runner's to remove. An application may keep logs of its own in a folder of that name: only numbers
   * that are runs' count.
   */
  async prune(name: string, currentRun: number): Promise<void> {
    const segments = (await listOldSegments(this.paths, name)).filter(({ run }) => run <= currentRun);
    const sizes = new Map(
      await Promise.all(segments.map(async ({ path }) => [path, await sizeBytesOf(path)] as const)),
    );
    const liveBytes = await sizeBytesOf(this.paths.log(name));
    const totalBytes = segments.reduce((sum, { path }) => sum + (sizes.get(path) ?? 0), liveBytes);
    let surplusBytes = totalBytes + this.segmentBytes - this.limitBytes;
    const earlier = segments.filter(({ run }) => run < currentRun);
    const oldestKept = [...new Set(earlier.map(({ run }) => run))].at(-KEPT_RUNS) ?? 0;
    for (const segment of earlier) {
      if (surplusBytes <= 0 && segment.run >= oldestKept) break;
      await remove(segment);
      surplusBytes -= sizes.get(segment.path) ?? 0;
    }
  }
}

/** @throws a system error, ELOOP when a link leads elsewhere */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const facts = await lstat(path);
  if (facts.isSymbolicLink()) throw Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
}

async function remove({ path }: OldSegment): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.times`, { recursive: true, force: true });
}

async function sizeBytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
