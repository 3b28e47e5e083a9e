import { setTimeout as sleep } from 'node:timers/promises';
import { systemCodeOf } from '../errors.js';
import { DatabaseRefused } from './refused.js';

/** How long a start waits for another program to let go of the database. */
const PATIENCE_MS = 5000;
const POLL_MS = 100;

/** Somebody else uses the file in a way that does not go together with what is to be done. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';
}

/** SQLite's word for "locked by another process", with its shades (`SQLITE_BUSY_RECOVERY`…). */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseInUse || (systemCodeOf(error)?.startsWith('SQLITE_BUSY') ?? false);
}

/**
 * Does something again and again while another program holds the database, for a few seconds.
 * @throws DatabaseRefused when it is still held then
 */
export async function patiently<T>(file: string, task: () => T | Promise<T>): Promise<T> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > endMs) throw heldByAnother(file, error);
    }
    await sleep(POLL_MS);
  }
}

function heldByAnother(file: string, error: unknown): DatabaseRefused {
  const who = error instanceof DatabaseInUse ? ` ${error.message}.` : '';
  return new DatabaseRefused(
    `Another program holds the database ${file}.${who} End that program, then start AiKore again. Nothing was changed.`,
  );
}
