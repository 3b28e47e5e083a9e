import { describe, expect, it } from '@jest/globals';
import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Instance, InstanceUpdate } from '../../../src/contracts/instance.js';
import { ApiError } from '../net/http.js';
import { InstanceStore } from './instances.js';
import { PendingChanges } from './pending-changes.js';
import { saveChanges } from './save-changes.js';

const instance = (id: number, more: Partial<Instance> = {}): Instance =>
  ({
    id,
    name: `n${String(id)}`,
    port: 18000 + id,
    autostart: false,
    status: 'started',
    env: {},
    ...more,
  }) as Instance;

/** A server of a few rows; each change of them makes their tag another. */
class Server {
  readonly rows = new Map<number, { instance: Instance; revision: number }>();
  readonly restarted: number[] = [];
  /** Runs between the reading and the writing of a row. */
  before: (id: number) => void = () => undefined;

  constructor(...instances: Instance[]) {
    for (const one of instances) this.rows.set(one.id, { instance: one, revision: 1 });
  }

  put(id: number, change: InstanceUpdate): Instance {
    const row = this.rows.get(id);
    if (!row) throw new ApiError(404, 'INSTANCE_NOT_FOUND', 'There is no instance of that id.');
    row.instance = { ...row.instance, ...change } as Instance;
    row.revision += 1;
    return row.instance;
  }

  instance = (id: number): Promise<{ instance: Instance; etag: string }> => {
    const row = this.rows.get(id);
    if (!row) throw new ApiError(404, 'INSTANCE_NOT_FOUND', 'There is no instance of that id.');
    return Promise.resolve({ instance: row.instance, etag: String(row.revision) });
  };

  updateInstance = async (id: number, body: InstanceUpdate, etag: string | null): Promise<Instance> => {
    await Promise.resolve();
    this.before(id);
    if (String(this.rows.get(id)?.revision) !== etag) throw new ApiError(412, 'INSTANCE_CHANGED', 'changed');
    if (body.port === 1) throw new ApiError(422, 'VALIDATION_FAILED', 'no', { port: 'That port is taken.' });
    return this.put(id, body);
  };

  command = (id: number): Promise<void> => {
    this.restarted.push(id);
    return Promise.resolve();
  };
}

function setUp(...instances: Instance[]) {
  const server = new Server(...instances);
  const store = new InstanceStore();
  store.apply({ type: 'snapshot', seq: 1, data: { instances } } as unknown as ServerEvent);
  const pending = new PendingChanges(store);
  const save = (isRestarting = false) =>
    saveChanges({ api: server, pending, nameOf: (id) => `n${String(id)}` }, isRestarting);
  return { server, store, pending, save };
}

describe('PendingChanges', () => {
  it('survives a snapshot, as after a lost connection', () => {
    const { pending, store } = setUp(instance(1));
    pending.propose(instance(1), 'port', 5);
    store.apply({ type: 'snapshot', seq: 9, data: { instances: [instance(1)] } } as unknown as ServerEvent);
    expect(pending.count).toBe(1);
  });

  it('brings back what was discarded, beside what was changed since', () => {
    const { pending } = setUp(instance(1), instance(2));
    pending.propose(instance(1), 'port', 5);
    pending.propose(instance(2), 'port', 6);
    const undo = pending.discardAll();
    expect(pending.count).toBe(0);
    pending.propose(instance(1), 'port', 7);
    undo();
    expect([pending.of(1)?.get('port')?.mine, pending.of(2)?.get('port')?.mine]).toEqual([7, 6]);
  });

  it('tells when an instance takes its changes with it', () => {
    const { pending, store } = setUp(instance(1));
    const lost: string[] = [];
    pending.lost.on((name) => lost.push(name));
    pending.propose(instance(1), 'port', 5);
    store.apply({ type: 'instance.removed', seq: 2, data: { id: 1, name: 'n1' } });
    expect([pending.count, lost]).toEqual([0, ['n1']]);
  });
});

describe('saveChanges', () => {
  it('stores all rows and restarts those that run and need it', async () => {
    const { server, pending, save } = setUp(instance(1), instance(2), instance(3, { status: 'stopped' }));
    pending.propose(instance(1), 'port', 5);
    pending.propose(instance(2), 'autostart', true);
    pending.propose(instance(3, { status: 'stopped' }), 'port', 6);
    const outcome = await save(true);
    expect(outcome.saved.map(({ instance: { id } }) => id)).toEqual([1, 2, 3]);
    expect([server.restarted, pending.count]).toEqual([[1], 0]);
    expect(server.rows.get(1)?.instance.port).toBe(5);
  });

  it('overwrites nothing that somebody stored before', async () => {
    const { server, pending, save } = setUp(instance(1));
    pending.propose(instance(1), 'port', 5);
    server.put(1, { port: 7 });
    const outcome = await save();
    expect([outcome.saved, outcome.conflicted.length, server.rows.get(1)?.instance.port]).toEqual([[], 1, 7]);
    expect(pending.of(1)?.get('port')).toMatchObject({ mine: 5, theirs: 7 });
    pending.resolve(1, 'port', 'mine');
    await save();
    expect(server.rows.get(1)?.instance.port).toBe(5);
  });

  it('nor what somebody stores in the very moment', async () => {
    const { server, pending, save } = setUp(instance(1));
    pending.propose(instance(1), 'port', 5);
    server.before = (id) => void server.put(id, { port: 8 });
    expect((await save()).conflicted).toHaveLength(1);
    expect([server.rows.get(1)?.instance.port, pending.count]).toEqual([8, 1]);
  });

  it('keeps what is refused with its reason, and stores the rest', async () => {
    const { server, pending, save } = setUp(instance(1), instance(2));
    pending.propose(instance(1), 'port', 1);
    pending.propose(instance(2), 'port', 9);
    const outcome = await save();
    expect(outcome.failed.map(({ name }) => name)).toEqual(['n1']);
    expect(pending.of(1)?.get('port')?.problem).toBe('That port is taken.');
    expect(server.rows.get(2)?.instance.port).toBe(9);
  });

  it('goes on after one that is gone', async () => {
    const { server, pending, save } = setUp(instance(1), instance(2));
    pending.propose(instance(1), 'port', 5);
    pending.propose(instance(2), 'port', 6);
    server.rows.delete(1);
    const outcome = await save();
    expect([outcome.failed.length, outcome.saved.length]).toEqual([1, 1]);
  });
});
