import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { syncFolder } from './atomic-write.js';
import { copyTree } from './copy-tree.js';
import { exists } from './exists.js';
import { removeTree } from './remove-tree.js';

/**
 * Moves a file or folder from one of AiKore's own folders into another; across file systems by copying, for a data
 * directory may be put together from several mounts. What is said of it afterwards, in the database for instance, survives
 * a power cut, so the new name has to as well.
 */
export async function moveTree(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCodeOf(error) !== 'EXDEV') throw error;
    await copyWhole(from, to);
    await removeTree(from);
  }
  // A file system that cannot sync folders must not forbid a move that has happened.
  for (const folder of new Set([dirname(to), dirname(from)])) await syncFolder(folder).catch(() => undefined);
}

/** All of it, or nothing is left behind: the other disk may be full. */
async function copyWhole(from: string, to: string): Promise<void> {
  const wasThere = await exists(to);
  try {
    await copyTree(from, to);
  } catch (error) {
    if (!wasThere) await removeTree(to);
    throw error;
  }
}
