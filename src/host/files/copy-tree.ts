import { constants } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import {
  chmod,
  copyFile,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  symlink,
  utimes,
} from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { pathOf } from './inner-folder.js';
import { inTurns } from './in-turns.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Bits that change as whom a program runs do not go along. */
const PERMISSION_BITS = 0o777;
const PRIVATE = 0o700;
const NEVER = new AbortController().signal;

/**
 * Copies a file, a link or a folder with all that is in it: with owners, modes and times, links as they are, sockets and
 * pipes left out. Applications may own what is copied and exchange names for links meanwhile, so the way leads from each
 * open folder into the next; the copy is AiKore's alone until it is whole.
 * @param to what nothing has for a name yet
 * @throws a system error; what was copied by then lies there
 */
export async function copyTree(from: string, to: string): Promise<void> {
  const facts = await lstat(from);
  await copyEntry(from, to, facts);
}

async function copyEntry(from: string, to: string, facts: Pick<Stats, EntryKind>): Promise<void> {
  if (facts.isDirectory()) return copyFolder(from, to);
  if (facts.isSymbolicLink()) return copyLink(from, to);
  if (facts.isFile()) return copyContent(from, to);
}

type EntryKind = 'isDirectory' | 'isSymbolicLink' | 'isFile';

async function copyFolder(from: string, to: string): Promise<void> {
  await using(await open(from, FOLDER), async (handle) => {
    await mkdir(to, PRIVATE);
    const entries = await readdir(pathOf(handle), { withFileTypes: true });
    await inTurns(entries, NEVER, (entry: Dirent) =>
      copyEntry(pathOf(handle, entry.name), join(to, entry.name), entry),
    );
    await dress(to, await handle.stat());
  });
}

async function copyContent(from: string, to: string): Promise<void> {
  await using(await open(from, FILE), async (handle) => {
    const facts = await handle.stat();
    if (!facts.isFile()) return;
    await copyFile(pathOf(handle), to, constants.COPYFILE_EXCL);
    await dress(to, facts);
  });
}

async function copyLink(from: string, to: string): Promise<void> {
  const { uid, gid } = await lstat(from);
  await symlink(await readlink(from), to);
  await keepOwner(to, uid, gid);
}

/** The mode last: a change of owner takes bits away. */
async function dress(path: string, { uid, gid, mode, atime, mtime }: Stats): Promise<void> {
  await utimes(path, atime, mtime);
  await keepOwner(path, uid, gid);
  await chmod(path, mode & PERMISSION_BITS);
}

/** Who may not give files away has made one that it can use. */
async function keepOwner(path: string, uid: number, gid: number): Promise<void> {
  await lchown(path, uid, gid).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EPERM') throw error;
  });
}

async function using(handle: FileHandle, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}
