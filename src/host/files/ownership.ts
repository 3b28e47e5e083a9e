import type { Stats } from 'node:fs';
import { lchown, lstat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { currentSeparation } from '../processes/separation.js';

/** What of a file's facts says who may do what with it. */
export type Ownable = Pick<Stats, 'uid' | 'gid' | 'mode' | 'nlink'>;

const WRITABLE = { byOwner: 0o200, byGroup: 0o020, byOthers: 0o002 } as const;

/** Whether applications run as a user of their own, from whose reach AiKore's files are kept. */
export function areKeptApart(): boolean {
  return currentSeparation() !== null;
}

/** As whom applications run; undefined where the system knows no users. */
export function appUid(): number | undefined {
  return currentSeparation()?.user.uid ?? process.geteuid?.();
}

/**
 * Gives applications an open file or folder that AiKore has made for them. What belongs to anybody else stays as it is.
 * @throws a system error such as EPERM on a volume that knows no owners
 */
export async function give(handle: FileHandle): Promise<void> {
  const user = currentSeparation()?.user;
  if (user !== undefined && isOwn(await handle.stat())) await handle.chown(user.uid, user.gid);
}

/**
 * As `give`, by its name: only for what lies in a folder where no application can write. A link is left alone, it is an
 * operator's.
 */
export async function giveEntry(path: string): Promise<void> {
  const user = currentSeparation()?.user;
  if (user === undefined) return;
  const facts = await lstat(path);
  if (isOwn(facts) && !facts.isSymbolicLink()) await lchown(path, user.uid, user.gid);
}

/**
 * Whether something that lies where applications can write is not theirs to show: a file of AiKore's own, or somebody
 * else's that has another name as well, as a hard link gives it (not every kernel forbids those, proc(5),
 * protected_hardlinks).
 */
export function isKeptFromApps(facts: Ownable, isFolder = false): boolean {
  if (!areKeptApart()) return false;
  return isOwn(facts) || (!isFolder && facts.nlink > 1 && !belongsToApps(facts));
}

/** Whether applications own it. */
export function belongsToApps({ uid }: Ownable): boolean {
  const user = currentSeparation()?.user;
  return user === undefined || uid === user.uid;
}

/** Whether applications themselves could make something in a folder: what they cannot do, AiKore does not do for them. */
export function isWritableByApps({ uid, gid, mode }: Ownable): boolean {
  const user = currentSeparation()?.user;
  if (user === undefined) return true;
  if (uid === user.uid) return (mode & WRITABLE.byOwner) !== 0;
  const isTheirGroup = [user.gid, ...user.groups].includes(gid);
  return (mode & (isTheirGroup ? WRITABLE.byGroup : WRITABLE.byOthers)) !== 0;
}

function isOwn({ uid }: Pick<Ownable, 'uid'>): boolean {
  return uid === process.geteuid?.();
}
