import { constants } from 'node:fs';
import { open, readlink, realpath, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, systemCodeOf } from '../../core/errors.js';
import { isInside } from '../../host/files/inside.js';
import { give, isKeptFromApps } from '../../host/files/ownership.js';
import { readSmallFile } from '../../host/files/regular-file.js';

/** `clean_env` of functions.sh looks for it beside the environment; the original AiKore's scripts know it, too. */
export const REBUILD_FLAG = '.rebuild-env';

/** What `.rebuild-env` holds when caches are to be passed by, too. */
export const CLEAN_WORD = 'clean';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const MAX_FLAG_BYTES = 64;

/** Where the flag of an environment lies; null when the path is no folder below the instance's own. */
export function flagPath(home: string, venvPath: string): string | null {
  const venv = resolve(home, venvPath);
  return venv !== home && isInside(home, venv) ? join(dirname(venv), REBUILD_FLAG) : null;
}

/** What a flag holds, as functions.sh would see it; null: none lies. */
export async function readFlag(path: string): Promise<string | null> {
  // One that is too large, or a link, is somebody's mischief and no wish.
  const text = await readSmallFile(path, MAX_FLAG_BYTES, 'anybody').catch(() => null);
  return text?.trim() ?? null;
}

/**
 * Lays the flag. Applications can write beside it: links are neither followed out of the instance's folder nor written
 * through. Where the folder that it belongs in is not there yet there is nothing to do anew.
 * @param word what it holds; one that lies and holds more stays as it is
 * @returns whether it lies now
 * @throws AppError `conflict` when something else is in its place
 */
export async function layFlag(home: string, path: string, word = ''): Promise<boolean> {
  const name = basename(path);
  const folder = await openFolder(home, dirname(path), name);
  if (folder === null) return false;
  try {
    // By the descriptor: what a name leads to may be exchanged at any moment.
    const target = `/proc/self/fd/${folder.fd}/${name}`;
    const lying = await readFlag(target);
    if (lying !== null && (word === '' || lying === word)) return true;
    await replace(target, word);
    return true;
  } catch (error) {
    if (IN_THE_WAY.has(systemCodeOf(error))) throw inTheWay(name);
    throw error;
  } finally {
    await folder.close();
  }
}

/** Renaming a file onto a folder, and making one where a folder has its name. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['EISDIR', 'ENOTEMPTY', 'EEXIST', 'EPERM']);

/** Whole or not at all: a script may look for it at this moment. */
async function replace(target: string, word: string): Promise<void> {
  const fresh = `${target}.new`;
  await unlink(fresh).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  });
  const file = await open(fresh, NEW_FILE, 0o644);
  try {
    await give(file);
    if (word !== '') await file.writeFile(`${word}\n`);
  } finally {
    await file.close();
  }
  await rename(fresh, target);
}

/** @returns null when there is no such folder. @throws AppError `conflict` when it leads out of the instance's */
async function openFolder(home: string, folder: string, flag: string): Promise<FileHandle | null> {
  const real = await realpath(folder).catch(() => null);
  if (real === null) return null;
  const handle = await open(real, DIRECTORY);
  const opened = await readlink(`/proc/self/fd/${handle.fd}`);
  const isTheirs = !isKeptFromApps(await handle.stat(), true);
  if (isTheirs && isInside(await realpath(home), opened)) return handle;
  await handle.close();
  throw inTheWay(flag);
}

function inTheWay(flag: string): AppError {
  return new AppError(
    'conflict',
    'REBUILD_BLOCKED',
    `Something is in the way of ${flag} in the instance's folder. Look there in a terminal and remove it.`,
  );
}
