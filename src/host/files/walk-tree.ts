import type { Dirent } from 'node:fs';
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What files of a tree take on the disk. */
export interface TreeSize {
  bytes: number;
  files: number;
}

/** `st_blocks` counts in these, whatever the file system's own blocks are (stat(2)). */
const BLOCK_BYTES = 512;

/**
 * Node's file calls share four threads, and each of these trees may have half a million files: two at a time leave the
 * others to those who wait.
 */
const AT_A_TIME = 2;

/**
 * Adds up what a tree takes, symbolic links not followed. What vanishes meanwhile or cannot be read counts nothing; a file
 * with several names counts in parts.
 * @returns null when `signal` ended it
 */
export async function measureTree(root: string, signal: AbortSignal): Promise<TreeSize | null> {
  const size: TreeSize = { bytes: 0, files: 0 };
  const visit = async (path: string, entry: Dirent): Promise<void> => {
    if (entry.isDirectory()) return measure(path);
    size.bytes += await bytesOf(path);
    size.files += 1;
  };
  const measure = async (folder: string): Promise<void> => {
    await inTurns(await entriesOf(folder), signal, (entry) => visit(join(folder, entry.name), entry));
  };
  if (await isOwnFolder(root)) await measure(root);
  return signal.aborted ? null : size;
}

/**
 * Removes what it can of a tree, files first, and tells of each; symbolic links are removed and not followed. Throws
 * nothing: what is left has to be looked for.
 */
export async function removeCounting(root: string, onFile: (bytes: number) => void): Promise<void> {
  const never = new AbortController().signal;
  const visit = async (path: string, entry: Dirent): Promise<void> => {
    if (entry.isDirectory()) return remove(path);
    const bytes = await bytesOf(path);
    await unlink(path);
    onFile(bytes);
  };
  const remove = async (folder: string): Promise<void> => {
    await inTurns(await entriesOf(folder), never, (entry) =>
      visit(join(folder, entry.name), entry).catch(() => undefined),
    );
    await rmdir(folder).catch(() => undefined);
  };
  if (await isOwnFolder(root)) await remove(root);
}

/** A link in a folder's place, as to a larger disk, is a link: what it leads to is not part of the tree. */
function isOwnFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

async function inTurns(
  entries: readonly Dirent[],
  signal: AbortSignal,
  visit: (entry: Dirent) => Promise<void>,
): Promise<void> {
  // Folders one after the other, so that the depth of a tree does not multiply the turns.
  const files = entries.filter((entry) => !entry.isDirectory());
  let next = 0;
  const turn = async (): Promise<void> => {
    for (let entry = files[next++]; entry !== undefined && !signal.aborted; entry = files[next++])
      await visit(entry);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, turn));
  for (const entry of entries) if (entry.isDirectory() && !signal.aborted) await visit(entry);
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function bytesOf(path: string): Promise<number> {
  return lstat(path).then(
    ({ blocks, nlink }) => (blocks * BLOCK_BYTES) / Math.max(1, nlink),
    () => 0,
  );
}
