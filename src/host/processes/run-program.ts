import type { ChildProcess } from 'node:child_process';
import type { RunAs } from './separation.js';
import { startProgram } from './start-program.js';

/** A program that is run for its output, and what it may take. */
export interface ProgramRun {
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Absent: the applications' user. */
  as?: RunAs;
  cwd?: string;
  /** Given to its standard input; nothing when absent. */
  input?: Uint8Array;
  timeoutMs: number;
  /** Of its output and of its errors, each. */
  maxOutputBytes: number;
  /** Aborted: it is ended. */
  signal?: AbortSignal;
}

/** How it ended: by itself, or because it took too long, printed too much, was not wanted any more, or is not there. */
export type ProgramEnding = 'ended' | 'timed_out' | 'flooded' | 'aborted' | 'absent';

export interface ProgramOutcome {
  ending: ProgramEnding;
  /** Null when it did not end by itself, or by a signal. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end. Its whole process group is ended with it, however it came to its end, so that nothing that it
 * left in the background goes on. Never rejects for what the program does.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramOutcome> {
  if (run.signal?.aborted === true) return { ending: 'aborted', exitCode: null, stdout: '', stderr: '' };
  const child = startProgram({ ...run, cwd: run.cwd ?? '/', stdio: ['pipe', 'pipe', 'pipe'] });
  const outcome = await follow(child, run);
  killGroup(child);
  return outcome;
}

function follow(child: ChildProcess, run: ProgramRun): Promise<ProgramOutcome> {
  return new Promise((resolve) => {
    const settle = (ending: ProgramEnding, exitCode: number | null): void => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
      // Whoever inherited the pipes must not be waited for.
      for (const pipe of child.stdio) pipe?.destroy();
      child.unref();
      resolve({ ending, exitCode, stdout: stdout(), stderr: stderr() });
    };
    const onAbort = (): void => settle('aborted', null);
    const timer = setTimeout(() => settle('timed_out', null), run.timeoutMs);
    const onFlood = (): void => settle('flooded', null);
    const stdout = collect(child.stdout, run.maxOutputBytes, onFlood);
    const stderr = collect(child.stderr, run.maxOutputBytes, onFlood);
    run.signal?.addEventListener('abort', onAbort, { once: true });
    child.once('error', () => settle('absent', null));
    // After a pause of this process timers come first: what waits in the pipes is read before it counts as all.
    const settleAfterReading = (code: number | null): void =>
      void setImmediate(() => settle('ended', code)).unref();
    child.once('exit', (code) => setTimeout(() => settleAfterReading(code), PIPE_GRACE_MS).unref());
    child.once('close', (code) => settle('ended', code));
    // It may end without having read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(run.input);
  });
}

/** Between a program's end and that of its output, which a process in the background may hold open for ever. */
const PIPE_GRACE_MS = 500;

/** @returns what was read so far, as text */
function collect(from: NodeJS.ReadableStream | null, maxBytes: number, onFlood: () => void): () => string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  from?.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
    else onFlood();
  });
  return () => Buffer.concat(pieces).toString('utf8');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
