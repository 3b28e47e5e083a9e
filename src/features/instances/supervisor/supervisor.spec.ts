import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../core/logging.js';
import type { InstanceEntity } from '../instance.entity.js';
import { Supervisor } from './supervisor.js';
import type { FoundRun, MissedEnd, RunListener, StartedRun } from './supervisor.ports.js';

const END = { exitCode: 3, exitSignal: null, endedAt: new Date(0), note: '' };
const HANDLE = { terminate: () => undefined, killTree: () => undefined, release: () => undefined };
const PROBE = { type: 'process' } as const;

type Start = (row: InstanceEntity, listener: RunListener) => Promise<StartedRun>;
type Find = (row: InstanceEntity, listener: RunListener) => Promise<FoundRun | MissedEnd | null>;

const started: Start = (row) =>
  Promise.resolve({ handle: HANDLE, run: row.run + 1, pid: 99, port: row.port, probe: PROBE, note: '' });

function supervise(row: Partial<InstanceEntity>, runner: { start?: Start; find?: Find }) {
  const whole = {
    id: 7,
    name: 'one',
    port: 21_000,
    run: 1,
    status: 'stopped',
    desired: 'stopped',
    status_since: '2030-01-01T00:00:00.000Z',
    restart_policy: 'no',
    restart_times: [],
    restarts: 0,
    next_restart_at: null,
    pid: null,
    ...row,
  } as unknown as InstanceEntity;
  const told = { isBroken: false };
  const logger = createLogger(false, () => undefined);
  const supervisor = new Supervisor(
    whole,
    {
      runner: { start: runner.start ?? started, find: runner.find ?? (() => Promise.resolve(null)) },
      probe: { probe: () => Promise.resolve('ready'), otherPorts: () => Promise.resolve([]) },
      evidence: { lastLines: () => Promise.resolve([]) },
      phase: { newestStep: () => Promise.resolve(null) },
      clock: { monotonicMs: () => performance.now(), now: () => new Date() },
      state: {
        save: () => Promise.resolve(),
        endRun: () => Promise.resolve(),
        warn: () => undefined,
        changed: () => {
          if (told.isBroken) throw new Error('nobody listens');
        },
      },
    },
    { stalledAfterMs: 60_000, stopGraceMs: 1000 },
    logger,
  );
  return { supervisor, row: whole, told, settled: () => supervisor.update({}) };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a supervisor', () => {
  it('hears of an end that is told while it adopts', async () => {
    const found = { handle: HANDLE, run: 1, pid: 99, port: 21_000, startedAt: new Date(), probe: PROBE };
    const { supervisor, row, settled } = supervise(
      { status: 'started', desired: 'running', pid: 99 },
      {
        find: async (_row, listener) => {
          listener.onEnded(END);
          await new Promise((resolve) => setTimeout(resolve, 20));
          return found;
        },
      },
    );
    await supervisor.boot();
    await settled();
    expect([row.status, row.pid, row.exit_code]).toEqual(['error', null, 3]);
  });

  it('leaves automatic restarts alone until the boot is over', async () => {
    let starts = 0;
    const { supervisor, row } = supervise(
      { status: 'started', desired: 'running', pid: 99, restart_policy: 'on-failure' },
      {
        find: () => Promise.resolve({ ending: END, run: 1, hasRun: true, wasAsked: false }),
        start: (...asked) => {
          starts += 1;
          return started(...asked);
        },
      },
    );
    await supervisor.boot();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([row.status, row.next_restart_at === null, starts]).toEqual(['error', false, 0]);
    await supervisor.resumeRestart();
    await until(() => row.status === 'started');
    expect([starts, row.restarts, row.next_restart_at]).toEqual([1, 1, null]);
    supervisor.release();
  });

  it('leaves a port that was chosen during the start as it is', async () => {
    const { supervisor, row, settled } = supervise(
      {},
      {
        start: async (started_row, listener) => {
          const run = await started(started_row, listener);
          started_row.port = 25_000;
          return run;
        },
      },
    );
    await supervisor.command('start');
    await settled();
    expect([row.port, supervisor.port]).toEqual([25_000, 21_000]);
    supervisor.release();
  });

  it('does what was decided though nobody can be told', async () => {
    const { supervisor, row, told, settled } = supervise({}, {});
    told.isBroken = true;
    await supervisor.command('start');
    await settled();
    expect([row.pid, row.run]).toEqual([99, 2]);
    supervisor.release();
  });

  it('has nothing left to cancel once it is retired', async () => {
    const { supervisor, row } = supervise({ status: 'error', desired: 'running' }, {});
    const removed = supervisor.whileResting('deleting', () => {
      supervisor.retire();
      return Promise.resolve();
    });
    await Promise.all([removed, supervisor.cancelRestart()]);
    expect(row.desired).toBe('running');
  });
});
