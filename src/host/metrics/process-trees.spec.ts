import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { kernelUnits, parseAuxiliaryVector } from './kernel-units.js';
import { parseProcessStat, readProcessTable } from './process-table.js';
import type { ProcessStat } from './process-table.js';
import { findTrees } from './process-trees.js';

const statText = (name: string) =>
  `42 (${name}) S 7 42 42 0 -1 4194304 1 2 3 4 150 50 30 20 20 0 9 0 777 104857600 2560 18446744073709551615 1 1\n`;

const stat = (pid: number, parentPid: number, startTicks = '1'): ProcessStat => ({
  pid,
  parentPid,
  startTicks,
  isZombie: false,
  ownTicks: 0,
  reapedTicks: 0,
  residentPages: 0,
});

const tableOf = (...stats: ProcessStat[]) => new Map(stats.map((entry) => [entry.pid, entry]));

function pidsOf(table: Map<number, ProcessStat>, roots: [string, number, string?][]) {
  const wanted = new Map(roots.map(([key, pid, startTicks = '1']) => [key, { pid, startTicks }]));
  return Object.fromEntries(
    [...findTrees(table, wanted)].map(([key, tree]) => [key, tree.descendants.map(({ pid }) => pid)]),
  );
}

describe('/proc/<pid>/stat', () => {
  it.each(['python3', 'a b', ') S 1 (', '((('])('is read with a command named %j', (name) => {
    expect(parseProcessStat(42, statText(name))).toEqual({
      pid: 42,
      parentPid: 7,
      isZombie: false,
      startTicks: '777',
      ownTicks: 200,
      reapedTicks: 50,
      residentPages: 2560,
    });
  });

  it.each(['', '42', '42 (a) S 1', 'no parenthesis at all'])('is nothing when it is cut: %j', (text) =>
    expect(parseProcessStat(42, text)).toBeNull(),
  );
});

describe('the trees of a table', () => {
  it('hold everything that descends from a root, however deep, and nothing else', () => {
    const table = tableOf(
      stat(1, 0),
      stat(10, 1),
      stat(11, 10),
      stat(13, 12),
      stat(12, 11),
      stat(20, 1),
      stat(21, 20),
    );
    expect(
      pidsOf(table, [
        ['a', 10],
        ['b', 20],
      ]),
    ).toEqual({ a: [11, 13, 12], b: [21] });
  });

  it('give a process to the nearer of two roots', () => {
    const table = tableOf(stat(10, 1), stat(11, 10), stat(12, 11), stat(13, 12));
    expect(
      pidsOf(table, [
        ['outer', 10],
        ['inner', 12],
      ]),
    ).toEqual({ outer: [11], inner: [13] });
  });

  it('are none for a root that has ended or whose pid is another process by now', () => {
    const table = tableOf(stat(10, 1, '500'), stat(11, 10));
    expect(
      pidsOf(table, [
        ['recycled', 10, '100'],
        ['gone', 99],
      ]),
    ).toEqual({});
  });

  it('do not hang on a ring', () => {
    const table = tableOf(stat(10, 1), stat(30, 31), stat(31, 30), stat(32, 32));
    expect(pidsOf(table, [['a', 10]])).toEqual({ a: [] });
  });
});

describe('this machine', () => {
  it('counts in the units that the C library tells', () => {
    const ask = (name: string) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
    expect(kernelUnits()).toEqual({ pageSizeBytes: ask('PAGESIZE'), ticksPerSecond: ask('CLK_TCK') });
    expect(parseAuxiliaryVector(Buffer.alloc(7))).toEqual({ pageSizeBytes: 4096, ticksPerSecond: 100 });
  });

  it('shows its processes with their parents', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const table = await readProcessTable();
      expect(table.get(process.pid)?.parentPid).toBe(process.ppid);
      expect(table.get(child.pid ?? 0)?.parentPid).toBe(process.pid);
      const startTicks = table.get(process.pid)?.startTicks ?? '';
      const trees = findTrees(table, new Map([['own', { pid: process.pid, startTicks }]]));
      expect(trees.get('own')?.descendants.map(({ pid }) => pid)).toContain(child.pid);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
