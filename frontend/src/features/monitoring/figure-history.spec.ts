import { describe, expect, it } from '@jest/globals';
import type { StatsHistory, SystemStats } from '../../../../src/contracts/system.js';
import { FigureHistory } from './figure-history.js';

const START_MS = 1_800_000_000_000;

function stats(atMs: number, cpu: number, instances: number[] = []): SystemStats {
  return {
    at: new Date(atMs).toISOString(),
    cpu_percent: cpu,
    memory_used_bytes: 1,
    disk_total_bytes: 10,
    disk_free_bytes: 4,
    load_1: 0.5,
    gpus: [
      {
        index: 0,
        utilization_percent: null,
        memory_used_bytes: 3,
        temperature_celsius: 50,
        power_watts: null,
      },
    ],
    instances: instances.map((id) => ({
      id,
      cpu_percent: id,
      memory_bytes: id * 100,
      process_count: 1,
      vram_bytes: null,
    })),
  } as unknown as SystemStats;
}

const HISTORY: StatsHistory = {
  at_ms: [START_MS, START_MS + 2000],
  cpu_percent: [1, 2],
  memory_used_bytes: [1, 1],
  disk_used_bytes: [6, 6],
  load_1: [0, 0],
  gpus: [],
  instances: [{ id: 7, cpu_percent: [null, 3], memory_bytes: [null, 4], vram_bytes: [null, null] }],
};

describe('the history of figures', () => {
  it('continues what the server kept', () => {
    const history = new FigureHistory();
    history.fill(HISTORY, 7, null);
    history.add(stats(START_MS + 4000, 9, [7, 8]));
    expect(history.timesMs).toHaveLength(3);
    expect(history.column('cpu')).toEqual([1, 2, 9]);
    expect(history.column('disk')).toEqual([6, 6, 6]);
    expect(history.column('own cpu')).toEqual([null, 3, 7]);
    expect(history.column('gpu 0 temperature')).toEqual([null, null, 50]);
    expect(history.column('gpu 0 load')).toEqual([]);
  });

  it('takes no point twice and none from before', () => {
    const history = new FigureHistory();
    history.fill(HISTORY, null, stats(START_MS + 2000, 5));
    history.add(stats(START_MS + 1000, 5));
    history.add({ ...stats(START_MS, 5), at: 'nonsense' });
    expect(history.column('cpu')).toEqual([1, 2]);
  });

  it('forgets the past of an instance that is not watched any more', () => {
    const history = new FigureHistory();
    history.fill(HISTORY, 7, null);
    history.watch(8);
    history.add(stats(START_MS + 4000, 9, [7, 8]));
    expect(history.column('own cpu')).toEqual([null, null, 8]);
    expect(history.column('own memory')).toEqual([null, null, 800]);
  });

  it('is an hour long and its columns stay equally long', () => {
    const history = new FigureHistory();
    history.watch(1);
    for (let row = 0; row < 4000; row += 1) {
      history.add(stats(START_MS + row * 2000, row, row % 3 === 0 ? [1] : []));
    }
    expect(history.timesMs.length).toBeLessThanOrEqual(1800 + 122);
    expect(history.timesMs.length).toBeGreaterThanOrEqual(1800);
    for (const name of ['cpu', 'memory', 'gpu 0 memory', 'own cpu']) {
      expect(history.column(name)).toHaveLength(history.timesMs.length);
    }
    expect(history.column('cpu').at(-1)).toBe(3999);
  });
});
