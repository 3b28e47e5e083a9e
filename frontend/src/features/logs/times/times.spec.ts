import { describe, expect, it } from '@jest/globals';
import type { LogTime } from '../../../../../src/contracts/logs.js';
import { formatMoment, parseGoal } from './moment.js';
import { RunTimes } from './run-times.js';

describe('moments', () => {
  const now = new Date(2026, 10, 21, 15, 0, 0).getTime();

  it('have their day only when it is another one', () => {
    expect(formatMoment(new Date(2026, 10, 21, 4, 3, 9).getTime(), now)).toBe('04:03:09');
    expect(formatMoment(new Date(2026, 10, 9, 23, 59, 0).getTime(), now)).toBe('11-09 23:59:00');
  });

  it('are read as people write them', () => {
    expect(parseGoal('43 %', now)).toEqual({ kind: 'percent', percent: 43 });
    expect(parseGoal('0.5', now)).toEqual({ kind: 'percent', percent: 0.5 });
    expect(parseGoal('14:30', now)).toEqual({
      kind: 'moment',
      atMs: new Date(2026, 10, 21, 14, 30).getTime(),
    });
    // Not yet today.
    expect(parseGoal('16:30:05', now)).toEqual({
      kind: 'moment',
      atMs: new Date(2026, 10, 20, 16, 30, 5).getTime(),
    });
    expect(parseGoal('2026-11-19 07:05', now)).toEqual({
      kind: 'moment',
      atMs: new Date(2026, 10, 19, 7, 5).getTime(),
    });
    for (const wrong of ['', 'x', '101', '25:00', '12:60', '-1', '<b>'])
      expect(parseGoal(wrong, now)).toBeNull();
  });
});

describe('times of a run', () => {
  const stored: LogTime[] = Array.from({ length: 100 }, (_, index) => ({ offset: index * 10, at_ms: index }));
  const asked: number[] = [];
  const times = new RunTimes(1, (run, offset, limit) => {
    asked.push(offset);
    const first = Math.floor(offset / 10);
    const inside = stored.slice(first).filter((entry) => entry.offset < offset + limit);
    const next = inside[30];
    return Promise.resolve({ run, entries: inside.slice(0, 30), next_offset: next ? next.offset : null });
  });

  it('are those of the last entry before, fetched in portions and only where they are not known', async () => {
    await times.cover(105, 500);
    expect([times.at(104), times.at(105), times.at(119), times.at(499), times.at(500)]).toEqual([
      null,
      10,
      11,
      49,
      null,
    ]);
    expect(asked).toEqual([105, 400]);
    await times.cover(200, 400);
    expect(asked).toHaveLength(2);
    await times.cover(300, 600);
    expect(asked).toEqual([105, 400, 490]);
    expect([times.at(300), times.at(495), times.at(599), times.at(299)]).toEqual([30, 49, 59, null]);
  });
});
