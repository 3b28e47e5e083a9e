import { lstat, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCodeOf } from '../../../core/errors.js';
import { exists } from '../../../host/files/exists.js';
import { NotAFolder, openInnerFolder, withInnerFolder } from '../../../host/files/inner-folder.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { OLD_LOGS_FOLDER } from '../instance-paths.js';
import type { InstancePaths } from '../instance-paths.js';
import { listOldSegments, liveBaseBytes } from '../log-segments.js';
import type { OldSegment } from '../log-segments.js';

/** Logs of so many earlier runs are kept, if they fit. */
const KEPT_RUNS = 50;
/** A run's log is cut into pieces of this part of what an instance may keep. */
const SEGMENTS_OF_LIMIT = 8;

/** What in a name's place makes it unusable, as opposed to a disk that refuses. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EXDEV']);

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
    await withInnerFolder(this.paths.home(name), [], undefined, async (home) => {
      const [log, times] = [this.paths.log(name), this.paths.logTimes(name)].map((path) =>
        join(home, basename(path)),
      ) as [string, string];
      const isMoved = await this.move(name, log, this.paths.oldLog(name, lastRun, base));
      if (isMoved) await this.move(name, times, this.paths.oldLogTimes(name, lastRun, base));
      await removeTree(times);
    });
  }

  /** Something of the application's may lie where the log should go: its start matters more than an old log. */
  private async move(name: string, from: string, to: string): Promise<boolean> {
    try {
      return await this.moveInto(name, from, basename(to));
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false;
      if (!(error instanceof NotAFolder) && !IN_THE_WAY.has(systemCodeOf(error))) throw error;
      await removeTree(from);
      return false;
    }
  }

  private async moveInto(name: string, from: string, file: string): Promise<boolean> {
    const folder = await openInnerFolder(this.paths.home(name), [OLD_LOGS_FOLDER], { isMade: true });
    if (folder === null) return false;
    try {
      await rename(from, join(folder.path, file));
      return true;
    } finally {
      await folder.close();
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
      await this.remove(name, segment);
      surplusBytes -= sizes.get(segment.path) ?? 0;
    }
  }

  private async remove(name: string, { path }: OldSegment): Promise<void> {
    await withInnerFolder(this.paths.home(name), [OLD_LOGS_FOLDER], undefined, async (folder) => {
      for (const file of [basename(path), `${basename(path)}.times`]) await removeTree(join(folder, file));
    });
  }
}

async function sizeBytesOf(path: string): Promise<number> {
  return lstat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
