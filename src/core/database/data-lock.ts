import { closeSync, constants, fchmodSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCodeOf } from '../errors.js';
import { Database } from './sqlite.js';

const PRIVATE_MODE = 0o600;

/** Somebody else works on this data directory, or nobody can find out. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

/**
 * Takes the data directory for this process alone, for two AiKores would each adopt the other's instances.
 * The lock is SQLite's own lock on a file in `run/`: the kernel drops it when the process ends in whatever way, and
 * unlike a pid file it cannot be stale.
 * @returns gives the directory back
 * @throws DataDirectoryInUse
 */
export function lockDataDirectory(dataDir: string): () => void {
  const runDir = join(dataDir, 'run');
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const file = join(runDir, 'aikore.lock');
  makePrivate(file);
  const database = new Database(file, { timeout: 0 });
  try {
    // A transaction that never ends: the lock is held and nothing is written, so that a full disk is no obstacle.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (systemCodeOf(error) !== 'SQLITE_BUSY') {
      throw new DataDirectoryInUse(
        `The lock file ${file} cannot be used (${messageOf(error)}). Make sure that there is space and that no other AiKore runs, then delete that file.`,
      );
    }
    throw new DataDirectoryInUse(
      `Another AiKore is already running on ${dataDir}. Stop it first, or give this one a directory of its own with AIKORE_DATA_DIR.`,
    );
  }
  return () => database.close();
}

/** Who can read the file can lock it, and would keep AiKore from coming back. */
function makePrivate(file: string): void {
  try {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, PRIVATE_MODE);
    try {
      fchmodSync(descriptor, PRIVATE_MODE);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // SQLite says what is wrong with it.
  }
}
