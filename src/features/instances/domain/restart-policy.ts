import type { RestartPolicy } from '../../../contracts/instance.js';
import type { Ending } from './exit-reason.js';

/** Automatic restarts that an instance gets within the window. */
export const RESTART_BUDGET = 5;
export const RESTART_WINDOW_MS = 10 * 60_000;
/** Ready for so long without a break, an instance has proved itself: its budget is full again, its backoff forgotten. */
export const HEALTHY_PERIOD_MS = 10 * 60_000;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** Up to so much of a pause is added or taken away, so that many that failed together do not come back together. */
const JITTER = 0.25;

export type RestartDecision =
  /** The policy asks for none. */
  | { kind: 'rest' }
  /** The budget is spent. */
  | { kind: 'giveUp' }
  | { kind: 'restart'; delayMs: number };

/** What a decision rests on; times are milliseconds of one monotonic clock. */
export interface RestartFacts {
  policy: RestartPolicy;
  /** null: it could not be started at all. */
  ending: Ending | null;
  /** Since when it was ready without a break when it ended; null when it was not ready. */
  readySinceMs: number | null;
  /** When it was restarted automatically, since it last proved itself or was started by hand. */
  restartedAtMs: readonly number[];
  nowMs: number;
}

/** Whether a run that ended unasked counts as proof that all is well. */
export function hasProvedItself({ readySinceMs, nowMs }: RestartFacts): boolean {
  return readySinceMs !== null && nowMs - readySinceMs >= HEALTHY_PERIOD_MS;
}

/**
 * What follows an end that nobody asked for: the first restart at once, then after 1 s, doubling to 60 s, at most five
 * in ten minutes.
 * @param random in [0, 1), for the jitter
 */
export function decideRestart(facts: RestartFacts, random: number): RestartDecision {
  if (!asksForRestart(facts.policy, facts.ending)) return { kind: 'rest' };
  const earlier = hasProvedItself(facts) ? [] : facts.restartedAtMs;
  const recent = earlier.filter((atMs) => facts.nowMs - atMs < RESTART_WINDOW_MS);
  if (recent.length >= RESTART_BUDGET) return { kind: 'giveUp' };
  return { kind: 'restart', delayMs: pauseMs(earlier.length, random) };
}

/** Whether a policy wants what ended, or could not be started (null), to be started again at all. */
export function asksForRestart(policy: RestartPolicy, ending: Pick<Ending, 'exitCode'> | null): boolean {
  if (policy === 'no') return false;
  return policy === 'always' || ending === null || ending.exitCode !== 0;
}

/** Pause before the next restart, by how many were made already. */
function pauseMs(restartCount: number, random: number): number {
  if (restartCount === 0) return 0;
  const baseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(restartCount - 1, 16));
  return Math.round(baseMs * (1 - JITTER + 2 * JITTER * random));
}
