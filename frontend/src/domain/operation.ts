import type { Operation, OperationKind, OperationPhase } from '../../../src/contracts/operation.js';
import { formatAge, formatBytes } from '../base/format.js';
import { timeLeftMs } from './transfer-rate.js';

const ENDS: ReadonlySet<OperationPhase> = new Set(['done', 'failed', 'cancelled']);

export function isEnded({ phase }: Pick<Operation, 'phase'>): boolean {
  return ENDS.has(phase);
}

const VERBS: Record<OperationKind, string> = { clone: 'cloning', export: 'exporting', import: 'importing' };

/** `cloning`, inside a sentence. */
export function verbOf(kind: OperationKind): string {
  return VERBS[kind];
}

/** `Cloning`, at the beginning of one. */
export function doing(kind: OperationKind): string {
  const verb = VERBS[kind];
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}

const MOST_CHARACTERS = 100;

/** A name as a sentence can bear it: those of archives come from elsewhere. */
export function briefly(name: string): string {
  const characters = Array.from(name);
  return characters.length <= MOST_CHARACTERS ? name : `${characters.slice(0, MOST_CHARACTERS).join('')}…`;
}

/** `Cloning ComfyUI as ComfyUI 2`. */
export function longTitle(operation: Pick<Operation, 'kind' | 'source' | 'subject'>): string {
  const { kind, subject } = operation;
  return kind === 'export' ? shortTitle(operation) : `${shortTitle(operation)} as ${briefly(subject)}`;
}

/** `Cloning ComfyUI`, for a place that has no room for more. */
export function shortTitle({ kind, source }: Pick<Operation, 'kind' | 'source'>): string {
  return `${doing(kind)} ${briefly(source)}`;
}

const PHASES: Record<OperationPhase, string> = {
  waiting: 'Waiting for the work before it',
  counting: 'Counting its files',
  copying: 'Copying',
  packing: 'Packing',
  unpacking: 'Unpacking',
  relocating: 'Rewriting the paths of its environment',
  finishing: 'Finishing',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** What a progress bar shows of an operation that is under way. */
export function operationProgress(
  operation: Operation,
  bytesPerSecond: number | null,
): { phase: string; fraction: number | null; note: string } {
  const { phase, total_bytes: total, done_bytes: done } = operation;
  return {
    phase: PHASES[phase],
    fraction: operationFraction(operation),
    note: [amount(done, total), speed(done, total, movesBytes(phase) ? bytesPerSecond : null)]
      .filter(Boolean)
      .join(' · '),
  };
}

/** 0 to 1; null while nobody knows how much there is. */
function operationFraction({ phase, total_bytes: total, done_bytes: done }: Operation): number | null {
  if (!movesBytes(phase) || total === null || total === 0) return null;
  return Math.min(1, done / total);
}

function movesBytes(phase: OperationPhase): boolean {
  return phase === 'copying' || phase === 'packing' || phase === 'unpacking';
}

function amount(done: number, total: number | null): string {
  if (done === 0) return total === null ? '' : formatBytes(total);
  return total === null
    ? formatBytes(done)
    : `${formatBytes(Math.min(done, total))} of ${formatBytes(total)}`;
}

/** `118 MB/s · 40 s left`; empty while nobody can tell. */
export function speed(doneBytes: number, totalBytes: number | null, bytesPerSecond: number | null): string {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return '';
  const leftMs = timeLeftMs(doneBytes, totalBytes, bytesPerSecond);
  const left = leftMs === null ? '' : ` · ${formatAge(leftMs)} left`;
  return `${formatBytes(bytesPerSecond)}/s${left}`;
}

/** What of it takes no space of its own; empty where nothing is shared. */
export function sharedNote({ shared_bytes: shared, phase, source }: Operation): string {
  if (shared === 0) return '';
  const verb = isEnded({ phase }) ? 'is' : 'so far is';
  return `${formatBytes(shared)} of it ${verb} shared with ${briefly(source)} and takes no space of its own.`;
}

/** Of all that is under way, 0 to 1; null while it cannot be told. */
export function operationsFraction(operations: readonly Operation[]): number | null {
  const present = operations.filter((operation) => !isEnded(operation));
  if (present.length === 0 || present.some(({ total_bytes: total }) => total === null)) return null;
  const total = present.reduce((sum, { total_bytes: bytes }) => sum + (bytes ?? 0), 0);
  const done = present.reduce((sum, { done_bytes: bytes }) => sum + bytes, 0);
  return total === 0 ? null : Math.min(1, done / total);
}

/** What became of one that has ended, as a sentence. */
export function outcomeSentence(operation: Operation): string {
  const { phase, kind, message } = operation;
  const [subject, source] = [briefly(operation.subject), briefly(operation.source)];
  if (phase === 'failed')
    return `${FAILED[kind](source, subject)} ${message ?? 'Nothing is left of it.'}`.trim();
  if (phase === 'cancelled')
    return `${FAILED[kind](source, subject)} It was cancelled, and nothing is left of it.`;
  return {
    clone: `${subject} is there, a clone of ${source}.`,
    export: `${source} was exported as ${subject}.`,
    import: `${subject} is there, imported from ${source}.`,
  }[kind];
}

const FAILED: Record<OperationKind, (source: string, subject: string) => string> = {
  clone: (source, subject) => `${source} was not cloned as ${subject}.`,
  export: (source) => `${source} was not exported.`,
  import: (source, subject) => `${source} was not imported as ${subject}.`,
};

/** What one that AiKore's own end cut short has left. */
export function interruptedSentence(operation: Pick<Operation, 'kind' | 'source' | 'subject'>): string {
  return `${longTitle(operation)} was cut short, because AiKore ended meanwhile. Nothing is left of it; begin it again.`;
}

/** Names that instances will have soon: nobody else can be given them. */
export function reservedNames(operations: readonly Operation[]): string[] {
  return operations
    .filter((operation) => operation.kind !== 'export' && !isEnded(operation))
    .map(({ subject }) => subject);
}
