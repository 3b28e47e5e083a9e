import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RestartPolicy } from '../../../contracts/instance.js';
import { HEALTHY_PERIOD_MS, RESTART_BUDGET, RESTART_WINDOW_MS, decideRestart } from './restart-policy.js';
import type { RestartFacts } from './restart-policy.js';

const FAILED = { exitCode: 1, exitSignal: null };
const DONE = { exitCode: 0, exitSignal: null };
const KILLED = { exitCode: null, exitSignal: 'SIGKILL' };
const UNKNOWN = { exitCode: null, exitSignal: null };
const facts: RestartFacts = {
  policy: 'on-failure',
  ending: FAILED,
  readySinceMs: null,
  restartedAtMs: [],
  nowMs: 1_000_000,
};

describe('whether a restart is due', () => {
  it.each<[RestartPolicy, RestartFacts['ending'], boolean]>([
    ['no', FAILED, false],
    ['no', DONE, false],
    ['no', null, false],
    ['on-failure', FAILED, true],
    ['on-failure', KILLED, true],
    ['on-failure', UNKNOWN, true],
    ['on-failure', null, true],
    ['on-failure', DONE, false],
    ['always', DONE, true],
    ['always', FAILED, true],
  ])('%s after %j: %s', (policy, ending, isDue) => {
    const decision = decideRestart({ ...facts, policy, ending }, 0.5);
    expect(decision.kind).toBe(isDue ? 'restart' : 'rest');
  });
});

describe('the pause before a restart', () => {
  /** Restarts so long ago that the budget is full again, though nothing proved itself. */
  const longAgo = (count: number) => Array.from({ length: count }, () => facts.nowMs - RESTART_WINDOW_MS);

  it.each([
    [0, 0],
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
    [5, 16_000],
    [6, 32_000],
    [7, 60_000],
    [100, 60_000],
  ])('after %i restarts is %i ms', (count, delayMs) => {
    expect(decideRestart({ ...facts, restartedAtMs: longAgo(count) }, 0.5)).toEqual({
      kind: 'restart',
      delayMs,
    });
  });

  it('differs by up to a quarter either way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, random) => {
          const middle = Math.min(60_000, 1000 * 2 ** (count - 1));
          const decision = decideRestart({ ...facts, restartedAtMs: longAgo(count) }, random);
          if (decision.kind !== 'restart') throw new Error(decision.kind);
          expect(decision.delayMs).toBeGreaterThanOrEqual(middle * 0.75 - 1);
          expect(decision.delayMs).toBeLessThanOrEqual(middle * 1.25 + 1);
        },
      ),
    );
  });
});

describe('the budget', () => {
  const recent = (count: number, ageMs = 1000) => Array.from({ length: count }, () => facts.nowMs - ageMs);

  it('is spent after five restarts in ten minutes', () => {
    expect(decideRestart({ ...facts, restartedAtMs: recent(RESTART_BUDGET - 1) }, 0).kind).toBe('restart');
    expect(decideRestart({ ...facts, restartedAtMs: recent(RESTART_BUDGET) }, 0).kind).toBe('giveUp');
  });

  it('comes back as restarts leave the window', () => {
    const restartedAtMs = [...recent(1, RESTART_WINDOW_MS), ...recent(RESTART_BUDGET - 1)];
    expect(decideRestart({ ...facts, restartedAtMs }, 0).kind).toBe('restart');
  });

  it('is refilled by a healthy period, after which the first restart comes at once', () => {
    const restartedAtMs = recent(RESTART_BUDGET);
    const healthy = { ...facts, restartedAtMs, readySinceMs: facts.nowMs - HEALTHY_PERIOD_MS };
    expect(decideRestart(healthy, 0)).toEqual({ kind: 'restart', delayMs: 0 });
    const tooShort = { ...healthy, readySinceMs: facts.nowMs - HEALTHY_PERIOD_MS + 1 };
    expect(decideRestart(tooShort, 0).kind).toBe('giveUp');
  });
});
