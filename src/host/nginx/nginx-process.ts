import { setTimeout as sleep } from 'node:timers/promises';
import { currentBootId, isAlive, startTicksOf } from '../processes/process-identity.js';
import type { ProcessIdentity } from '../processes/process-identity.js';
import { findNginxProcesses } from './nginx-processes.js';
import type { NginxProgram } from './nginx-program.js';

const POLL_MS = 20;
/** Between a request to end and force. */
const END_LIMIT_MS = 2000;

/** The one NGINX of a folder: its master process, which may be older than this process, and its workers. */
export class NginxProcess {
  private master: ProcessIdentity | null = null;

  constructor(readonly program: NginxProgram) {}

  get isRunning(): boolean {
    return this.master !== null && isAlive(this.master);
  }

  get pid(): number | null {
    return this.isRunning ? (this.master?.pid ?? null) : null;
  }

  /** Takes over an NGINX of this folder that an earlier process has started. @returns whether there is one */
  adopt(): boolean {
    const masters = this.processes().filter(({ isMaster }) => isMaster);
    const pid = masters.length === 1 ? masters[0]?.pid : undefined;
    this.master = pid === undefined ? null : identityOf(pid);
    return this.master !== null;
  }

  /** Starts it. @returns false when it cannot be executed or ends at once */
  async start(configFile: string, errorLog: string): Promise<boolean> {
    const pid = await this.program.start(configFile, errorLog);
    this.master = pid === null ? null : identityOf(pid);
    return this.master !== null;
  }

  /** Lets it read its configuration again. What it makes of that it tells nobody: ask it afterwards. */
  reload(): void {
    this.signal('SIGHUP');
  }

  /**
   * Ends one worker, and every connection of it; the master replaces it at once.
   * @returns false when that process is none of its workers
   */
  endWorker(pid: number): boolean {
    const isWorker = this.processes().some(
      (entry) => entry.pid === pid && !entry.isMaster && entry.parentPid === this.pid,
    );
    return isWorker && kill(pid, 'SIGTERM');
  }

  /** Whether a process is its master or one of its workers. */
  has(pid: number): boolean {
    return this.processes().some((entry) => entry.pid === pid);
  }

  /** Ends it: first it may finish what is under way, then it is told to end at once, then it is killed. */
  async stop(graceMs: number): Promise<void> {
    if (this.isRunning) {
      this.signal('SIGQUIT');
      await this.untilGone(graceMs);
      this.signal('SIGTERM');
      await this.untilGone(END_LIMIT_MS);
    }
    await this.sweep(true);
    this.master = null;
  }

  /**
   * Ends what works in the folder and does not belong to the master: a second NGINX, workers whose master was killed.
   * @param isAll the master too
   */
  async sweep(isAll = false): Promise<void> {
    const strays = (): number[] => {
      const master = isAll ? null : this.pid;
      return this.processes()
        .filter(({ pid, parentPid }) => master === null || (pid !== master && parentPid !== master))
        .map(({ pid }) => pid);
    };
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const endMs = performance.now() + END_LIMIT_MS;
      for (const pid of strays()) kill(pid, signal);
      while (strays().length > 0 && performance.now() < endMs) await sleep(POLL_MS);
    }
  }

  private processes() {
    return findNginxProcesses(this.program.folder);
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.master !== null && isAlive(this.master)) kill(this.master.pid, signal);
  }

  private async untilGone(limitMs: number): Promise<void> {
    const endMs = performance.now() + limitMs;
    while (this.isRunning && performance.now() < endMs) await sleep(POLL_MS);
  }
}

function identityOf(pid: number): ProcessIdentity | null {
  const startTicks = startTicksOf(pid);
  return startTicks === null ? null : { bootId: currentBootId(), pid, startTicks };
}

function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
