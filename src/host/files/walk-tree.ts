import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fromText, toBytes } from './byte-path.js';
import type { BytePath } from './byte-path.js';
import { pathOf } from './inner-folder.js';
import { inTurns } from './in-turns.js';
import { bytesOf } from './tree-size.js';

/** What files of a tree take on the disk. */
export interface TreeSize {
  bytes: number;
  files: number;
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Every level keeps a descriptor open; who nests deeper hides what is there, and harms nobody. */
const MAX_DEPTH = 256;

/**
 * Adds up what a tree takes, symbolic links not followed: from each open folder into the next, for applications may
 * exchange the names meanwhile. What vanishes or cannot be read counts nothing; a file with several names counts in parts.
 * @returns null when `signal` ended it
 */
export async function measureTree(root: string, signal: AbortSignal): Promise<TreeSize | null> {
  const size: TreeSize = { bytes: 0, files: 0 };
  const measure = async (path: BytePath, depth: number): Promise<void> => {
    const handle = await openQuietly(path);
    if (handle === null) return;
    try {
      const folder = pathOf(handle);
      await inTurns(await entriesOf(folder), signal, async (entry) => {
        const inner = join(folder, entry.name);
        if (entry.isDirectory()) return depth < MAX_DEPTH ? measure(inner, depth + 1) : undefined;
        // Two are visited at a time: what is added to must not be read before the wait.
        const bytes = await bytesOf(toBytes(inner));
        size.bytes += bytes;
        size.files += 1;
      });
    } finally {
      await handle.close();
    }
  };
  // A link in the tree's place, as to a larger disk, is a link: what it leads to is not part of the tree.
  await measure(fromText(root), 0);
  return signal.aborted ? null : size;
}

function openQuietly(path: BytePath): Promise<FileHandle | null> {
  return open(toBytes(path), FOLDER).catch(() => null);
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { encoding: 'latin1', withFileTypes: true }).catch(() => []);
}
