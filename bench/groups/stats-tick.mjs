import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SUBJECT_CPU, onCpu } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { ms, number, times } from '../lib/format.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { cpuMs } from '../lib/proc.mjs';
import { pidOf, start, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, spread } from '../lib/statistics.mjs';

/** @typedef {import('../lib/processes.mjs').ChildProcess} ChildProcess */
/** @typedef {{ cpuMsPerTick: number, spawnedPerTick: number }} Cost */

const run = promisify(execFile);
const TREES = 50;
/** A shell with two children: three processes. */
const TREE = 'sleep 3600 & sleep 3600 & wait';

/** P24: what it costs to take the figures of every instance's process tree, and how true they are. */
export const statsTick = {
  ids: ['P24'],
  title: 'figures of 50 process trees',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<import('../lib/report.mjs').Row[]>}
   */
  async run(bench) {
    const ticks = bench.isQuick ? 3 : 8;
    const shells = Array.from({ length: TREES }, startTree);
    try {
      await delay(500);
      const roots = shells.map(pidOf);
      /** @type {Record<string, Cost>} */
      const newest = {};
      const side = (/** @type {string} */ name, /** @type {number} */ count) => ({
        name,
        run: async () => (newest[name] = await measure(name, count, roots)).cpuMsPerTick,
      });
      const outcome = await inTurn(bench, [
        side('aikore', ticks),
        side('systeminformation', Math.ceil(ticks / 3)),
        side('ps', Math.ceil(ticks / 3)),
      ]);
      const errorPercent = await measureError(bench);
      return [rowOf(outcome, newest['aikore']?.spawnedPerTick ?? Number.NaN, errorPercent)];
    } finally {
      await Promise.all(shells.map(endTree));
    }
  },
};

function startTree() {
  return start({
    cpu: SUBJECT_CPU,
    command: 'sh',
    args: ['-c', TREE],
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

/** Children of a shell do not end with it. @param {ChildProcess} shell */
async function endTree(shell) {
  const pid = pidOf(shell);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  await stop(shell);
  for (const child of children) process.kill(Number(child), 'SIGKILL');
}

/**
 * @param {string} way
 * @param {number} ticks
 * @param {number[]} roots
 * @returns {Promise<Cost>}
 */
async function measure(way, ticks, roots) {
  const script = join(REFERENCE, 'stats-tick.mjs');
  const [command, args] = onCpu(SUBJECT_CPU, process.execPath, [
    script,
    way,
    String(ticks),
    ...roots.map(String),
  ]);
  return JSON.parse((await run(command, args)).stdout);
}

/**
 * How far AiKore's CPU of a busy instance is from what the kernel counts in nanoseconds, in percent.
 * @param {import('../run.mjs').Bench} bench
 */
async function measureError(bench) {
  const aikore = await Aikore.start(join(bench.scratch, 'figures'));
  try {
    const { id } = await aikore.create('Busy', 'bench-busy');
    const { pid } = await aikore.start(id);
    const total = async () => {
      const before = cpuMs(Number(pid));
      const text = (await aikore.api('GET', '/metrics')).body;
      const truth = (before + cpuMs(Number(pid))) / 2;
      const found = /^aikore_instance_cpu_seconds_total\{[^}]*\} (\S+)$/m.exec(text);
      return { truth, told: Number(found?.[1]) * 1000 };
    };
    const first = await total();
    await delay(bench.isQuick ? 4000 : 15_000);
    const second = await total();
    const truth = second.truth - first.truth;
    return (Math.abs(second.told - first.told - truth) / truth) * 100;
  } finally {
    await aikore.stop();
  }
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {number} spawnedPerTick
 * @param {number} errorPercent
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome, spawnedPerTick, errorPercent) {
  const { aikore = [], systeminformation = [], ps = [] } = outcome.series;
  const ours = median(aikore);
  const ratio = spread(systeminformation.map((value, round) => value / (aikore[round] ?? Number.NaN)));
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  return {
    id: 'P24',
    metric: `one look at ${TREES} trees of 3 processes (${processes} on the machine), CPU`,
    ours: `${ms(ours)}, ${number(spawnedPerTick)} programs started, error of CPU ${number(errorPercent)} %`,
    anchor: `si.processes() ${ms(median(systeminformation))}; one \`ps -e\` ${ms(median(ps))}`,
    ratio: `${times(ratio)} less than si.processes()`,
    goal: '≤ 15 ms, ≥ 20× less, 0 started, ≤ 3 %',
    met: ours <= 15 && ratio.median >= 20 && spawnedPerTick === 0 && errorPercent <= 3,
    note: `own CPU and that of the programs started; ${roundsNote(outcome)}.`,
    raw: { ...outcome.series, spawnedPerTick, errorPercent },
  };
}
