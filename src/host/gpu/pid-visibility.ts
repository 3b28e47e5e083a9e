import { readlinkSync } from 'node:fs';
import { processEyes } from '../processes/current-eyes.js';
import { startTicksOf } from '../processes/process-identity.js';

/** Inode of the machine's first pid namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const FIRST_NAMESPACE = 'pid:[4026531836]';
/** So long an answer holds: looking costs a process where applications have a user of their own. */
const ANSWER_HOLDS_MS = 30_000;

/** Whether this process sees the pids that drivers speak of. In a container it does only with `--pid=host`. */
export function hasHostPids(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_NAMESPACE;
  } catch {
    return false;
  }
}

interface Answer {
  hasGpuOpen: boolean;
  untilMs: number;
}

/**
 * Which processes have a GPU open. In another pid namespace a number that a driver names may by chance be somebody
 * else's here; one that has the card open is the one that was meant.
 */
export class GpuHolders {
  /** By pid and time of start. */
  private answers = new Map<string, Answer>();

  /** @returns those of the pids that have one open, as far as that can be seen */
  async among(pids: readonly number[]): Promise<Set<number>> {
    const nowMs = performance.now();
    this.answers = new Map([...this.answers].filter(([, { untilMs }]) => untilMs > nowMs));
    const keys = new Map(pids.map((pid) => [pid, `${pid} ${startTicksOf(pid)}`]));
    const unknown = pids.filter((pid) => !this.answers.has(keys.get(pid) ?? ''));
    const found = await openersAmong(unknown);
    for (const pid of unknown) {
      const answer = { hasGpuOpen: found.has(pid), untilMs: nowMs + ANSWER_HOLDS_MS };
      this.answers.set(keys.get(pid) ?? '', answer);
    }
    return new Set(pids.filter((pid) => this.answers.get(keys.get(pid) ?? '')?.hasGpuOpen));
  }
}

async function openersAmong(pids: readonly number[]): Promise<Set<number>> {
  const open = await processEyes()
    .descriptorsOf(pids)
    .catch(() => []);
  return new Set(open.filter(({ target }) => isGpu(target)).map(({ pid }) => pid));
}

function isGpu(target: string): boolean {
  return /^\/dev\/(nvidia|kfd|dri\/render)/.test(target);
}
