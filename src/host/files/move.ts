import { cp, rename, rm } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';
import { exists } from './exists.js';

/** Moves a file or folder; across file systems by copying, for a data directory may be put together from several mounts. */
export async function moveTree(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCodeOf(error) !== 'EXDEV') throw error;
    await copyWhole(from, to);
    await rm(from, { recursive: true });
  }
}

/** All of it, or nothing is left behind: the other disk may be full. */
async function copyWhole(from: string, to: string): Promise<void> {
  const wasThere = await exists(to);
  try {
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      errorOnExist: true,
      force: false,
    });
  } catch (error) {
    if (!wasThere) await rm(to, { recursive: true, force: true });
    throw error;
  }
}
