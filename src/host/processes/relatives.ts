import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Adds what belongs to some processes though it shows no mark: everything that descends from them, and whatever writes
 * into one of the pipes. A child that wiped its environment and whose parents are gone still holds the output that it
 * was given, unless it was redirected.
 * @param all every pid to look at
 * @param pipes such as `pipe:[4711]`, see `outputPipesOf`
 */
export function withRelatives(
  kin: ReadonlySet<number>,
  all: readonly number[],
  pipes: ReadonlySet<string>,
): Set<number> {
  const found = new Set(kin);
  const others = all.filter((pid) => !found.has(pid));
  if (pipes.size > 0) {
    for (const pid of others) if (outputPipesOf(pid).some((pipe) => pipes.has(pipe))) found.add(pid);
  }
  const parents = new Map(others.map((pid) => [pid, parentOf(pid)]));
  for (let sizeBefore = -1; sizeBefore !== found.size;) {
    sizeBefore = found.size;
    for (const [pid, parent] of parents) if (parent !== null && found.has(parent)) found.add(pid);
  }
  return found;
}

/** Pipes that a process has as stdout or stderr; none where they cannot be read. */
export function outputPipesOf(pid: number): string[] {
  return [1, 2].flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      return target.startsWith('pipe:') ? [target] : [];
    } catch {
      return [];
    }
  });
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
