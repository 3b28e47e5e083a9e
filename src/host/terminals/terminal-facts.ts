import { readFileSync } from 'node:fs';
import { readSmallFile } from '../files/regular-file.js';
import { isAlive } from '../processes/process-identity.js';
import { signalName } from '../processes/signal-name.js';
import { parsePairs, toExitCode, toNumber } from '../runner/runner-record.js';

/** What a terminal host writes down and says of itself (scripts/terminal/README.md). */
export interface TerminalFacts {
  state: 'running' | 'ended';
  id: string;
  /** Whose terminal it is, in the words of the one who opened it. */
  owner: string;
  marker: string;
  bootId: string;
  hostPid: number;
  hostStartTicks: string;
  /** Pid of the shell. */
  pid: number;
  startedAt: Date;
  exitCode: number | null;
  exitSignal: string | null;
}

const MAX_RECORD_BYTES = 8 * 1024;
/** What a Date can hold (ECMA-262, "Time Values"). */
const MAX_TIME_MS = 8.64e15;

/** @returns null for a text that tells of no terminal */
export function parseTerminalFacts(text: string): TerminalFacts | null {
  const values = parsePairs(text.split(/[\n ]/));
  const state = values.get('state');
  const startedMs = toNumber(values.get('started_ms'));
  if (values.get('version') !== '1' || (state !== 'running' && state !== 'ended')) return null;
  if (startedMs === null || startedMs > MAX_TIME_MS) return null;
  return {
    state,
    id: values.get('id') ?? '',
    owner: values.get('owner') ?? '',
    marker: values.get('marker') ?? '',
    bootId: values.get('boot_id') ?? '',
    hostPid: toNumber(values.get('host_pid')) ?? 0,
    hostStartTicks: values.get('host_start') ?? '',
    pid: toNumber(values.get('pid')) ?? 0,
    startedAt: new Date(startedMs),
    exitCode: toExitCode(values.get('exit_code')),
    exitSignal: signalName(toNumber(values.get('exit_signal'))),
  };
}

/** Reads a terminal's record; null when there is none, or something else in its place. */
export async function readTerminalRecord(file: string): Promise<TerminalFacts | null> {
  const text = await readSmallFile(file, MAX_RECORD_BYTES);
  return text === null ? null : parseTerminalFacts(text);
}

/**
 * Whether the host that a record names lives. Any program of the same user can write a record: what it names is a host
 * only when it was started as the one with this marker.
 */
export function hostLives({
  bootId,
  hostPid: pid,
  hostStartTicks: startTicks,
  marker,
}: TerminalFacts): boolean {
  if (marker === '' || !isAlive({ bootId, pid, startTicks })) return false;
  let argv: string[];
  try {
    argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return false;
  }
  const at = argv.indexOf('--marker');
  return at > 0 && argv[at + 1] === marker;
}
