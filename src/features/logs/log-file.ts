import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCodeOf } from '../../core/errors.js';

/** An open log and its size at that moment. */
export interface OpenLog {
  file: FileHandle;
  sizeBytes: number;
}

/**
 * Opens a log for reading; the caller closes it. Applications can write where it lies, so a symbolic link is not
 * followed and anything but a file counts as no log.
 */
export async function openLog(path: string): Promise<OpenLog | null> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ELOOP') return null;
    throw error;
  }
  const facts = await file.stat();
  if (facts.isFile()) return { file, sizeBytes: facts.size };
  await file.close();
  return null;
}

/** Opens a log, uses it, closes it. */
export async function withLog<T>(
  path: string,
  absent: T,
  use: (file: FileHandle, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const log = await openLog(path);
  if (log === null) return absent;
  try {
    return await use(log.file, log.sizeBytes);
  } finally {
    await log.file.close();
  }
}

/** Reads a range; fewer bytes than asked for at the end of the file. */
export async function readRange(file: FileHandle, fromBytes: number, lengthBytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(lengthBytes);
  let read = 0;
  while (read < lengthBytes) {
    const { bytesRead } = await file.read(buffer, read, lengthBytes - read, fromBytes + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
