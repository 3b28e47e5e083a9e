import { describe, expect, it } from '@jest/globals';
import type { InstanceFigures, SystemStats } from '../../../contracts/system.js';
import { FigureChanges } from './figure-changes.js';

const figures = (id: number, more: Partial<InstanceFigures> = {}): InstanceFigures => ({
  id,
  cpu_percent: 10,
  memory_bytes: 1e9,
  process_count: 3,
  vram_bytes: 5,
  ...more,
});
const stats = (...instances: InstanceFigures[]) => ({ instances, has_all_instances: true }) as SystemStats;
const told = ({ instances, has_all_instances: hasAll }: SystemStats) => [
  hasAll,
  instances.map(({ id }) => id),
];

describe('a message of figures', () => {
  it('has all instances at first, then those that changed', () => {
    const changes = new FigureChanges();
    expect(told(changes.since(stats(figures(1), figures(2))))).toEqual([true, [1, 2]]);
    expect(told(changes.since(stats(figures(1), figures(2))))).toEqual([false, []]);
    expect(told(changes.since(stats(figures(1), figures(2, { cpu_percent: 11 }), figures(3))))).toEqual([
      false,
      [2, 3],
    ]);
    changes.reset();
    expect(told(changes.since(stats(figures(1))))).toEqual([true, [1]]);
  });

  it('is not kept from telling of small steps in one direction', () => {
    const changes = new FigureChanges();
    changes.since(stats(figures(1)));
    expect(told(changes.since(stats(figures(1, { cpu_percent: 10.3 }))))).toEqual([false, []]);
    expect(told(changes.since(stats(figures(1, { cpu_percent: 10.6 }))))).toEqual([false, [1]]);
  });

  it.each([[{ memory_bytes: 1.01e9 }], [{ process_count: 4 }], [{ vram_bytes: null }], [{ cpu_percent: 0 }]])(
    'tells of %j',
    (more) => {
      const changes = new FigureChanges();
      changes.since(stats(figures(1)));
      expect(told(changes.since(stats(figures(1, more))))).toEqual([false, [1]]);
    },
  );

  it('has all again when one is gone, so that nobody goes on showing it', () => {
    const changes = new FigureChanges();
    changes.since(stats(figures(1), figures(2)));
    expect(told(changes.since(stats(figures(2))))).toEqual([true, [2]]);
    expect(told(changes.since(stats()))).toEqual([true, []]);
    expect(told(changes.since(stats(figures(1))))).toEqual([true, [1]]);
    expect(told(changes.since(stats(figures(1), figures(2))))).toEqual([false, [2]]);
  });
});
