import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { isFolder } from './exists.js';
import { NotAFolder, openFolderIn, pathOf } from './inner-folder.js';
import { areKeptApart, give, giveEntry, isWritableByApps } from './ownership.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/** Makes a folder for applications in one of AiKore's own, where no application can write. One that is there stays. */
export async function makeAppFolder(path: string, mode?: number): Promise<void> {
  await mkdir(path, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  await giveEntry(path);
}

/**
 * Makes a folder and those above it, somewhere below a root where applications can write. Links are followed, because
 * operators lay parts of it onto other disks; so where an application could not make a folder itself, AiKore does not
 * make it either.
 * @throws a system error, EACCES for somebody else's folder
 */
export async function makeFolderBelow(root: string, path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (!areKeptApart()) {
    await mkdir(path, { recursive: true });
    return;
  }
  let handle = await open(root, FOLDER);
  try {
    for (const name of relative(root, path).split(sep)) {
      const inner = await enter(handle, name);
      await handle.close();
      handle = inner;
    }
  } finally {
    await handle.close();
  }
}

async function enter(outer: FileHandle, name: string): Promise<FileHandle> {
  try {
    return await open(pathOf(outer, name), FOLDER);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
  if (!isWritableByApps(await outer.stat())) throw notTheirs(name);
  await mkdir(pathOf(outer, name));
  const made = await openFolderIn(outer, name);
  if (made === null) throw new NotAFolder(`${name} is gone again`);
  try {
    await give(made);
    return made;
  } catch (error) {
    await made.close();
    throw error;
  }
}

function notTheirs(name: string): Error {
  const message = `${name} would lie in a folder where applications may not write`;
  return Object.assign(new Error(message), { code: 'EACCES' });
}
