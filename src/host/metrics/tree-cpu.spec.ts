import { describe, expect, it } from '@jest/globals';
import type { ProcessStat } from './process-table.js';
import { TreeCpu } from './tree-cpu.js';

function process(pid: number, ownTicks: number, reapedTicks = 0, startTicks = '1'): ProcessStat {
  return { pid, parentPid: 1, startTicks, isZombie: false, ownTicks, reapedTicks, residentPages: 1 };
}

const tree = (descendants: ProcessStat[], runner = process(1, 0)) => ({ root: runner, descendants });

describe('the CPU of a tree from look to look', () => {
  it('is not known at the first one', () => {
    expect(new TreeCpu().look(tree([process(2, 100, 20)]))).toEqual({ usedTicks: null, totalTicks: 120 });
  });

  it('is what its processes used, without the runner', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100), process(3, 10)], process(1, 1000)));
    expect(cpu.look(tree([process(2, 150), process(3, 15)], process(1, 9000)))).toEqual({
      usedTicks: 55,
      totalTicks: 165,
    });
  });

  it('counts children that lived and ended in between once', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100)]));
    expect(cpu.look(tree([process(2, 101, 40)])).usedTicks).toBe(41);
  });

  it('does not count again what a child had used when it was still seen', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100), process(3, 5000)]));
    // It ended after 30 more, and its parent waited for it.
    expect(cpu.look(tree([process(2, 100, 5030)])).usedTicks).toBe(30);
  });

  it('counts orphans that the runner waited for', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100), process(3, 50)]));
    expect(cpu.look(tree([process(2, 100)], process(1, 0, 60))).usedTicks).toBe(10);
  });

  it('is not hidden by a child whose parent inherits nothing', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100), process(3, 5000)]));
    expect(cpu.look(tree([process(2, 170)]))).toEqual({ usedTicks: 70, totalTicks: 5170 });
    expect(cpu.look(tree([process(2, 180)]))).toEqual({ usedTicks: 10, totalTicks: 5180 });
  });

  it('takes a recycled pid for another process', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100), process(3, 5000, 0, '10')]));
    expect(cpu.look(tree([process(2, 100), process(3, 7, 0, '99')])).usedTicks).toBe(7);
  });

  it('begins anew with another run', () => {
    const cpu = new TreeCpu();
    cpu.look(tree([process(2, 100)], process(1, 0, 0, '5')));
    expect(cpu.look(tree([process(2, 3)], process(1, 0, 0, '6')))).toEqual({
      usedTicks: null,
      totalTicks: 3,
    });
  });
});
