import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startTicksOf } from './process-identity.js';

/** Passes of the kill loop before it gives up; each waits a little longer. */
const MAX_PASSES = 50;

/**
 * Pids of living processes whose environment carries `variable=value`. Other users' processes cannot be read and are not
 * found. A process that wiped its environment is not found either; while its runner lives, the runner finds it.
 */
export function findMarkedProcesses(variable: string, value: string): number[] {
  const needle = Buffer.from(`${variable}=${value}\0`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && carries(pid, needle) && startTicksOf(pid) !== null);
}

function carries(pid: number, needle: Buffer): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(needle);
  } catch {
    return false;
  }
}

/**
 * Ends every process with that mark by SIGKILL, again and again until none is found.
 * @returns how many are left, 0 unless something cannot be killed
 */
export async function killMarkedProcesses(variable: string, value: string): Promise<number> {
  let found: number[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    found = findMarkedProcesses(variable, value);
    if (found.length === 0) return 0;
    for (const pid of found) killQuietly(pid);
    await delay(Math.min(2 + pass * 2, 50));
  }
  return found.length;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
