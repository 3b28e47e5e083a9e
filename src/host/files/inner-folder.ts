import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';
import { belongsToApps, give, isKeptFromApps } from './ownership.js';

const FOLLOWED = constants.O_RDONLY | constants.O_DIRECTORY;
const FOLDER = FOLLOWED | constants.O_NOFOLLOW;
const ORDINARY_MODE = 0o755;

/** Something else, such as a symbolic link, has a folder's name. */
export class NotAFolder extends Error {}

/** An open folder. Files in it are reached by `path`, whatever becomes of the folder's name meanwhile. */
export interface InnerFolder {
  path: string;
  close(): Promise<void>;
}

export interface InnerFolderOptions {
  /** Makes what is not there yet, for applications. */
  isMade?: boolean;
  /** Of what is made. */
  mode?: number;
}

/**
 * Opens a folder below a root where applications can write: none of `names` may be a link.
 * @param root an entry of a folder of AiKore's own; a link there, as to a larger disk, must lead to what is applications'
 * @returns null when it is not there
 * @throws NotAFolder
 */
export async function openInnerFolder(
  root: string,
  names: readonly string[] = [],
  { isMade = false, mode = ORDINARY_MODE }: InnerFolderOptions = {},
): Promise<InnerFolder | null> {
  let handle = await openRoot(root);
  for (const name of names) {
    if (handle === null) return null;
    const below = pathOf(handle, name);
    const outer: FileHandle = handle;
    try {
      if (isMade) await makeFolder(below, mode);
      handle = await openFolder(below, FOLDER);
      if (isMade && handle !== null) await give(handle);
    } finally {
      await outer.close();
    }
  }
  if (handle === null) return null;
  const opened: FileHandle = handle;
  return { path: pathOf(opened), close: () => opened.close() };
}

/**
 * Works in a folder below such a root.
 * @returns what `use` returns, or `otherwise` when the folder is not there
 * @throws NotAFolder
 */
export async function withInnerFolder<T>(
  root: string,
  names: readonly string[],
  otherwise: T,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await openInnerFolder(root, names);
  if (folder === null) return otherwise;
  try {
    return await use(folder.path);
  } finally {
    await folder.close();
  }
}

/** The way to an open folder, or to what has a name in it. */
export function pathOf({ fd }: FileHandle, name?: string): string {
  return name === undefined ? `/proc/self/fd/${fd}` : `/proc/self/fd/${fd}/${name}`;
}

/** Opens a folder that lies in an open one. @returns null when it is not there. @throws NotAFolder for a link, too */
export function openFolderIn(outer: FileHandle, name: string): Promise<FileHandle | null> {
  return openFolder(pathOf(outer, name), FOLDER);
}

/** An application may own what a link leads through, and exchange it: then it must lead to what is theirs. */
async function openRoot(root: string): Promise<FileHandle | null> {
  try {
    return await openProved(root, FOLDER, (facts) => !isKeptFromApps(facts, true));
  } catch (error) {
    if (!(error instanceof NotAFolder)) throw error;
    return openProved(root, FOLLOWED, belongsToApps);
  }
}

async function openProved(
  path: string,
  flags: number,
  isRight: (facts: Stats) => boolean,
): Promise<FileHandle | null> {
  const handle = await openFolder(path, flags);
  if (handle === null || isRight(await handle.stat())) return handle;
  await handle.close();
  throw new NotAFolder(`${path} is not the applications'`);
}

async function openFolder(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    const code = systemCodeOf(error);
    // Nothing can have a name that is too long.
    if (code === 'ENOENT' || code === 'ENAMETOOLONG') return null;
    if (code === 'ENOTDIR' || code === 'ELOOP')
      throw new NotAFolder(`${path} is no folder`, { cause: error });
    throw error;
  }
}

async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, mode).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  });
}
