import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/contracts/operation.js';
import { outcomesOf, parseWatched } from './watched-operations.js';

const STARTED = '2026-11-21T09:00:00.000Z';

const operation = (more: Partial<Operation> = {}): Operation =>
  ({
    id: '1',
    kind: 'clone',
    subject: 'B',
    source: 'A',
    phase: 'copying',
    started_at: '2026-11-21T10:00:00.000Z',
    ...more,
  }) as Operation;

describe('operations that somebody waits for', () => {
  it('are watched while they go on, and told once when they have ended', () => {
    const { watched } = outcomesOf([], [operation()], STARTED);
    expect(watched).toHaveLength(1);
    const done = operation({ phase: 'done' });
    const after = outcomesOf(watched, [done], STARTED);
    expect([after.ended, after.watched, after.interrupted]).toEqual([[done], [], []]);
    expect(outcomesOf(after.watched, [done], STARTED).ended).toEqual([]);
  });

  it('are not told to who never saw them under way', () => {
    expect(outcomesOf([], [operation({ phase: 'failed' })], STARTED).ended).toEqual([]);
  });

  it('were cut short when AiKore began after them, and put away by others when it did not', () => {
    const { watched } = outcomesOf([], [operation()], STARTED);
    expect(outcomesOf(watched, [], '2026-11-21T11:00:00.000Z').interrupted).toEqual(watched);
    expect(outcomesOf(watched, [], STARTED).interrupted).toEqual([]);
    expect(outcomesOf(watched, [], null).interrupted).toEqual([]);
  });

  it('of another AiKore with the same number are others', () => {
    const { watched } = outcomesOf([], [operation()], STARTED);
    const namesake = operation({ phase: 'done', started_at: '2026-11-21T12:00:00.000Z' });
    const { ended, interrupted } = outcomesOf(watched, [namesake], '2026-11-21T11:00:00.000Z');
    expect([ended, interrupted]).toEqual([[], watched]);
  });

  it.each(['', 'null', '{', '[]', '[1]', '[{"id":1}]', '"x"', '[{"id":"1","kind":"rm"}]'])(
    'are none where the browser kept %s',
    (text) => {
      expect(parseWatched(text)).toEqual([]);
    },
  );

  it('come back from what the browser kept', () => {
    const { watched } = outcomesOf([], [operation()], STARTED);
    expect(parseWatched(JSON.stringify(watched))).toEqual(watched);
    expect(parseWatched(null)).toEqual([]);
  });
});
