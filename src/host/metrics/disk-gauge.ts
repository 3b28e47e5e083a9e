import { setTimeout as delay } from 'node:timers/promises';
import { readDisk } from './machine-metrics.js';

export interface DiskFigures {
  totalBytes: number;
  freeBytes: number;
}

/** A network share that hangs must not hang the figures. */
const PATIENCE_MS = 300;

/** Size and free space of the disk that holds a folder; while the disk does not answer, what was known last. */
export class DiskGauge {
  private latest: DiskFigures = { totalBytes: 0, freeBytes: 0 };
  private asking: Promise<void> | null = null;

  constructor(private readonly folder: string) {}

  async read(): Promise<DiskFigures> {
    // One question at a time: each that hangs keeps a thread.
    this.asking ??= this.ask();
    const patience = new AbortController();
    const enough = delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.asking, enough]);
    patience.abort();
    return this.latest;
  }

  private async ask(): Promise<void> {
    try {
      this.latest = await readDisk(this.folder);
    } catch {
      // The folder is away, such as a share that was unmounted: what was known last stands.
    } finally {
      this.asking = null;
    }
  }
}
