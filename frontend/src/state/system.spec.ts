import { describe, expect, it } from '@jest/globals';
import type { SystemStats } from '../../../src/contracts/system.js';
import { extendHistory, withUnchanged } from './system.js';

const stats = (cpu: number, gpus: [number, number][] = []): SystemStats =>
  ({
    cpu_percent: cpu,
    memory_used_bytes: 1,
    memory_total_bytes: 4,
    gpus: gpus.map(([index, used]) => ({ index, memory_used_bytes: used, memory_total_bytes: 10 })),
  }) as SystemStats;

const EMPTY = { cpu: [], memory: [], gpus: new Map<number, readonly number[]>() };

describe('extendHistory', () => {
  it('keeps shares between nothing and all', () => {
    const history = extendHistory(extendHistory(EMPTY, stats(50)), stats(140));
    expect(history.cpu).toEqual([0.5, 1]);
    expect(history.memory).toEqual([0.25, 0.25]);
  });

  it('forgets what is older than the drawing', () => {
    let history: ReturnType<typeof extendHistory> = EMPTY;
    for (let index = 0; index < 100; index += 1) history = extendHistory(history, stats(index));
    expect(history.cpu).toHaveLength(40);
    expect(history.cpu.at(-1)).toBe(0.99);
  });

  it('follows GPUs that come and go', () => {
    const first = extendHistory(
      EMPTY,
      stats(0, [
        [0, 5],
        [1, 2],
      ]),
    );
    const second = extendHistory(first, stats(0, [[1, 4]]));
    expect([...second.gpus]).toEqual([[1, [0.2, 0.4]]]);
  });
});

describe('withUnchanged', () => {
  const figures = (cpus: Record<number, number>, hasAll: boolean) =>
    ({
      instances: Object.entries(cpus).map(([id, cpu]) => ({ id: Number(id), cpu_percent: cpu })),
      has_all_instances: hasAll,
    }) as SystemStats;
  const shown = ({ instances }: SystemStats) =>
    Object.fromEntries(instances.map(({ id, cpu_percent }) => [id, cpu_percent]));

  it('keeps the figures of instances that a message leaves out', () => {
    const all = withUnchanged(figures({ 1: 10, 2: 20 }, true), figures({ 2: 25, 3: 1 }, false));
    expect(shown(all)).toEqual({ 1: 10, 2: 25, 3: 1 });
  });

  it('forgets those that are not in a whole message', () => {
    expect(shown(withUnchanged(figures({ 1: 10 }, true), figures({ 2: 5 }, true)))).toEqual({ 2: 5 });
    expect(shown(withUnchanged(null, figures({ 2: 5 }, false)))).toEqual({ 2: 5 });
  });
});
