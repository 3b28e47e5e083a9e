import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { constants } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { give } from './ownership.js';

/** What is being written: nobody else's file ends like that. */
const UNFINISHED = /\.aikore-[\da-f-]{36}\.tmp$/;

export interface AtomicWriteOptions {
  /** The umask takes nothing from the mode. */
  isModeExact?: boolean;
  /** Who gets the file. */
  for?: 'aikore' | 'apps';
}

/**
 * Writes a file so that after a crash either the old or the new content is there, whole: temporary name, sync, rename,
 * sync of the folder. Where applications can write, the folder is one that is open (inner-folder.ts).
 * @param mode less what the umask withholds, unless it `isModeExact`
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
  { isModeExact = false, for: owner = 'aikore' }: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = `${path}.aikore-${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      if (isModeExact) await file.chmod(mode);
      await file.writeFile(content);
      if (owner === 'apps') await give(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes what a process that ended while it wrote left behind in a folder. One that is not there has nothing. */
export async function removeUnfinishedFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((candidate) => UNFINISHED.test(candidate)))
    await rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** Makes a rename in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
