import { randomUUID } from 'node:crypto';
import { AppError } from '../../core/errors.js';
import { runProgram } from '../../host/processes/run-program.js';
import type { ProgramOutcome } from '../../host/processes/run-program.js';
import { KNOWN_PACKAGES } from './domain/facts.js';
import { plainText } from './domain/plain-text.js';
import { readPackages, readReport, readTorch } from './domain/reports.js';
import type { PackagesReport, TorchReport } from './domain/reports.js';

/** How and as whom an environment is asked. */
export interface Asking {
  python: string;
  /** Path of version-check.py. */
  script: string;
  /** Path of uv, for environments without pip; null: not installed. */
  uv: string | null;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** When all has to be done, by the monotonic clock. */
  endMs: number;
  signal: AbortSignal;
}

/** What a check of the packages printed; null: nothing there can check them. */
export interface ConflictsOutput {
  text: string;
  /** 0: no conflicts; 1: conflicts, or a failure; more: a failure. */
  exitCode: number | null;
}

const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_TEXT_LENGTH = 64 * 1024;

/** @returns null when its Python does not run */
export async function askPackages(asking: Asking): Promise<PackagesReport | null> {
  const word = randomUUID();
  const { stdout } = await ask(asking, ['-I', asking.script, 'packages', word, ...KNOWN_PACKAGES]);
  const report = readReport(stdout, word);
  return report === null ? null : readPackages(report);
}

/** Loads torch, which takes seconds and may end its process. */
export async function askTorch(asking: Asking): Promise<TorchReport> {
  const word = randomUUID();
  const { stdout, stderr } = await ask(asking, ['-I', asking.script, 'torch', word]);
  const report = readReport(stdout, word);
  const lastWord = plainText(stderr, MAX_TEXT_LENGTH).split('\n').at(-1) ?? '';
  return readTorch(report ?? { error: `it ended Python. ${lastWord}` });
}

export async function askConflicts(
  asking: Asking,
  { hasPip }: PackagesReport,
): Promise<ConflictsOutput | null> {
  if (!hasPip && asking.uv === null) return null;
  const outcome = hasPip
    ? await ask(asking, ['-I', '-m', 'pip', '--disable-pip-version-check', '--no-color', 'check'])
    : await run(asking, asking.uv ?? 'uv', ['pip', 'check', '--color', 'never', '--python', asking.python]);
  // uv tells what it found on its standard error.
  const text = plainText(hasPip ? outcome.stdout || outcome.stderr : outcome.stderr, MAX_TEXT_LENGTH);
  return { text, exitCode: outcome.exitCode };
}

const ask = (asking: Asking, args: readonly string[]): Promise<ProgramOutcome> =>
  run(asking, asking.python, args);

async function run(asking: Asking, program: string, args: readonly string[]): Promise<ProgramOutcome> {
  const outcome = await runProgram({
    program,
    args,
    env: asking.env,
    cwd: asking.cwd,
    timeoutMs: Math.max(1, asking.endMs - performance.now()),
    maxOutputBytes: MAX_OUTPUT_BYTES,
    signal: asking.signal,
  });
  if (outcome.ending === 'timed_out') throw tookTooLong();
  return outcome;
}

function tookTooLong(): AppError {
  return new AppError(
    'timed_out',
    'VERSION_CHECK_TIMED_OUT',
    'The check took longer than two minutes and was ended. The machine may be busy; try again, or look in a terminal.',
  );
}
