/** The user as whom everything of an application runs, where it is another than AiKore's own. */
export interface AppUser {
  uid: number;
  gid: number;
  /** Supplementary groups, such as those that own the nodes of graphics cards. */
  groups: number[];
}

/** The kernel's largest number of a user is what "no change" means in its calls. */
const LARGEST_ID = 0xffff_fffe;
/** As many as a request to the spawner holds. */
const MOST_GROUPS = 32;

/**
 * Reads `uid:gid[,group…]`. Neither user nor group may be root's.
 * @returns null when the text is something else
 */
export function parseAppUser(text: string): AppUser | null {
  const match = /^(\d{1,10}):(\d{1,10}(?:,\d{1,10})*)$/.exec(text);
  if (match === null) return null;
  const uid = Number(match[1]);
  const [gid = 0, ...groups] = (match[2] ?? '').split(',').map(Number);
  const isWhole = [uid, gid, ...groups].every((id) => id > 0 && id <= LARGEST_ID);
  return isWhole && groups.length <= MOST_GROUPS ? { uid, gid, groups } : null;
}
