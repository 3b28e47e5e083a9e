import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../../../core/logging.js';
import type { InstanceEntity, InstanceState } from '../instance.entity.js';
import { StateKeeper } from './state-keeper.js';

const END = { exitCode: 5, exitSignal: null, endedAt: new Date(0) };

class SqliteError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

describe('the state of an instance', () => {
  let refusal: string | null;
  let stored: unknown[];
  let fullCount: number;
  let row: InstanceEntity;
  let keeper: StateKeeper;
  let told: string[];
  const lines: string[] = [];

  const store = (entry: unknown): Promise<void> => {
    if (refusal !== null) return Promise.reject(new SqliteError(refusal));
    stored.push(entry);
    return Promise.resolve();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    [refusal, stored, fullCount, told] = [null, [], 0, []];
    lines.length = 0;
    row = { id: 7, run: 3, status: 'stopped', status_reason: '' } as InstanceEntity;
    keeper = new StateKeeper(
      row,
      {
        save: (id, patch: Partial<InstanceState>) => store({ id, ...patch }),
        endRun: (id, run, end, reason) => store({ id, run, code: end.exitCode, reason }),
        changed: ({ status }) => told.push(status),
        warn: () => undefined,
        noteDiskFull: () => (fullCount += 1),
      },
      createLogger(false, (line) => lines.push(line)),
    );
  });
  afterEach(() => void jest.useRealTimers());

  it('is stored at once when it can be', async () => {
    await keeper.write({ status: 'starting' });
    await keeper.endRun(END, 'It failed.');
    expect(stored).toEqual([
      { id: 7, status: 'starting' },
      { id: 7, run: 3, code: 5, reason: 'It failed.' },
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('counts and is told at once though the disk is full, and the newest of it is stored when there is room', async () => {
    refusal = 'SQLITE_FULL';
    await keeper.write({ status: 'starting', pid: 1 });
    await keeper.write({ status: 'started' });
    await keeper.endRun(END, 'It failed.');
    await keeper.write({ status: 'error', status_reason: 'It failed.' });
    expect(row).toMatchObject({ status: 'error', pid: 1 });
    expect(told).toEqual(['starting', 'started', 'error']);
    expect(fullCount).toBeGreaterThan(0);
    refusal = null;
    await jest.advanceTimersByTimeAsync(1000);
    expect(stored).toEqual([
      { id: 7, status: 'error', pid: 1, status_reason: 'It failed.' },
      { id: 7, run: 3, code: 5, reason: 'It failed.' },
    ]);
    expect(jest.getTimerCount()).toBe(0);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['error', 'info']);
  });

  it('is tried again at pauses that grow to half a minute', async () => {
    refusal = 'SQLITE_IOERR_WRITE';
    await keeper.write({ status: 'error' });
    await jest.advanceTimersByTimeAsync(59_000);
    refusal = null;
    await jest.advanceTimersByTimeAsync(1999);
    expect(stored).toEqual([]);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(stored).toEqual([{ id: 7, status: 'error' }]);
    expect(fullCount).toBe(0);
  });

  it('is given up where it can never be stored, and holds up nothing that comes after it', async () => {
    refusal = 'SQLITE_CONSTRAINT_UNIQUE';
    await keeper.write({ port: 21_000 });
    refusal = null;
    await keeper.write({ status: 'started' });
    expect(stored).toEqual([{ id: 7, status: 'started' }]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps in the history what else there is to say of an end', async () => {
    const note = '12 MB were dropped.';
    await keeper.endRun({ ...END, note }, 'Stopped.');
    await keeper.endRun({ ...END, note }, `It failed. ${note}`);
    expect(stored).toMatchObject([{ reason: `Stopped. ${note}` }, { reason: `It failed. ${note}` }]);
  });
});
