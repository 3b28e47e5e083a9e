import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, readlink, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { pathOf } from '../../host/files/inner-folder.js';
import { isInside } from '../../host/files/inside.js';
import { isKeptFromApps } from '../../host/files/ownership.js';
import type { Writer } from '../../host/files/regular-file.js';

export const MAX_BLUEPRINT_BYTES = 1024 * 1024;

/** What changes whenever the content does; the inode sees a replacement of equal size within one tick of the clock. */
export interface FileVersion {
  modifiedNs: bigint;
  sizeBytes: number;
  inode: bigint;
}

/** A blueprint's file, opened and checked. */
export interface OpenBlueprint {
  version: FileVersion;
  /** @param limitBytes reads no further than this */
  read(limitBytes: number): Promise<Buffer>;
}

/** Why a file that is there cannot be a blueprint. */
export type Refusal = 'missing' | 'too_large';

/**
 * Opens a blueprint, hands it to `use` and closes it. A symbolic link is followed only as far as its target lies in the
 * same directory; what is not a regular file counts as missing.
 * @param writer where applications can write, a file of AiKore's own counts as missing, too
 * @throws system errors other than those that mean "not there" or "not readable"
 */
export async function withBlueprintFile<T>(
  directory: string,
  filename: string,
  writer: Writer,
  use: (file: OpenBlueprint) => Promise<T>,
): Promise<T | Refusal> {
  const handle = await openInside(directory, filename, writer);
  if (!handle) return 'missing';
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) return 'missing';
    if (stats.size > MAX_BLUEPRINT_BYTES) return 'too_large';
    const version = { modifiedNs: stats.mtimeNs, sizeBytes: Number(stats.size), inode: stats.ino };
    return await use({ version, read: (limitBytes) => readStart(handle, limitBytes) });
  } finally {
    await handle.close();
  }
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO', 'EISDIR', 'ENAMETOOLONG']);

async function openInside(directory: string, filename: string, writer: Writer): Promise<FileHandle | null> {
  try {
    const root = await realpath(directory);
    const path = await realpath(join(root, filename));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
    // O_NONBLOCK: opening a named pipe that nobody writes to would otherwise wait for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const isKept = writer === 'apps' && isKeptFromApps(await handle.stat());
    if (!isKept && (await isStillInside(root, handle))) return handle;
    await handle.close();
    return null;
  } catch (error) {
    if (ABSENT.has(systemCodeOf(error) ?? '')) return null;
    throw error;
  }
}

/** A folder on the way may have been exchanged for a link since the path was looked up: what was opened counts. */
async function isStillInside(root: string, handle: FileHandle): Promise<boolean> {
  return isInside(root, await readlink(pathOf(handle)));
}

async function readStart(handle: FileHandle, limitBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limitBytes);
  let length = 0;
  while (length < limitBytes) {
    const { bytesRead } = await handle.read(buffer, length, limitBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
