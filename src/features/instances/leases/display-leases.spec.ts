import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DisplayUse } from '../../../host/xserver/display-probe.js';
import type { InstanceEntity } from '../instance.entity.js';
import { DisplayLeases } from './display-leases.js';

const row = (id: number, persistent_display: number | null, persistent_mode = true): InstanceEntity =>
  ({ id, persistent_mode, persistent_display }) as InstanceEntity;

describe('a lease of a display', () => {
  let rows: InstanceEntity[];
  let saved: [number, number][];
  const uses = new Map<number, DisplayUse>();
  const quicker = new Set<number>();
  const leases = new DisplayLeases({
    rows: () => rows,
    save: (id, display) => {
      saved.push([id, display]);
      return Promise.resolve();
    },
    probe: (display) => Promise.resolve(uses.get(display) ?? 'free'),
    reserve: (display) => Promise.resolve(!quicker.has(display)),
    clean: (display) => Promise.resolve(uses.delete(display)),
  });

  beforeEach(() => {
    [rows, saved] = [[], []];
    uses.clear();
    quicker.clear();
  });

  it('is only for instances with a desktop', async () => {
    const plain = row(1, null, false);
    expect(await leases.confirm(plain)).toBe('');
    expect([plain.persistent_display, saved]).toEqual([null, []]);
  });

  it('begins at :10 and passes over what is taken or another instance has', async () => {
    uses.set(10, 'taken');
    const mine = row(1, null);
    rows = [mine, row(2, 11)];
    expect(await leases.confirm(mine)).toBe('');
    expect([mine.persistent_display, saved]).toEqual([12, [[1, 12]]]);
  });

  it('is another one when somebody was quicker', async () => {
    quicker.add(10);
    const mine = row(1, null);
    rows = [mine];
    await leases.confirm(mine);
    expect(mine.persistent_display).toBe(11);
  });

  it('is kept while nobody else has the display, leftovers of a dead server cleared away', async () => {
    uses.set(20, 'stale');
    rows = [row(1, 20)];
    expect(await leases.confirm(row(1, 20))).toBe('');
    expect([saved, uses.has(20)]).toEqual([[], false]);
  });

  it('is healed when something else took the display, and says so', async () => {
    uses.set(20, 'taken');
    const mine = row(1, 20);
    rows = [mine];
    expect(await leases.confirm(mine)).toBe('Its display :20 was taken, so it got :10.');
    expect(saved).toEqual([[1, 10]]);
  });

  it('gives two that ask at once different displays', async () => {
    rows = Array.from({ length: 20 }, (_, index) => row(index, null));
    await Promise.all(rows.map((each) => leases.confirm(each)));
    expect(new Set(rows.map((each) => each.persistent_display)).size).toBe(20);
  });

  it('fails with a sentence when none is left', async () => {
    for (let display = 10; display <= 499; display += 1) uses.set(display, 'taken');
    await expect(leases.confirm(row(1, null))).rejects.toThrow('No display between :10 and :499 is free.');
  });
});
