import { lstat } from 'node:fs/promises';
import type { TrashEntrySize } from '../../../contracts/trash.js';
import { AppError } from '../../../core/errors.js';
import { Mutex } from '../../../core/mutex.js';
import { measureTree } from '../../../host/files/walk-tree.js';

/** Half a million files take about a minute on a disk that is slow. */
const LIMIT_MS = 120_000;

interface Known {
  changedAtMs: number;
  size: TrashEntrySize;
}

/** How much the entries of the trash can take. Counted when somebody asks, one after the other, and remembered. */
export class TrashSizes {
  private readonly turn = new Mutex();
  private readonly known = new Map<string, Known>();

  /** What was counted before, without looking at more than the folder itself; null when it was not. */
  async remembered(folder: string): Promise<TrashEntrySize | null> {
    const known = this.known.get(folder);
    return known !== undefined && known.changedAtMs === (await changedAtMs(folder)) ? known.size : null;
  }

  /** @throws AppError `unavailable` when it takes too long */
  measure(folder: string): Promise<TrashEntrySize> {
    return this.turn.run(async () => (await this.remembered(folder)) ?? this.count(folder));
  }

  /** Lets go of entries that are no more. */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.known.keys()) if (!folders.has(folder)) this.known.delete(folder);
  }

  private async count(folder: string): Promise<TrashEntrySize> {
    const changed = await changedAtMs(folder);
    const measured = await measureTree(folder, AbortSignal.timeout(LIMIT_MS));
    if (measured === null)
      throw new AppError('unavailable', 'SIZE_UNKNOWN', 'There is too much in it to count in two minutes.');
    const size = { size_bytes: Math.round(measured.bytes), file_count: measured.files };
    this.known.set(folder, { changedAtMs: changed, size });
    return size;
  }
}

function changedAtMs(folder: string): Promise<number> {
  return lstat(folder).then(
    (facts) => facts.ctimeMs,
    () => 0,
  );
}
