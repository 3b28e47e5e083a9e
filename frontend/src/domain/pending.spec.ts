import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../../../src/contracts/instance.js';
import {
  bodyOf,
  conflictsOf,
  countChanges,
  drop,
  propose,
  proposeAll,
  rebase,
  refuse,
  resolve,
  settle,
  wantsRestart,
  withChanges,
} from './pending.js';
import type { Pending, PendingRow } from './pending.js';

const instance = (more: Partial<Instance> = {}): Instance =>
  ({
    id: 1,
    name: 'Comfy',
    port: 18001,
    autostart: false,
    env: {},
    gpu_ids: null,
    status: 'started',
    ...more,
  }) as Instance;

const none: Pending = new Map();
const port = (value: number, on = instance()): Pending => propose(none, on, 'port', value);
const rowOf = (pending: Pending): PendingRow => pending.get(1) ?? new Map();

describe('a change that waits', () => {
  it('is kept with what it replaces, and makes the body of a PATCH', () => {
    const pending = propose(port(18002), instance(), 'name', 'Other');
    expect(countChanges(pending)).toBe(2);
    expect(bodyOf(rowOf(pending))).toEqual({ port: 18002, name: 'Other' });
    expect(withChanges(instance(), rowOf(pending))).toMatchObject({ port: 18002, name: 'Other', env: {} });
  });

  it('is none when it leads back to what is stored', () => {
    expect(propose(port(18002), instance(), 'port', 18001).size).toBe(0);
    expect(propose(none, instance({ env: { A: '1', B: '2' } }), 'env', { B: '2', A: '1' }).size).toBe(0);
  });

  it('goes when a form does not hold it any more', () => {
    const published = propose(port(18002), instance({ public_port: null }), 'public_port', 19005);
    const pending = proposeAll(published, instance(), { name: 'Other', autostart: false });
    expect(bodyOf(rowOf(pending))).toEqual({ name: 'Other' });
    expect(proposeAll(published, instance(), {}).size).toBe(0);
  });

  it('tells no GPU from all of them', () => {
    expect(propose(none, instance(), 'gpu_ids', '').size).toBe(1);
    expect(propose(none, instance({ gpu_ids: '' }), 'gpu_ids', null).size).toBe(1);
  });

  it('survives what changes elsewhere in the instance', () => {
    const pending = rebase(port(18002), instance({ status: 'error', autostart: true }));
    expect(conflictsOf(rowOf(pending))).toEqual([]);
    expect(countChanges(pending)).toBe(1);
  });

  it('is in conflict when somebody else stored another value, and ends when it is the same', () => {
    const theirs = rebase(port(18002), instance({ port: 18003 }));
    expect(conflictsOf(rowOf(theirs))).toEqual(['port']);
    expect(rebase(port(18002), instance({ port: 18002 })).size).toBe(0);
    expect(conflictsOf(rowOf(rebase(theirs, instance())))).toEqual([]);
  });

  it('is decided for one of both', () => {
    const conflict = rebase(port(18002), instance({ port: 18003 }));
    const mine = resolve(conflict, 1, 'port', 'mine');
    expect([conflictsOf(rowOf(mine)), bodyOf(rowOf(mine))]).toEqual([[], { port: 18002 }]);
    // A third value after the decision is a new conflict.
    expect(conflictsOf(rowOf(rebase(mine, instance({ port: 18004 }))))).toEqual(['port']);
    expect(resolve(conflict, 1, 'port', 'theirs').size).toBe(0);
  });

  it('stays in conflict when it is changed once more', () => {
    const conflict = rebase(port(18002), instance({ port: 18003 }));
    const again = propose(conflict, instance({ port: 18003 }), 'port', 18009);
    expect(conflictsOf(rowOf(again))).toEqual(['port']);
  });

  it('is gone once it is stored, unless it was changed again meanwhile', () => {
    const sent = port(18002);
    expect(settle(sent, instance({ port: 18002 }), rowOf(sent)).size).toBe(0);
    const later = propose(sent, instance(), 'port', 18005);
    const settled = settle(later, instance({ port: 18002 }), rowOf(sent));
    expect([bodyOf(rowOf(settled)), conflictsOf(rowOf(settled))]).toEqual([{ port: 18005 }, []]);
  });

  it('carries why it was refused until it is changed', () => {
    const problems = new Map([
      ['port', 'taken'],
      ['probe', 'elsewhere'],
    ]);
    const { pending, others } = refuse(port(18002), 1, problems);
    expect([rowOf(pending).get('port')?.problem, others]).toEqual(['taken', ['elsewhere']]);
    expect(rowOf(propose(pending, instance(), 'port', 18003)).get('port')?.problem).toBeNull();
  });

  it('is taken back alone or with its row', () => {
    const pending = propose(port(18002), instance(), 'autostart', true);
    expect(bodyOf(rowOf(drop(pending, 1, 'port')))).toEqual({ autostart: true });
    expect(drop(pending, 1).size).toBe(0);
  });

  it('wants a restart only where it counts at a start, and only of what runs', () => {
    expect(wantsRestart(instance(), rowOf(port(18002)))).toBe(true);
    expect(wantsRestart(instance({ status: 'stopped' }), rowOf(port(18002)))).toBe(false);
    expect(wantsRestart(instance(), rowOf(propose(none, instance(), 'autostart', true)))).toBe(false);
  });
});
