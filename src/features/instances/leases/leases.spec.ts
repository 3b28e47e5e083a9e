import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../../core/errors.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { DisplayLeases } from './display-leases.js';
import { Leases } from './leases.js';
import type { PortLeases } from './port-leases.js';
import type { PublishedLeases, PublishedUse } from './published-leases.js';

const FULL = new AppError('unavailable', 'NO_FREE_PUBLISHED_PORT', 'No port of the published range is free.');

const row = (change: Partial<InstanceEntity> = {}): InstanceEntity =>
  ({
    id: 1,
    pid: 100,
    access_mode: 'port',
    public_port: 80,
    persistent_mode: true,
    persistent_port: null,
    ...change,
  }) as InstanceEntity;

describe('the leases of an instance', () => {
  let asked: string[];
  let changed: number[];
  let isFull: boolean;

  const leases = (hasDesktops = true): Leases =>
    new Leases({
      ports: { confirm: () => Promise.resolve({ port: 21_000, note: 'Port.' }) } as unknown as PortLeases,
      displays: { confirm: () => Promise.resolve('Display.') } as unknown as DisplayLeases,
      published: {
        bringInside: (one: InstanceEntity, use: PublishedUse) => {
          asked.push(`inside ${use}`);
          if (one[use] === null) return Promise.resolve('');
          one[use] = 19_001;
          return Promise.resolve(`Moved ${use}.`);
        },
        confirm: (_one: InstanceEntity, use: PublishedUse) => {
          asked.push(`confirm ${use}`);
          return isFull ? Promise.reject(FULL) : Promise.resolve('Desktop.');
        },
        strayWarning: () => null,
      } as unknown as PublishedLeases,
      hasDesktops,
      changed: (id) => changed.push(id),
    });

  beforeEach(() => {
    [asked, changed, isFull] = [[], [], false];
  });

  it('are confirmed at a start; whoever follows addresses is told of another', async () => {
    const confirmed = await leases().confirm(row());
    expect(confirmed).toEqual({
      port: 21_000,
      note: 'Port. Display. Moved public_port. Desktop.',
      unreachable: null,
    });
    expect(changed).toEqual([1]);
  });

  it('hold no published port for what has none, nor for a desktop that cannot be made', async () => {
    await leases().confirm(row({ access_mode: 'path', persistent_mode: false }));
    await leases(false).confirm(row({ access_mode: 'path' }));
    expect([asked, changed]).toEqual([[], []]);
  });

  it('let an instance start whose desktop gets no address, which is said while it runs', async () => {
    isFull = true;
    const one = row({ access_mode: 'path' });
    const made = leases();
    expect((await made.confirm(one)).unreachable).toBe(FULL);
    expect(made.warningsOf(one)).toEqual([
      'Its desktop has no address: no port of the published range was free when it was started.',
    ]);
    expect(made.warningsOf(row({ access_mode: 'path', pid: null }))).toEqual([]);
    expect(leases(false).warningsOf(one)).toEqual([]);
  });

  it('that were moved when AiKore was started are told of until a start, or another port', async () => {
    const [one, made] = [row({ persistent_port: 81, pid: null }), leases()];
    expect(await made.bringInside(one)).toEqual(['Moved public_port.', 'Moved persistent_port.']);
    expect(made.warningsOf(one)).toHaveLength(2);
    one.public_port = 19_005;
    expect(made.warningsOf(one)).toEqual(['Moved persistent_port.']);
    await made.confirm(one);
    expect(made.warningsOf(one)).toEqual([]);
    expect(changed).toEqual([1]);
  });
});
