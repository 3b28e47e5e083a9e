import type { Failure } from '../../../contracts/instance.js';
import { KNOWN_FAILURES, findKnownFailure } from './known-failures.js';

/** How a blueprint's main process ended. */
export interface Ending {
  exitCode: number | null;
  /** Name of the signal, such as `SIGKILL`. */
  exitSignal: string | null;
  /** How often the kernel killed a process for want of memory during the run. */
  oomKills?: number;
  /** Whose count that is: of the control group that the run shares with AiKore, or of the whole machine; null: nobody's. */
  oomSource?: 'cgroup' | 'machine' | null;
}

export interface EndFacts {
  ending: Ending;
  /** What the runner has to add, or empty. */
  note: string;
  /** The last lines of the log as plain text. */
  tail: readonly string[];
}

/** Signals by the exit code that a shell gives on behalf of a child (128 + number; POSIX, signal(7) for the numbers). */
const SIGNAL_OF_CODE: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  143: 'SIGTERM',
  153: 'SIGXFSZ',
};

/** Signals that the kernel sends for a fault of the program itself, with the words that a shell prints for them. */
const CRASHES: Readonly<Record<string, string>> = {
  SIGILL: 'Illegal instruction',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGSEGV: 'Segmentation fault',
};

/** Somebody asked the program to end: what it printed before is not the reason. */
const REQUESTS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']);

/** What still may be read from the log of a run that SIGKILL ended: it had no time to say anything of its end. */
const MEMORY_FAILURES = KNOWN_FAILURES.filter(({ code }) => code === 'out_of_memory' || code === 'killed');

/** A script that came to its end in order printed its error, if any, at the very end. */
const MAX_LINES_AFTER_SUCCESS = 2;

/** Why a run ended that nobody asked to end: one sentence, and the failure where it is a known one. */
export function explainEnd({ ending, note, tail }: EndFacts): { reason: string; failure: Failure | null } {
  const isUnknown = ending.exitCode === null && ending.exitSignal === null;
  const sentence = isUnknown && note !== '' ? '' : describeUnexpectedEnd(ending);
  return {
    reason: [sentence, note].filter((text) => text !== '').join(' '),
    // Without an end that was seen, the log may be of anything.
    failure: isUnknown ? null : findFailure(ending, tail),
  };
}

/** One sentence for the status of an instance that ended without being asked to. */
export function describeUnexpectedEnd(ending: Ending): string {
  const { exitCode, exitSignal } = ending;
  if (exitSignal !== null) return describeSignal(exitSignal, ending);
  if (exitCode === null) return 'It ended, and nothing is known about how.';
  if (exitCode === 0) return 'The script came to its end, though its application should go on running.';
  const meaning = meaningOf(exitCode, ending);
  return `It ended with exit code ${exitCode}${meaning === '' ? '' : `: ${meaning}`}.`;
}

function describeSignal(signal: string, ending: Ending): string {
  if (signal === 'SIGKILL') {
    if (isOutOfMemory(ending)) return `It was ${memoryVerdict(ending)}.`;
    const guess = hasCountedNone(ending) ? '' : '; often the machine ran out of memory';
    return `It was ended from outside by SIGKILL${guess}.`;
  }
  const words = CRASHES[signal];
  return words === undefined
    ? `It was ended from outside by ${signal}.`
    : `It crashed with ${signal} (${words.toLowerCase()}).`;
}

function meaningOf(exitCode: number, ending: Ending): string {
  if (exitCode === 126) return 'a program could not be executed';
  if (exitCode === 127) return 'a command was not found';
  const signal = SIGNAL_OF_CODE[exitCode];
  if (signal === undefined) return '';
  if (signal === 'SIGKILL' && isOutOfMemory(ending)) return `a program of it was ${memoryVerdict(ending)}`;
  if (signal === 'SIGKILL') {
    return `a program of it was killed by SIGKILL${hasCountedNone(ending) ? '' : ', often because the machine ran out of memory'}`;
  }
  const words = CRASHES[signal];
  return words === undefined
    ? `a program of it was ended by ${signal}`
    : `a program of it crashed with ${signal} (${words.toLowerCase()})`;
}

function findFailure(ending: Ending, tail: readonly string[]): Failure | null {
  const signal = ending.exitSignal ?? SIGNAL_OF_CODE[ending.exitCode ?? 0] ?? null;
  if (signal === 'SIGKILL') {
    if (isOutOfMemory(ending)) return outOfMemory(ending);
    return hasCountedNone(ending) ? null : findKnownFailure(tail, undefined, MEMORY_FAILURES);
  }
  if (signal !== null && REQUESTS.has(signal)) return null;
  const words = CRASHES[signal ?? ''];
  // A shell would have printed these words; so an end that no shell saw is judged alike.
  const lines = words === undefined ? tail : [...tail, words];
  const found = findKnownFailure(lines, ending.exitCode === 0 ? MAX_LINES_AFTER_SUCCESS : undefined);
  // The count of the machine may be of anything; that of its own group explains an end without another reason.
  return found ?? (isOutOfMemory(ending) && ending.oomSource === 'cgroup' ? outOfMemory(ending) : null);
}

function isOutOfMemory({ oomKills = 0 }: Ending): boolean {
  return oomKills > 0;
}

/** Somebody counted, and no process was killed for want of memory. */
function hasCountedNone({ oomKills, oomSource }: Ending): boolean {
  return oomKills === 0 && oomSource !== null;
}

function memoryVerdict({ oomSource }: Ending): string {
  return `${oomSource === 'cgroup' ? '' : 'probably '}killed because the memory ran out`;
}

function outOfMemory({ oomSource }: Ending): Failure {
  const verdict =
    oomSource === 'cgroup' ? 'The kernel killed a program of it' : 'The kernel probably killed it';
  return {
    code: 'out_of_memory',
    message: `${verdict}, because the memory ran out. End something else, take a smaller model or batch, or give it more memory.`,
    remedies: [],
  };
}
