import { setTimeout as delay } from 'node:timers/promises';
import { livingPids } from './living-pids.js';
import { isOfApplications } from './process-owner.js';
import { startTicksOf } from './process-identity.js';
import { processEyes } from './current-eyes.js';
import { DirectEyes } from './direct-eyes.js';
import type { Descriptor, ProcessEyes } from './process-eyes.js';
import { withRelatives } from './relatives.js';

/** Passes of the kill loop before it gives up; each waits a little longer. */
const MAX_PASSES = 50;

/**
 * Pids of living processes whose environment carries `variable=value`. Strangers' processes cannot be read and are not
 * found, and neither is a process that wiped its environment.
 * @throws Error when nobody could look
 */
export async function findMarkedProcesses(variable: string, value: string): Promise<number[]> {
  return marked(processEyes(), variable, value);
}

async function marked(eyes: ProcessEyes, variable: string, value: string): Promise<number[]> {
  const pids = await eyes.startedWith([`${variable}=${value}`]);
  return pids.filter((pid) => startTicksOf(pid) !== null && isOfApplications(pid));
}

/**
 * Ends every process with that mark by SIGKILL, and with them what descends from them or writes into their output, again
 * and again until none is found.
 * @returns how many are left, 0 unless something cannot be killed
 * @throws Error when nobody could look
 */
export async function killMarkedProcesses(variable: string, value: string): Promise<number> {
  const eyes = processEyes();
  // Kept from pass to pass: when the marked ones are dead, their pipes are all that is known of the others.
  const pipes = new Set<string>();
  const ownPipes = new Set(await ownOutputs());
  let found: number[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const kin = new Set(await marked(eyes, variable, value));
    const outputs = kin.size + pipes.size === 0 ? [] : await eyes.outputs();
    for (const pipe of pipesOf(outputs, kin)) if (!ownPipes.has(pipe)) pipes.add(pipe);
    for (const { pid, target } of outputs) if (pipes.has(target)) kin.add(pid);
    found = [...withRelatives(kin, livingPids())].filter(
      (pid) => startTicksOf(pid) !== null && isOfApplications(pid),
    );
    if (found.length === 0) return 0;
    for (const pid of found) killQuietly(pid);
    await delay(Math.min(2 + pass * 2, 50));
  }
  return found.length;
}

function pipesOf(outputs: readonly Descriptor[], kin: ReadonlySet<number>): string[] {
  return outputs
    .filter(({ pid, target }) => kin.has(pid) && target.startsWith('pipe:'))
    .map((it) => it.target);
}

async function ownOutputs(): Promise<string[]> {
  const open = await new DirectEyes().descriptorsOf([process.pid]);
  return open.filter(({ number }) => number === 1 || number === 2).map(({ target }) => target);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
