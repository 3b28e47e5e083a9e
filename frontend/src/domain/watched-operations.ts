import type { Operation } from '../../../src/contracts/operation.js';
import { isEnded } from './operation.js';

/** An operation that was seen under way: whoever saw it is told how it ended. */
export type WatchedOperation = Pick<Operation, 'id' | 'kind' | 'subject' | 'source' | 'started_at'>;

export interface Outcomes {
  /** Those to watch from now on. */
  watched: WatchedOperation[];
  /** Have ended since they were watched. */
  ended: Operation[];
  /** Were under way when AiKore ended, and are known to nobody any more. */
  interrupted: WatchedOperation[];
}

/** Compares what was under way with what is told now. @param serverStartedAt ISO 8601; null while nobody knows */
export function outcomesOf(
  watched: readonly WatchedOperation[],
  told: readonly Operation[],
  serverStartedAt: string | null,
): Outcomes {
  const toldByKey = new Map(told.map((operation) => [keyOf(operation), operation]));
  const ended = watched.flatMap((operation) => {
    const now = toldByKey.get(keyOf(operation));
    return now && isEnded(now) ? [now] : [];
  });
  // What is told no more although the same AiKore runs was put away by somebody who had read it.
  const interrupted = watched.filter(
    (operation) =>
      !toldByKey.has(keyOf(operation)) &&
      serverStartedAt !== null &&
      Date.parse(operation.started_at) < Date.parse(serverStartedAt),
  );
  return { watched: told.filter((operation) => !isEnded(operation)).map(remembered), ended, interrupted };
}

/** Numbers begin anew with every AiKore. */
function keyOf({ id, started_at: startedAt }: WatchedOperation): string {
  return `${id} ${startedAt}`;
}

function remembered({ id, kind, subject, source, started_at }: Operation): WatchedOperation {
  return { id, kind, subject, source, started_at };
}

/** What an earlier visit of the page left; anything else is nothing. */
export function parseWatched(text: string | null): WatchedOperation[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isWatched) : [];
  } catch {
    return [];
  }
}

function isWatched(value: unknown): value is WatchedOperation {
  if (typeof value !== 'object' || value === null) return false;
  const { id, kind, subject, source, started_at } = value as Record<string, unknown>;
  const hasTexts = [id, subject, source, started_at].every((text) => typeof text === 'string');
  return hasTexts && (kind === 'clone' || kind === 'export' || kind === 'import');
}
