import type { WorkerFailure, WorkerPhase, WorkerProgress } from './transfer-job.js';
import { withoutUnwanted } from '../../../core/text/domain/unwanted.js';

/** A line that the worker has printed. `alive` says no more than that. */
export type WorkerMessage =
  | { type: 'alive' }
  | { type: 'progress'; progress: WorkerProgress }
  | { type: 'done' }
  | { type: 'failed'; failure: WorkerFailure; message: string };

const PHASES: ReadonlySet<unknown> = new Set([
  'counting',
  'copying',
  'packing',
  'unpacking',
  'relocating',
  'finishing',
] satisfies WorkerPhase[]);
const FAILURES: ReadonlySet<unknown> = new Set([
  'disk_full',
  'bad_archive',
  'changed',
  'unreadable',
  'internal',
] satisfies WorkerFailure[]);
const MAX_MESSAGE_LENGTH = 400;

/**
 * Reads a line of the worker. It runs as applications do, so what it says is believed no more than what they say.
 * @returns null for what is no message
 */
export function readWorkerMessage(line: string): WorkerMessage | null {
  const value = parse(line);
  if (value === null) return null;
  if (value['type'] === 'alive' || value['type'] === 'done') return { type: value['type'] };
  if (value['type'] === 'failed') {
    const { failure, message } = value;
    if (!FAILURES.has(failure) || typeof message !== 'string') return null;
    const shown = withoutUnwanted(message).slice(0, MAX_MESSAGE_LENGTH);
    return { type: 'failed', failure: failure as WorkerFailure, message: shown };
  }
  return value['type'] === 'progress' ? readProgress(value['progress']) : null;
}

function readProgress(value: unknown): WorkerMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  const { phase, totalBytes, doneBytes, doneFiles, sharedBytes } = value as Record<string, unknown>;
  if (!PHASES.has(phase) || (totalBytes !== null && !isCount(totalBytes))) return null;
  if (!isCount(doneBytes) || !isCount(doneFiles) || !isCount(sharedBytes)) return null;
  return {
    type: 'progress',
    progress: { phase: phase as WorkerPhase, totalBytes, doneBytes, doneFiles, sharedBytes },
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
