import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HEALTHY_PERIOD_MS } from '../domain/restart-policy.js';
import type { InstanceEntity } from '../instance.entity.js';
import { RestartPlan } from './restart-plan.js';

const FAILED = { exitCode: 1, exitSignal: null };
const DAY_MS = 86_400_000;

/** A monotonic clock that only goes on, and a wall clock that anybody may set. */
class Clocks {
  elapsedMs = 5000;
  wallMs = Date.parse('2030-01-01T00:00:00Z');

  monotonicMs(): number {
    return this.elapsedMs;
  }

  now(): Date {
    return new Date(this.wallMs);
  }

  pass(ms: number): void {
    this.elapsedMs += ms;
    this.wallMs += ms;
    jest.advanceTimersByTime(ms);
  }
}

type Row = Pick<
  InstanceEntity,
  'restart_policy' | 'restart_times' | 'restarts' | 'status' | 'status_since' | 'next_restart_at'
>;

function plan(row: Partial<Row> = {}, clocks = new Clocks()) {
  const full: Row = {
    restart_policy: 'on-failure',
    restart_times: [],
    restarts: 0,
    status: 'stopped',
    status_since: clocks.now().toISOString(),
    next_restart_at: null,
    ...row,
  };
  const due = jest.fn();
  return { clocks, row: full, due, plan: new RestartPlan(full as InstanceEntity, clocks, due) };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the automatic restarts of an instance', () => {
  it('wait for the end of a boot', () => {
    const one = plan();
    one.plan.hold();
    expect(one.plan.arm(0)).toEqual({ next_restart_at: '2030-01-01T00:00:00.000Z' });
    one.clocks.pass(60_000);
    expect(one.due).not.toHaveBeenCalled();
    one.row.next_restart_at = '2030-01-01T00:00:00.000Z';
    expect(one.plan.resume()).toBeNull();
    one.clocks.pass(0);
    expect(one.due).toHaveBeenCalledTimes(1);
  });

  it('come when they are due, and are told beforehand', () => {
    const one = plan();
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'restart', delayMs: 0 });
    expect(one.plan.arm(4000)).toEqual({ next_restart_at: '2030-01-01T00:00:04.000Z' });
    one.clocks.pass(3999);
    expect(one.due).not.toHaveBeenCalled();
    one.clocks.pass(1);
    expect(one.due).toHaveBeenCalledTimes(1);
  });

  it('are called off', () => {
    const one = plan();
    one.plan.arm(1000);
    expect(one.plan.cancel()).toEqual({ next_restart_at: null });
    one.clocks.pass(10_000);
    expect(one.due).not.toHaveBeenCalled();
  });

  it('are five in ten minutes, then no more until a start by hand', () => {
    const one = plan();
    for (let count = 1; count <= 5; count += 1) {
      expect(one.plan.decide(FAILED).kind).toBe('restart');
      const columns = one.plan.noteStart(true);
      expect(columns).toMatchObject({ next_restart_at: null, restarts: count });
      expect(columns.restart_times).toHaveLength(count);
      Object.assign(one.row, columns);
      one.clocks.pass(20_000);
    }
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'giveUp' });
    expect(one.plan.noteStart(false)).toEqual({ next_restart_at: null, restarts: 0, restart_times: [] });
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'restart', delayMs: 0 });
  });

  it('are forgiven after ten minutes of being ready without a break', () => {
    const one = plan();
    for (let count = 0; count < 5; count += 1) one.plan.noteStart(true);
    one.plan.noteStatus('started');
    one.clocks.pass(HEALTHY_PERIOD_MS - 1);
    one.plan.noteStatus('started');
    one.clocks.pass(1);
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'restart', delayMs: 0 });
    one.plan.noteStart(true);
    one.plan.noteStatus('stalled');
    one.plan.noteStatus('started');
    one.clocks.pass(1000);
    expect(one.plan.decide(FAILED)).toMatchObject({ kind: 'restart', delayMs: expect.any(Number) });
  });

  it('do not care for a wall clock that is set back or forward', () => {
    const one = plan();
    for (let count = 0; count < 5; count += 1) one.plan.noteStart(true);
    one.clocks.wallMs -= DAY_MS;
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'giveUp' });
    one.clocks.wallMs += 3 * DAY_MS;
    expect(one.plan.decide(FAILED)).toEqual({ kind: 'giveUp' });
    one.clocks.pass(HEALTHY_PERIOD_MS);
    expect(one.plan.decide(FAILED).kind).toBe('restart');
  });
});

describe('what an earlier AiKore left', () => {
  it('is taken up: restarts of the last ten minutes count', () => {
    const restart_times = [1, 2, 3, 4, 5].map((minute) => `2029-12-31T23:5${minute}:00.000Z`);
    expect(plan({ restart_times }).plan.decide(FAILED)).toEqual({ kind: 'giveUp' });
    const older = restart_times.map((time) => time.replace('T23', 'T22'));
    expect(plan({ restart_times: older }).plan.decide(FAILED).kind).toBe('restart');
  });

  it('is taken up: a restart that is due comes at its time, an overdue one at once', () => {
    const later = plan({ next_restart_at: '2030-01-01T00:00:08.000Z' });
    later.plan.resume();
    later.clocks.pass(7999);
    expect(later.due).not.toHaveBeenCalled();
    later.clocks.pass(1);
    expect(later.due).toHaveBeenCalledTimes(1);

    const overdue = plan({ next_restart_at: '2029-12-31T00:00:00.000Z' });
    overdue.plan.resume();
    overdue.clocks.pass(1);
    expect(overdue.due).toHaveBeenCalledTimes(1);
  });

  it('waits no longer than the longest pause, though the clock was set back by a day', () => {
    const one = plan({ next_restart_at: '2030-01-02T00:00:00.000Z' });
    one.plan.resume();
    one.clocks.pass(75_000);
    expect(one.due).toHaveBeenCalledTimes(1);
  });

  it('counts the time that an adopted instance was ready already', () => {
    const restart_times = Array.from({ length: 5 }, () => '2029-12-31T23:59:00.000Z');
    const ready = { restart_times, status: 'started' as const };
    const long = plan({ ...ready, status_since: '2029-12-31T23:50:00.000Z' });
    expect(long.plan.decide(FAILED).kind).toBe('restart');
    const short = plan({ ...ready, status_since: '2029-12-31T23:51:00.000Z' });
    expect(short.plan.decide(FAILED).kind).toBe('giveUp');
  });
});
