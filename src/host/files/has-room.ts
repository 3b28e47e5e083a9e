import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';

/**
 * Whether so many bytes can be written into a folder now. The kernel's figures do not tell: quotas, what is kept back for
 * root and the size of blocks are not in them.
 * @throws a system error when it is not a matter of room
 */
export async function hasRoom(folder: string, sizeBytes: number): Promise<boolean> {
  const file = join(folder, `.room-${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(sizeBytes));
      return true;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(systemCodeOf(error) ?? '')) return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}
