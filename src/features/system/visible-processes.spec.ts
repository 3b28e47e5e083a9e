import { describe, expect, it } from '@jest/globals';
import type { Gpu } from '../../contracts/system.js';
import { visibleProcesses } from './visible-processes.js';
import type { PidView } from './visible-processes.js';

const card = (used: number | null) => [{ index: 0, memory_used_bytes: used }] as Gpu[];
const BUSY = card(8e9);
const host: PidView = {
  hasHostPids: () => true,
  exists: () => true,
  gpuHolders: (pids) => Promise.resolve(new Set(pids)),
};
const container = (own: number[], strangers: number[] = []): PidView => ({
  hasHostPids: () => false,
  exists: (pid) => own.includes(pid) || strangers.includes(pid),
  gpuHolders: (pids) => Promise.resolve(new Set(pids.filter((pid) => own.includes(pid)))),
});
const listed = [
  { pid: 5, memoryBytes: 100 },
  { pid: 6, memoryBytes: 200 },
];

describe("the driver's list of processes", () => {
  it('counts as it is where its pids are ours', async () => {
    expect(await visibleProcesses(BUSY, listed, host)).toEqual(listed);
    // Something that draws holds the memory; nobody computes.
    expect(await visibleProcesses(BUSY, [], host)).toEqual([]);
  });

  it('counts in a container for those that have a card open', async () => {
    expect(await visibleProcesses(BUSY, listed, container([5], [6]))).toEqual([listed[0]]);
  });

  it.each([
    ['names pids of the machine that are nobody here', BUSY, listed, container([])],
    ['names pids that are by chance somebody else here', BUSY, listed, container([], [5, 6])],
    ['is empty although memory is in use', BUSY, [], container([])],
    ['is empty and the card does not tell either', card(null), [], container([])],
    ['cannot be had', BUSY, null, host],
    ['tells no sizes', BUSY, [{ pid: 5, memoryBytes: null }], host],
  ])('is none when it %s', async (_why, gpus, list, view) => {
    expect(await visibleProcesses(gpus, list, view)).toBeNull();
  });

  it('is empty in a container whose card is idle', async () => {
    expect(await visibleProcesses(card(4e6), [], container([]))).toEqual([]);
  });
});
