import { describe, expect, it } from '@jest/globals';
import { tmpdir, totalmem } from 'node:os';
import { GroupMemory } from './group-memory.js';
import { cpuPercent, readCpuTimes, readDisk, readLoad1, readMemory } from './machine-metrics.js';

describe('the load between two readings', () => {
  it.each([
    [{ busy: 0, total: 0 }, { busy: 50, total: 200 }, 25],
    [{ busy: 10, total: 100 }, { busy: 110, total: 200 }, 100],
    [{ busy: 10, total: 100 }, { busy: 10, total: 200 }, 0],
    // Readings of one moment, and counters of a virtual machine that run backwards.
    [{ busy: 10, total: 100 }, { busy: 10, total: 100 }, 0],
    [{ busy: 10, total: 100 }, { busy: 5, total: 200 }, 0],
    [{ busy: 0, total: 100 }, { busy: 300, total: 200 }, 100],
  ])('%j to %j is %d %%', (before, after, percent) => expect(cpuPercent(before, after)).toBe(percent));
});

describe('the machine', () => {
  it('tells of its processors, its memory, its disk', async () => {
    const before = readCpuTimes();
    const endMs = performance.now() + 120;
    while (performance.now() < endMs) Math.sqrt(endMs);
    const after = readCpuTimes();
    expect(after.total).toBeGreaterThan(before.total);
    expect(cpuPercent(before, after)).toBeGreaterThan(0);

    const memory = readMemory(new GroupMemory('/nowhere'));
    expect(memory.totalBytes).toBe(totalmem());
    expect(memory.usedBytes).toBeGreaterThan(0);
    expect(memory.usedBytes).toBeLessThan(memory.totalBytes);

    const disk = await readDisk(tmpdir());
    expect(disk.freeBytes).toBeGreaterThan(0);
    expect(disk.freeBytes).toBeLessThanOrEqual(disk.totalBytes);
    expect(readLoad1()).toBeGreaterThanOrEqual(0);
  });
});
