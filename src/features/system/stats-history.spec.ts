import { describe, expect, it } from '@jest/globals';
import type { SystemStats } from '../../contracts/system.js';
import { MAX_POINTS } from './domain/time-columns.js';
import { StatsHistoryKeeper } from './stats-history.js';

const START_MS = 1_800_000_000_000;

function stats(cpu: number, ids: number[] = [], gpuLoad: number | null = null): SystemStats {
  return {
    cpu_percent: cpu,
    memory_used_bytes: 12e9,
    disk_total_bytes: 100e9,
    disk_free_bytes: 60e9,
    load_1: cpu / 50,
    gpus:
      gpuLoad === null
        ? []
        : [
            {
              index: 0,
              utilization_percent: gpuLoad,
              memory_used_bytes: null,
              temperature_celsius: 61,
              power_watts: null,
            },
          ],
    instances: ids.map((id) => ({
      id,
      cpu_percent: id * 10,
      memory_bytes: 1e9,
      process_count: 1,
      vram_bytes: null,
    })),
  } as unknown as SystemStats;
}

function keeper() {
  const clock = { nowMs: START_MS };
  return { clock, history: new StatsHistoryKeeper(() => clock.nowMs) };
}

describe('the history', () => {
  it('is empty at first', () => {
    expect(keeper().history.read()).toEqual({
      at_ms: [],
      cpu_percent: [],
      memory_used_bytes: [],
      disk_used_bytes: [],
      load_1: [],
      gpus: [],
      instances: [],
    });
  });

  it('has columns that belong together, null where nothing was known', () => {
    const { clock, history } = keeper();
    history.add(stats(10));
    clock.nowMs += 2000;
    history.add(stats(20, [7], 55));
    clock.nowMs += 30_000;
    history.add(stats(30.04, [], 60));
    const read = history.read();
    expect(read.at_ms).toEqual([START_MS, START_MS + 2000, START_MS + 32_000]);
    expect(read.cpu_percent).toEqual([10, 20, 30]);
    expect(read.memory_used_bytes[0]).toBeCloseTo(12e9, -4);
    expect(read.gpus).toEqual([
      {
        index: 0,
        utilization_percent: [null, 55, 60],
        memory_used_bytes: [null, null, null],
        temperature_celsius: [null, 61, 61],
        power_watts: [null, null, null],
      },
    ]);
    expect(read.disk_used_bytes[2]).toBeCloseTo(40e9, -4);
    expect(read.load_1).toEqual([0.2, 0.4, 0.6]);
    expect(read.instances).toEqual([
      {
        id: 7,
        cpu_percent: [null, 70, null],
        memory_bytes: [null, 1e9, null],
        vram_bytes: [null, null, null],
      },
    ]);
  });

  it('leaves out the instances that nobody asked for', () => {
    const { history } = keeper();
    history.add(stats(10, [3, 7]));
    expect(history.read(7).instances.map(({ id }) => id)).toEqual([7]);
    expect(history.read(0).instances).toEqual([]);
    expect(history.read().instances).toHaveLength(2);
  });

  it('keeps an hour and no more points than fit into one', () => {
    const { clock, history } = keeper();
    for (let count = 0; count < 5000; count += 1) {
      history.add(stats(count % 100, [1 + Math.floor(count / 1000)]));
      clock.nowMs += 2000;
    }
    const read = history.read();
    expect(read.at_ms.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(read.at_ms.length).toBeGreaterThan(MAX_POINTS - 10);
    expect(read.at_ms).toEqual([...read.at_ms].sort((a, b) => a - b));
    expect(read.cpu_percent.at(-1)).toBe(99);
    expect(read.cpu_percent.at(-2)).toBe(98);
    // Those that came and went have dropped out.
    expect(read.instances.map(({ id }) => id)).toEqual([4, 5]);
    expect(read.instances[1]?.cpu_percent.at(-1)).toBe(50);
    expect(read.instances[0]?.cpu_percent.at(-1)).toBeNull();
    clock.nowMs += 3_500_000;
    expect(history.read().at_ms.length).toBeLessThan(60);
  });

  it('begins anew when the clock is set back', () => {
    const { clock, history } = keeper();
    history.add(stats(1, [1]));
    clock.nowMs -= 86_400_000;
    history.add(stats(2));
    clock.nowMs += 1;
    expect(history.read()).toMatchObject({ at_ms: [clock.nowMs - 1], cpu_percent: [2], instances: [] });
  });
});
