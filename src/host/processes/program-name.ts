import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The kernel keeps no more of a program's name (TASK_COMM_LEN in include/linux/sched.h, less the closing zero). */
const LONGEST_NAME = 15;

/** What newer Node.js calls its first thread, and the kernel then the whole process: the name of no program. */
const NAME_OF_A_THREAD = 'MainThread';

/**
 * A process's program as the kernel names it, at most 15 characters. It says what the process likes, and is for people.
 * @returns an empty string when the process has gone
 */
export function programName(pid: number): string {
  const name = read(`/proc/${pid}/comm`).trim();
  if (name !== NAME_OF_A_THREAD) return name;
  const [called = ''] = read(`/proc/${pid}/cmdline`).split('\0');
  return basename(called).slice(0, LONGEST_NAME).trim() || name;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
