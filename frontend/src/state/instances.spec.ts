import { describe, expect, it } from '@jest/globals';
import type { ServerEvent } from '../../../src/contracts/events.js';
import type { Instance } from '../../../src/contracts/instance.js';
import { InstanceStore } from './instances.js';
import type { InstanceChange } from './instances.js';

const instance = (id: number, more: Partial<Instance> = {}): Instance =>
  ({ id, name: `n${id}`, status: 'stopped', position: id, ...more }) as Instance;

const snapshot = (...instances: Instance[]): ServerEvent =>
  ({ type: 'snapshot', seq: 1, data: { instances, system: {}, stats: null } }) as unknown as ServerEvent;

function setUp() {
  const store = new InstanceStore();
  const changes: InstanceChange[] = [];
  store.on((change) => changes.push(change));
  return { store, changes };
}

describe('InstanceStore', () => {
  it('is empty but not loaded before the first snapshot', () => {
    const { store } = setUp();
    expect([store.hasLoaded, store.size]).toEqual([false, 0]);
    store.apply(snapshot());
    expect([store.hasLoaded, store.size]).toEqual([true, 0]);
  });

  it('takes a later snapshot as the whole truth', () => {
    const { store } = setUp();
    store.apply(snapshot(instance(1), instance(2)));
    store.apply(snapshot(instance(2), instance(3)));
    expect(store.sorted().map(({ id }) => id)).toEqual([2, 3]);
    expect(store.get(1)).toBeNull();
  });

  it('applies deltas and tells which instance changed how', () => {
    const { store, changes } = setUp();
    store.apply(snapshot(instance(1)));
    store.apply({ type: 'instance.created', seq: 2, data: instance(2) });
    store.apply({ type: 'instance.state', seq: 3, data: instance(1, { status: 'starting' }) });
    store.apply({
      type: 'instance.updated',
      seq: 4,
      data: instance(1, { status: 'starting', name: 'other' }),
    });
    store.apply({ type: 'instance.removed', seq: 5, data: { id: 2, name: 'n2' } });
    store.apply({ type: 'instance.removed', seq: 6, data: { id: 2, name: 'n2' } });
    expect(changes.map(({ kind }) => kind)).toEqual(['reset', 'added', 'updated', 'updated', 'removed']);
    expect(store.get(1)).toMatchObject({ status: 'starting', name: 'other' });
  });

  it('sorts by place and knows the other names', () => {
    const { store } = setUp();
    store.apply(
      snapshot(instance(1, { position: 9 }), instance(2, { position: 3 }), instance(3, { position: 3 })),
    );
    expect(store.sorted().map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(store.names(2)).toEqual(['n1', 'n3']);
  });
});
