import type { Stats } from 'node:fs';
import { lchown, lstat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { AppUser } from '../../core/config/app-user.js';

/** What of a file's facts says who may do what with it. */
export type Ownable = Pick<Stats, 'uid' | 'gid' | 'mode' | 'nlink'>;

const WRITABLE = { byOwner: 0o200, byGroup: 0o020, byOthers: 0o002 } as const;

/** Of the whole process, as its own user and its umask are: who starts AiKore decides, and nothing changes it later. */
let appUser: AppUser | null = null;

/**
 * Says as whom applications run, before the first file is touched.
 * @param user null: as AiKore's own user, and then nothing here makes a difference
 */
export function keepApart(user: AppUser | null): void {
  appUser = user;
}

/** Whether applications run as a user of their own, from whose reach AiKore's files are kept. */
export function areKeptApart(): boolean {
  return appUser !== null;
}

/** As whom applications run; undefined where the system knows no users. */
export function appUid(): number | undefined {
  return appUser?.uid ?? process.geteuid?.();
}

/**
 * Gives applications an open file or folder that AiKore has made for them. What belongs to anybody else stays as it is.
 * @throws a system error such as EPERM on a volume that knows no owners
 */
export async function give(handle: FileHandle): Promise<void> {
  if (appUser !== null && isOwn(await handle.stat())) await handle.chown(appUser.uid, appUser.gid);
}

/**
 * As `give`, by its name: only for what lies in a folder where no application can write. A link is left alone, it is an
 * operator's.
 */
export async function giveEntry(path: string): Promise<void> {
  if (appUser === null) return;
  const facts = await lstat(path);
  if (isOwn(facts) && !facts.isSymbolicLink()) await lchown(path, appUser.uid, appUser.gid);
}

/**
 * Whether something that lies where applications can write is not theirs to show: a file of AiKore's own, or somebody
 * else's that has another name as well, as a hard link gives it (not every kernel forbids those, proc(5),
 * protected_hardlinks).
 */
export function isKeptFromApps(facts: Ownable, isFolder = false): boolean {
  if (appUser === null) return false;
  return isOwn(facts) || (!isFolder && facts.nlink > 1 && facts.uid !== appUser.uid);
}

/** Whether applications own it. */
export function belongsToApps({ uid }: Ownable): boolean {
  return appUser === null || uid === appUser.uid;
}

/** Whether applications themselves could make something in a folder: what they cannot do, AiKore does not do for them. */
export function isWritableByApps({ uid, gid, mode }: Ownable): boolean {
  if (appUser === null) return true;
  if (uid === appUser.uid) return (mode & WRITABLE.byOwner) !== 0;
  const isTheirGroup = [appUser.gid, ...appUser.groups].includes(gid);
  return (mode & (isTheirGroup ? WRITABLE.byGroup : WRITABLE.byOthers)) !== 0;
}

function isOwn({ uid }: Pick<Ownable, 'uid'>): boolean {
  return uid === process.geteuid?.();
}
