import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';
import { isKeptFromApps } from './ownership.js';

/** An open file and its size at that moment. */
export interface OpenFile {
  file: FileHandle;
  sizeBytes: number;
}

/** Nothing is there (ENOTDIR: a file where a folder should be), or a link (ELOOP), or a socket (ENXIO). */
const NO_FILE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);

/** Who may have written a file: an application, or AiKore as well, which leaves notes of its own beside theirs. */
export type Writer = 'apps' | 'anybody';

/**
 * Opens an ordinary file where applications can write, for reading; the caller closes it. A symbolic link in its place
 * is not followed, a pipe does not block; like everything else that is no ordinary file they count as nothing. So does a
 * file of AiKore's own, unless `writer` may be anybody: an application has put it there to have it shown.
 * @returns null when there is no such file
 */
export async function openRegularFile(path: string, writer: Writer = 'apps'): Promise<OpenFile | null> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (NO_FILE.has(systemCodeOf(error))) return null;
    throw error;
  }
  const facts = await file.stat();
  const isKept = writer === 'apps' && isKeptFromApps(facts);
  if (facts.isFile() && !isKept) return { file, sizeBytes: facts.size };
  await file.close();
  return null;
}

/** Text of an ordinary file of at most so many bytes; null when there is none, or a larger one. */
export async function readSmallFile(
  path: string,
  maxBytes: number,
  writer: Writer = 'apps',
): Promise<string | null> {
  return (await readSmallBytes(path, maxBytes, writer))?.toString('utf8') ?? null;
}

/** As `readSmallFile`, byte for byte. */
export async function readSmallBytes(
  path: string,
  maxBytes: number,
  writer: Writer = 'apps',
): Promise<Buffer | null> {
  const opened = await openRegularFile(path, writer);
  if (opened === null) return null;
  try {
    return opened.sizeBytes > maxBytes ? null : await opened.file.readFile();
  } finally {
    await opened.file.close();
  }
}
