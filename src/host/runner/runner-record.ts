import { readSmallFile } from '../files/regular-file.js';
import { signalName } from '../processes/signal-name.js';

/** What a runner wrote down of its program (scripts/runner/README.md). */
export interface RunnerRecord {
  state: 'running' | 'ended' | 'failed';
  run: number;
  marker: string;
  bootId: string;
  runnerPid: number;
  runnerStartTicks: string;
  pid: number | null;
  startedAt: Date | null;
  endedAt: Date | null;
  exitCode: number | null;
  exitSignal: string | null;
  droppedBytes: number;
  /** Somebody told the runner to end its program. */
  isStopRequested: boolean;
  /** How often the kernel ended a process for want of memory during the run, as `oomSource` counts. */
  oomKills: number;
  oomSource: OomSource;
  error: string;
}

/** Whose count of kills for want of memory it is; null when nobody's could be read, or an older runner asked nobody. */
export type OomSource = 'cgroup' | 'machine' | null;

/** Far more starts than anybody makes: applications can write where records lie, and a run's number is counted on from. */
const MAX_RUN = 1_000_000_000;
/** What a Date can hold (ECMA-262, "Time Values"). */
const MAX_TIME_MS = 8.64e15;
const MAX_EXIT_CODE = 255;

/** Far more than a runner writes. */
const MAX_RECORD_BYTES = 64 * 1024;

/** Reads a record; null when there is none, or when it is not one (a crash before its first write, a stranger's file). */
export async function readRunnerRecord(file: string): Promise<RunnerRecord | null> {
  const text = await readSmallFile(file, MAX_RECORD_BYTES);
  return text === null ? null : parseRunnerRecord(text);
}

/** @returns null for a text that is not a record */
export function parseRunnerRecord(text: string): RunnerRecord | null {
  const values = parsePairs(text.split('\n'));
  const state = values.get('state');
  if (values.get('version') !== '1' || (state !== 'running' && state !== 'ended' && state !== 'failed'))
    return null;
  const number = (key: string): number | null => toNumber(values.get(key));
  const run = values.has('run') ? number('run') : 0;
  if (run === null || run > MAX_RUN) return null;
  const time = (key: string): Date | null => {
    const ms = number(key);
    return ms === null || ms === 0 || ms > MAX_TIME_MS ? null : new Date(ms);
  };
  return {
    state,
    run,
    marker: values.get('marker') ?? '',
    bootId: values.get('boot_id') ?? '',
    runnerPid: number('runner_pid') ?? 0,
    runnerStartTicks: values.get('runner_start') ?? '',
    pid: number('pid'),
    startedAt: time('started_ms'),
    endedAt: time('ended_ms'),
    exitCode: toExitCode(values.get('exit_code')),
    exitSignal: signalName(number('exit_signal')),
    droppedBytes: number('dropped_bytes') ?? 0,
    isStopRequested: values.get('stop_requested') === '1',
    ...oomIn(values),
    error: values.get('error') ?? '',
  };
}

/** What a record or a line of the socket tells of kills for want of memory. */
export function oomIn(values: ReadonlyMap<string, string>): { oomKills: number; oomSource: OomSource } {
  const source = values.get('oom_source');
  return {
    oomKills: toNumber(values.get('oom_kills')) ?? 0,
    oomSource: source === 'cgroup' || source === 'machine' ? source : null,
  };
}

/** `key=value` pieces to a map; what has no `=` is passed over. */
export function parsePairs(pieces: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const piece of pieces) {
    const at = piece.indexOf('=');
    if (at > 0) values.set(piece.slice(0, at), piece.slice(at + 1));
  }
  return values;
}

/** @returns null for what is no whole number, or one that would not be counted with exactly */
export function toNumber(text: string | undefined): number | null {
  const number = text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

export function toExitCode(text: string | undefined): number | null {
  const code = toNumber(text);
  return code !== null && code <= MAX_EXIT_CODE ? code : null;
}
