import { cp, rename, rm } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';

/** Moves a file or folder; across file systems by copying, for a data directory may be put together from several mounts. */
export async function moveTree(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCodeOf(error) !== 'EXDEV') throw error;
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      errorOnExist: true,
      force: false,
    });
    await rm(from, { recursive: true });
  }
}
