import { existsSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemCodeOf } from '../../core/errors.js';
import { appUid } from '../files/ownership.js';
import { readSmallFile } from '../files/regular-file.js';
import { isReservedHere } from './display-lock.js';

/**
 * `taken`: an X server has the number, or somebody else's leftovers are in its way. `stale`: only leftovers of a dead
 * server that are ours to remove.
 */
export type DisplayUse = 'free' | 'stale' | 'taken';

/** What a server writes into its lock: its pid in ten columns and a line feed. */
const MAX_LOCK_BYTES = 64;

/**
 * Finds out who has a display number, by the files that every X server makes (Xserver(1), os/utils.c and xtrans): a
 * socket in the file system, one without a file, and a lock with its pid.
 * @param root folder of those files; never another than /tmp outside of tests
 */
export async function probeDisplay(display: number, root = '/tmp'): Promise<DisplayUse> {
  const { socket, lock } = filesOf(display, root);
  const answers = await Promise.all([knock(socket), knock(`\0${socket}`)]);
  if (answers.includes('answered')) return 'taken';
  if (await isLockedByTheLiving(lock)) return 'taken';
  const leftovers = await Promise.all([socket, lock].map((file) => ownerOf(file)));
  const owners = leftovers.filter((owner) => owner !== null);
  if (owners.length === 0) return 'free';
  // What a reservation left is AiKore's own, what a server left is the applications'.
  const ours = [appUid(), process.geteuid?.()];
  return owners.every((owner) => ours.includes(owner)) ? 'stale' : 'taken';
}

/** Removes what a dead server left behind. @returns false when it is not, or no longer, stale */
export async function cleanDisplay(display: number, root = '/tmp'): Promise<boolean> {
  if ((await probeDisplay(display, root)) !== 'stale') return false;
  const { socket, lock } = filesOf(display, root);
  // The lock last: while it is there no other server takes the number.
  await rm(socket, { force: true });
  await rm(lock, { force: true });
  return true;
}

function filesOf(display: number, root: string): { socket: string; lock: string } {
  return { socket: join(root, '.X11-unix', `X${display}`), lock: join(root, `.X${display}-lock`) };
}

/** Whether somebody listens. What cannot be told, such as a socket that we may not open, counts as an answer. */
function knock(path: string): Promise<'answered' | 'silence'> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve('answered');
    });
    socket.once('error', (error) => {
      const isSilent = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR'].includes(systemCodeOf(error) ?? '');
      resolve(isSilent ? 'silence' : 'answered');
    });
  });
}

/** A number in the lock that another process got meanwhile keeps the display taken: there are enough others. */
async function isLockedByTheLiving(lock: string): Promise<boolean> {
  const text = await readSmallFile(lock, MAX_LOCK_BYTES).catch(() => null);
  const pid = /^\s*(\d{1,10})\s*$/.exec(text ?? '')?.[1];
  if (Number(pid) === process.pid) return isReservedHere(lock);
  return pid !== undefined && existsSync(`/proc/${pid}`);
}

async function ownerOf(file: string): Promise<number | null> {
  return lstat(file).then(
    (facts) => facts.uid,
    () => null,
  );
}
