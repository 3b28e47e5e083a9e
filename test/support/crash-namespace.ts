import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './wait.js';

const UNSHARE = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why no namespace of pids can be made here; null when one can. */
export function whyNoNamespace(): string | null {
  const tried = spawnSync('unshare', [...UNSHARE, 'bash', '-c', 'echo 100 >/proc/sys/kernel/ns_last_pid']);
  if (tried.error !== undefined) return tried.error.message;
  return tried.status === 0 ? null : tried.stderr.toString().trim();
}

/**
 * A shell that is process 1 of a small namespace of pids, where numbers are soon used again and can be chosen. It obeys
 * lines of shell; the numbers that it prints are those inside.
 */
export class PidRoom {
  private readonly shell: ChildProcess;
  private count = 0;

  constructor(private readonly folder: string) {
    // Waiting for a child that has ended keeps it from staying a zombie.
    const loop = 'trap : CHLD; while read -r line; do eval "$line"; done';
    this.shell = spawn('unshare', [...UNSHARE, 'bash', '-c', loop], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8' },
    });
  }

  /** Carries out a line of shell. @returns what it printed */
  async run(line: string): Promise<string> {
    this.count += 1;
    const answer = join(this.folder, `answer-${this.count}`);
    rmSync(answer, { force: true });
    // In this very shell, so that pids are asked for and given by one process; done when the second file is there.
    this.shell.stdin?.write(`{ ${line}\n} >${answer} 2>&1; : >${answer}.done\n`.replace(/\n(?=\})/, '; '));
    await waitFor(`the room has done: ${line}`, () => existsSync(`${answer}.done`), 20_000);
    return readFileSync(answer, 'utf8').trim();
  }

  /** Ends everything in the namespace. */
  async close(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    const ended = new Promise((done) => this.shell.once('close', done));
    this.shell.kill('SIGKILL');
    await ended;
  }
}
