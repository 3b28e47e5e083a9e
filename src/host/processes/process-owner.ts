import { readFileSync } from 'node:fs';
import { currentSeparation } from './separation.js';

/**
 * Whether a process is one that an application may have started, by the kernel's word. Where applications have another
 * user, nothing that they say or write may lead to the end of AiKore's own processes or of anybody else's.
 */
export function isOfApplications(pid: number): boolean {
  const separation = currentSeparation();
  if (separation === null) return true;
  const uids = uidsOf(pid);
  return uids !== null && uids.every((uid) => uid === separation.user.uid);
}

/** Real, effective, saved and file system user; null when the process has gone (proc(5), `Uid` of status). */
function uidsOf(pid: number): number[] | null {
  try {
    const fields = /^Uid:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return fields?.split('\t').map(Number) ?? null;
  } catch {
    return null;
  }
}
