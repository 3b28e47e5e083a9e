import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startTicksOf } from './process-identity.js';
import { outputPipesOf, withRelatives } from './relatives.js';

/** Passes of the kill loop before it gives up; each waits a little longer. */
const MAX_PASSES = 50;

/**
 * Pids of living processes whose environment carries `variable=value`. Other users' processes cannot be read and are not
 * found, and neither is a process that wiped its environment.
 */
export function findMarkedProcesses(variable: string, value: string): number[] {
  return marked(livingPids(), variable, value);
}

function marked(pids: readonly number[], variable: string, value: string): number[] {
  const needle = Buffer.from(`${variable}=${value}\0`);
  return pids.filter((pid) => carries(pid, needle) && startTicksOf(pid) !== null);
}

function livingPids(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function carries(pid: number, needle: Buffer): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(needle);
  } catch {
    return false;
  }
}

/**
 * Ends every process with that mark by SIGKILL, and with them what descends from them or writes into their output, again
 * and again until none is found.
 * @returns how many are left, 0 unless something cannot be killed
 */
export async function killMarkedProcesses(variable: string, value: string): Promise<number> {
  // Kept from pass to pass: when the marked ones are dead, their pipes are all that is known of the others.
  const pipes = new Set<string>();
  const ownPipes = new Set(outputPipesOf(process.pid));
  let found: number[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const pids = livingPids();
    const kin = new Set(marked(pids, variable, value));
    for (const pipe of [...kin].flatMap(outputPipesOf)) if (!ownPipes.has(pipe)) pipes.add(pipe);
    found = [...withRelatives(kin, pids, pipes)].filter((pid) => startTicksOf(pid) !== null);
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
