import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { livingPids } from './living-pids.js';
import type { Descriptor, ProcessEyes } from './process-eyes.js';

/** Looks into /proc: at processes of the same user, and as root at all. */
export class DirectEyes implements ProcessEyes {
  startedWith(assignments: readonly string[]): Promise<number[]> {
    const needles = assignments.map((assignment) => Buffer.from(`${assignment}\0`));
    return Promise.resolve(livingPids().filter((pid) => wasStartedWith(pid, needles)));
  }

  variableOf(pid: number, name: string): Promise<string | null> {
    const prefix = `${name}=`;
    const pair = environmentOf(pid)
      ?.toString('utf8')
      .split('\0')
      .find((entry) => entry.startsWith(prefix));
    return Promise.resolve(pair === undefined ? null : pair.slice(prefix.length));
  }

  descriptorsOf(pids: readonly number[]): Promise<Descriptor[]> {
    const numbersOf = (pid: number) => attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    return Promise.resolve(
      pids.flatMap((pid) => numbersOf(pid).flatMap((number) => open(pid, Number(number)))),
    );
  }

  outputs(): Promise<Descriptor[]> {
    return Promise.resolve(livingPids().flatMap((pid) => [...open(pid, 1), ...open(pid, 2)]));
  }

  /** In pieces: on a machine with thousands of descriptors this takes longer than anything else may wait. */
  async holderOf(target: string): Promise<number | null> {
    for (const pid of [...livingPids(), process.pid]) {
      if (await hasOpen(pid, target)) return pid;
    }
    return null;
  }
}

function wasStartedWith(pid: number, needles: readonly Buffer[]): boolean {
  const environment = environmentOf(pid);
  if (environment === null) return false;
  // An entry begins where the one before it has ended, so that no other variable's end is taken for one.
  return needles.every((needle) => {
    for (let at = environment.indexOf(needle); at >= 0; at = environment.indexOf(needle, at + 1))
      if (at === 0 || environment[at - 1] === 0) return true;
    return false;
  });
}

function environmentOf(pid: number): Buffer | null {
  return attempt(() => readFileSync(`/proc/${pid}/environ`));
}

function open(pid: number, number: number): Descriptor[] {
  const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${number}`));
  return target === null ? [] : [{ pid, number, target }];
}

async function hasOpen(pid: number, target: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if ((await readlink(`${folder}/${name}`).catch(() => '')) === target) return true;
  }
  return false;
}

/** Null where it cannot be read, or the process has ended. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
