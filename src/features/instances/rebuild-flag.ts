import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError, systemCodeOf } from '../../core/errors.js';
import { isInside } from '../../host/files/inside.js';
import { give, isKeptFromApps } from '../../host/files/ownership.js';

/** `clean_env` of functions.sh looks for it beside the environment; the original AiKore's scripts know it, too. */
const FLAG_NAME = '.rebuild-env';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Where the flag of an environment lies; null when the path is no folder below the instance's own. */
export function flagPath(home: string, venvPath: string): string | null {
  const venv = resolve(home, venvPath);
  return venv !== home && isInside(home, venv) ? join(dirname(venv), FLAG_NAME) : null;
}

/** Whether the flag lies as `clean_env` would see it. */
export async function hasFlag(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/**
 * Lays the flag. Applications can write beside it: links are neither followed out of the instance's folder nor written
 * through. Where the environment's folder is not there yet there is nothing to build anew.
 * @returns whether it lies now
 * @throws AppError `conflict` when something else is in its place
 */
export async function layFlag(home: string, path: string): Promise<boolean> {
  const folder = await openFolder(home, dirname(path));
  if (folder === null) return false;
  try {
    // By the descriptor: what a name leads to may be exchanged at any moment.
    const target = `/proc/self/fd/${folder.fd}/${FLAG_NAME}`;
    if (await create(target)) return true;
    const facts = await lstat(target).catch(() => null);
    if (facts?.isFile() === true) return true;
    if (facts?.isSymbolicLink() === true) {
      await unlink(target);
      if (await create(target)) return true;
    }
    throw inTheWay();
  } finally {
    await folder.close();
  }
}

/** @returns null when there is no such folder. @throws AppError `conflict` when it leads out of the instance's */
async function openFolder(home: string, folder: string): Promise<FileHandle | null> {
  const real = await realpath(folder).catch(() => null);
  if (real === null) return null;
  const handle = await open(real, DIRECTORY);
  const opened = await readlink(`/proc/self/fd/${handle.fd}`);
  const isTheirs = !isKeptFromApps(await handle.stat(), true);
  if (isTheirs && isInside(await realpath(home), opened)) return handle;
  await handle.close();
  throw inTheWay();
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, NEW_FILE, 0o644);
    await give(file).finally(() => file.close());
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function inTheWay(): AppError {
  return new AppError(
    'conflict',
    'REBUILD_BLOCKED',
    `Something is in the way of ${FLAG_NAME} beside the environment. Look at the instance's folder in a terminal and remove it.`,
  );
}
