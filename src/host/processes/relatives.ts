import { readFileSync } from 'node:fs';

/**
 * Adds everything that descends from some processes.
 * @param all every pid to look at
 */
export function withRelatives(kin: ReadonlySet<number>, all: readonly number[]): Set<number> {
  const found = new Set(kin);
  const parents = new Map(all.filter((pid) => !found.has(pid)).map((pid) => [pid, parentOf(pid)]));
  for (let sizeBefore = -1; sizeBefore !== found.size;) {
    sizeBefore = found.size;
    for (const [pid, parent] of parents) if (parent !== null && found.has(parent)) found.add(pid);
  }
  return found;
}

/** Pid of the parent, null when the process has gone (proc(5), field 4 of stat, counted from the last parenthesis). */
export function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
