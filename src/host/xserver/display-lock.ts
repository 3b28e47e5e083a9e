import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { give } from '../files/ownership.js';
import { readSmallFile } from '../files/regular-file.js';

/** Pid in ten columns and a line feed, as X servers write it (Xserver(1), os/utils.c). */
const PID_COLUMNS = 10;

/** Locks that this process has made and not given up. One with its pid may be older: of a former life of a container. */
const reservations = new Set<string>();

/**
 * Holds a display number for whoever is started next: between a look at who has it and the start of a server another
 * program could take it. The server's helper puts its own pid in place of this process's.
 * @returns false when somebody else was quicker
 */
export async function reserveDisplay(display: number, root = '/tmp'): Promise<boolean> {
  const lock = lockFile(display, root);
  const fresh = `${lock}.${process.pid}`;
  await rm(fresh, { force: true });
  await writeLock(fresh);
  // Before it is there: nobody here may take it for a former process's.
  reservations.add(lock);
  try {
    // A link appears whole or not at all, and never replaces.
    await link(fresh, lock);
    return true;
  } catch (error) {
    const isHeld = systemCodeOf(error) === 'EEXIST' && (await isHeldHere(lock));
    if (!isHeld) reservations.delete(lock);
    if (systemCodeOf(error) !== 'EEXIST') throw error;
    return isHeld;
  } finally {
    await rm(fresh, { force: true });
  }
}

/** The helper is the applications': in a folder like /tmp only the owner of a file may put another in its place. */
async function writeLock(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(`${String(process.pid).padStart(PID_COLUMNS)}\n`);
    await give(file);
  } finally {
    await file.close();
  }
}

/** Gives up a reservation that no helper has taken over. */
export async function releaseDisplay(display: number, root = '/tmp'): Promise<void> {
  const lock = lockFile(display, root);
  if (await isHeldHere(lock)) await rm(lock, { force: true });
  reservations.delete(lock);
}

/** Whether this process itself has made a lock. */
export function isReservedHere(lock: string): boolean {
  return reservations.has(lock);
}

async function isHeldHere(lock: string): Promise<boolean> {
  const text = await readSmallFile(lock, PID_COLUMNS * 2).catch(() => null);
  return text?.trim() === String(process.pid);
}

function lockFile(display: number, root: string): string {
  return join(root, `.X${display}-lock`);
}
