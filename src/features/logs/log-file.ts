import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '../../host/files/regular-file.js';

/** Opens a log, uses it, closes it. */
export async function withLog<T>(
  path: string,
  absent: T,
  use: (file: FileHandle, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const log = await openRegularFile(path);
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
