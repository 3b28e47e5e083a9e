import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Something else, such as a symbolic link, has a folder's name. */
export class NotAFolder extends Error {}

/** An open folder. Files in it are reached by `path`, whatever becomes of the folder's name meanwhile. */
export interface InnerFolder {
  path: string;
  close(): Promise<void>;
}

/**
 * Opens a folder below a root where applications can write: none of `names` may be a link.
 * @param isMade makes what is not there yet
 * @returns null when it is not there
 * @throws NotAFolder
 */
export async function openInnerFolder(
  root: string,
  names: readonly string[],
  isMade = false,
): Promise<InnerFolder | null> {
  let handle = await openFolder(root, constants.O_RDONLY | constants.O_DIRECTORY);
  for (const name of names) {
    if (handle === null) return null;
    const below = `/proc/self/fd/${handle.fd}/${name}`;
    const outer: FileHandle = handle;
    try {
      if (isMade) await makeFolder(below);
      handle = await openFolder(below, FOLDER);
    } finally {
      await outer.close();
    }
  }
  if (handle === null) return null;
  const opened: FileHandle = handle;
  return { path: `/proc/self/fd/${opened.fd}`, close: () => opened.close() };
}

async function openFolder(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR' || code === 'ELOOP') throw new NotAFolder(path, { cause: error });
    throw error;
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  });
}
