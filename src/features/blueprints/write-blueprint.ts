import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, systemCodeOf } from '../../core/errors.js';

/**
 * Writes a file so that a reader, and a machine that loses power, finds the old content or the new, never a part. Makes
 * the directory when it is missing.
 * @throws AppError `DISK_FULL`; other system errors as they are
 */
export async function writeBlueprint(directory: string, filename: string, content: Buffer): Promise<void> {
  // The leading dot keeps what an interruption leaves behind out of the catalogue.
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  try {
    await mkdir(directory, { recursive: true });
    await writeSynced(temporary, content);
    await rename(temporary, join(directory, filename));
    await syncDirectory(directory);
  } catch (error) {
    await rm(temporary, { force: true });
    throw isDiskFull(error)
      ? new AppError('disk_full', 'DISK_FULL', 'The disk is full, so the blueprint was not saved.')
      : error;
  }
}

/** Makes a removal or a rename in `directory` last: without it, a power cut may undo the directory's own entry. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSynced(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemCodeOf(error) ?? '');
}
