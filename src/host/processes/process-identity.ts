import { readFileSync } from 'node:fs';

/**
 * What tells one process from every other, also from a later one with the same pid: pids are reused, start times within
 * one boot are not (proc(5), field 22 of stat).
 */
export interface ProcessIdentity {
  bootId: string;
  pid: number;
  /** Clock ticks since boot. */
  startTicks: string;
}

let cachedBootId: string | undefined;

/** The kernel's identifier of this boot (random(4)). */
export function currentBootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}

/**
 * Start time of a living process in clock ticks since boot; null when there is none, or only a zombie.
 * The command name in field 2 may hold spaces and parentheses, so the fields are counted from the last parenthesis.
 */
export function startTicksOf(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return null;
  return fields[19] ?? null;
}

/** Whether exactly this process still lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === currentBootId() && startTicksOf(identity.pid) === identity.startTicks;
}
