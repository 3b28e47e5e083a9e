import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK_BYTES = 4096;

/** A small disk of memory that a test can fill. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @returns null, with a printed reason, where nothing can be mounted */
  static mount(path: string, size: string): SmallDisk | null {
    mkdirSync(path, { recursive: true });
    const isRoot = process.getuid?.() === 0;
    const mounted =
      isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'aikore', path]).status === 0;
    if (mounted) return new SmallDisk(path);
    console.warn('skipped: a small disk needs root and the right to mount a tmpfs');
    return null;
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Fills it to the last block, or but for so many bytes. */
  fill(leaveBytes = 0): void {
    const file = openSync(join(this.path, 'ballast'), 'a');
    try {
      while (this.freeBytes > leaveBytes) writeSync(file, Buffer.alloc(BLOCK_BYTES));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(join(this.path, 'ballast'), { force: true });
  }

  /** Also while somebody has files open there. */
  unmount(): void {
    execFileSync('umount', ['-l', this.path]);
  }
}
