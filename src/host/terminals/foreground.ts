import { readFileSync } from 'node:fs';
import { programName } from '../processes/program-name.js';

/** The program that has a terminal's keyboard. */
export interface Foreground {
  /** Its name as the kernel keeps it, at most 15 characters; empty when it is not known. */
  name: string;
  /** It is the shell itself, at its prompt. */
  isShell: boolean;
}

/**
 * Which program is in the foreground of the terminal whose shell has this pid (proc(5), field 8 of stat: the foreground
 * process group). A zombie or a group whose leader has gone has no name to tell.
 */
export function foregroundOf(shellPid: number): Foreground {
  const group = foregroundGroupOf(shellPid);
  if (group === null) return { name: '', isShell: true };
  return { name: programName(group), isShell: group === shellPid };
}

function foregroundGroupOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return null;
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[5]);
  return group > 0 ? group : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
