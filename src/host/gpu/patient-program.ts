import type { ChildProcess } from 'node:child_process';
import { startProgram } from '../processes/start-program.js';
import type { Backoff } from './backoff.js';

/** How asking a program ended. */
export type ProgramAnswer =
  | { kind: 'ok'; stdout: string }
  /** It ended with another code than 0, or could not be started. */
  | { kind: 'failed'; stdout: string; code: number | null }
  /** It did not end in time, or hung so recently that it is not asked. */
  | { kind: 'hung' };

export interface PatientProgramOptions {
  timeoutMs: number;
  backoff: Backoff;
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
}

/** Two hundred processes are 12 KB; a program that prints for ever is a program that hangs. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Asks a program that may hang. One question at a time, a time limit on each, a growing pause after one that hung, and
 * never a second process while one that was killed has not gone: what waits inside a driver (state D) cannot be killed,
 * and a new one would only join it.
 */
export class PatientProgram {
  private child: ChildProcess | null = null;

  constructor(private readonly options: PatientProgramOptions) {}

  /** Never rejects. */
  ask(program: string, args: readonly string[]): Promise<ProgramAnswer> {
    if (this.child !== null || this.options.backoff.isResting) return Promise.resolve({ kind: 'hung' });
    return new Promise((resolve) => this.run(program, args, resolve));
  }

  /** Ends what is still running. */
  close(): void {
    if (this.child !== null) killGroup(this.child);
  }

  private run(program: string, args: readonly string[], resolve: (answer: ProgramAnswer) => void): void {
    const { timeoutMs, backoff, env } = this.options;
    // A group of its own, so that a wrapper script is killed together with what it started.
    const child = startProgram({ program, args, env, cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    const give = (answer: ProgramAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const giveUp = (): void => {
      backoff.failed();
      killGroup(child);
      // What cannot be killed must not keep AiKore from ending either.
      child.unref();
      child.stdout?.destroy();
      give({ kind: 'hung' });
    };
    const timer = setTimeout(giveUp, timeoutMs);
    const output = collect(child, giveUp);
    child.once('exit', () => (this.child = null));
    child.once('error', () => {
      this.child = null;
      give({ kind: 'failed', stdout: '', code: null });
    });
    child.once('close', (code) => {
      if (code === 0) backoff.succeeded();
      const stdout = output.join('');
      give(code === 0 ? { kind: 'ok', stdout } : { kind: 'failed', stdout, code });
    });
  }
}

function collect(child: ChildProcess, onTooMuch: () => void): string[] {
  const pieces: string[] = [];
  let bytes = 0;
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    bytes += piece.length;
    if (bytes > MAX_OUTPUT_BYTES) onTooMuch();
    else pieces.push(piece);
  });
  return pieces;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}
