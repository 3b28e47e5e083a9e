import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
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
import { fromText, toBytes } from './byte-path.js';
import type { BytePath } from './byte-path.js';
import { pathOf } from './inner-folder.js';
import { inTurns } from './in-turns.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Bits that change as whom a program runs do not go along. */
const PERMISSION_BITS = 0o777;
const PRIVATE = 0o700;
/** Who exchanges names without end keeps his folder from being copied. */
const MAX_TRIES = 100;
const NEVER = new AbortController().signal;

/**
 * Copies a file, a link or a folder with all that is in it: with owners, modes and times, links as they are, sockets and
 * pipes left out. Applications may own what is copied and exchange names for links meanwhile, so the way leads from each
 * open folder into the next; the copy is AiKore's alone until it is whole.
 * @param to what nothing has for a name yet
 * @throws a system error; what was copied by then lies there
 */
export async function copyTree(from: string, to: string): Promise<void> {
  await copyUnlessExchanged(fromText(from), fromText(to));
}

async function copyUnlessExchanged(from: BytePath, to: BytePath): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await copyEntry(from, to, await lstat(toBytes(from)));
      return;
    } catch (error) {
      // Before anything of the copy is made.
      if (!(error instanceof Exchanged) || tries === MAX_TRIES) throw error;
    }
  }
}

async function copyEntry(from: BytePath, to: BytePath, facts: Stats): Promise<void> {
  if (facts.isDirectory()) return copyFolder(from, to);
  if (facts.isSymbolicLink()) return copyLink(from, to);
  if (facts.isFile()) return copyContent(from, to);
}

async function copyFolder(from: BytePath, to: BytePath): Promise<void> {
  await using(await openUnlessExchanged(from, FOLDER), async (handle) => {
    await mkdir(toBytes(to), PRIVATE);
    const entries = await readdir(pathOf(handle), { encoding: 'latin1', withFileTypes: true });
    await inTurns(entries, NEVER, ({ name }) =>
      copyUnlessExchanged(pathOf(handle, name), join(to, name)).catch(unlessGone),
    );
    await dress(to, await handle.stat());
  });
}

async function copyContent(from: BytePath, to: BytePath): Promise<void> {
  await using(await openUnlessExchanged(from, FILE), async (handle) => {
    const facts = await handle.stat();
    if (!facts.isFile()) return;
    await copyFile(pathOf(handle), toBytes(to), constants.COPYFILE_EXCL);
    await dress(to, facts);
  });
}

async function copyLink(from: BytePath, to: BytePath): Promise<void> {
  const { uid, gid } = await lstat(toBytes(from));
  const target = await readlink(toBytes(from), { encoding: 'buffer' }).catch(asExchanged);
  await symlink(target, toBytes(to));
  await keepOwner(to, uid, gid);
}

/** It is not any more what it was when it was looked at. */
class Exchanged extends Error {}

function openUnlessExchanged(path: BytePath, flags: number): Promise<FileHandle> {
  return open(toBytes(path), flags).catch(asExchanged);
}

/** A link, no folder, or no link, by what was asked for. */
function asExchanged(error: unknown): never {
  const isExchanged = ['ELOOP', 'ENOTDIR', 'EINVAL', 'ENXIO'].includes(systemCodeOf(error) ?? '');
  throw isExchanged ? new Exchanged('it was exchanged while it was copied', { cause: error }) : error;
}

/** What vanishes from a folder while it is copied is not part of the copy. */
function unlessGone(error: unknown): void {
  if (systemCodeOf(error) !== 'ENOENT') throw error;
}

/** The mode last: a change of owner takes bits away. */
async function dress(path: BytePath, { uid, gid, mode, atime, mtime }: Stats): Promise<void> {
  await utimes(toBytes(path), atime, mtime);
  await keepOwner(path, uid, gid);
  await chmod(toBytes(path), mode & PERMISSION_BITS);
}

/** Who may not give files away has made one that it can use. */
async function keepOwner(path: BytePath, uid: number, gid: number): Promise<void> {
  await lchown(toBytes(path), uid, gid).catch((error: unknown) => {
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
