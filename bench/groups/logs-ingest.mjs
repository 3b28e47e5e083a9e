import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { number, times } from '../lib/format.mjs';
import { BLUEPRINTS, REFERENCE } from '../lib/places.mjs';
import { cpuMs, parentOf } from '../lib/proc.mjs';
import { pidOf, start, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { until } from '../lib/wait.mjs';

const FULL_BYTES = 500_000_000;
const QUICK_BYTES = 50_000_000;

/** P11: what a flood of output costs the process that must stay responsive. */
export const logsIngest = {
  ids: ['P11'],
  title: 'CPU of the manager while an instance prints',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const floodBytes = bench.isQuick ? QUICK_BYTES : FULL_BYTES;
    const aikore = await Aikore.start(join(bench.scratch, 'ingest'));
    try {
      /** @type {number[]} */
      const runnerMs = [];
      const instance = await aikore.create('Flood', 'bench-flood', {
        env: { FLOOD_BYTES: String(floodBytes) },
      });
      const outcome = await inTurn({ ...bench, rounds: Math.min(bench.rounds, 3), budgetMs: 60_000 }, [
        { name: 'aikore', run: () => throughAikore(aikore, instance, floodBytes, runnerMs) },
        { name: 'pipe', run: () => throughNode(join(bench.scratch, 'ingest-pipe'), floodBytes) },
      ]);
      return [rowOf(outcome, floodBytes, runnerMs)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * Lets the script print and waits until its log has all of it.
 * @param {string} folder of the script
 * @param {() => number} size of the log
 * @param {number} floodBytes
 */
async function flood(folder, size, floodBytes) {
  appendFileSync(join(folder, 'go'), 'go\n');
  await until('the log is complete', () => size() >= floodBytes, { everyMs: 10, limitMs: 60_000 });
}

/** @param {string} file */
const sizeOf = (file) => (existsSync(file) ? statSync(file).size : 0);

/**
 * A log that grows is cut into files.
 * @param {string} home of the instance
 */
function loggedBytes(home) {
  const old = join(home, 'logs');
  const files = existsSync(old) ? readdirSync(old).filter((file) => file.endsWith('.log')) : [];
  return files.reduce((sum, file) => sum + sizeOf(join(old, file)), sizeOf(join(home, 'output.log')));
}

/**
 * @param {Aikore} aikore
 * @param {import('../lib/events.mjs').Instance} instance
 * @param {number} floodBytes
 * @param {number[]} runnerMs
 */
async function throughAikore(aikore, instance, floodBytes, runnerMs) {
  const folder = aikore.home(instance);
  const { pid } = await aikore.start(instance.id);
  const runner = parentOf(Number(pid));
  await until('the script waits', () => existsSync(join(folder, 'go')));
  const before = cpuMs(aikore.pid);
  const runnerBefore = cpuMs(runner);
  await flood(folder, () => loggedBytes(folder), floodBytes);
  const usedMs = cpuMs(aikore.pid) - before;
  runnerMs.push(cpuMs(runner) - runnerBefore);
  await aikore.kill(instance.id);
  // The logs of earlier runs are kept, which is not what is measured here.
  rmSync(join(folder, 'logs'), { recursive: true, force: true });
  rmSync(join(folder, 'go'), { force: true });
  return usedMs;
}

/**
 * @param {string} folder
 * @param {number} floodBytes
 */
async function throughNode(folder, floodBytes) {
  mkdirSync(folder);
  const log = join(folder, 'output.log');
  const manager = start({
    cpu: SUBJECT_CPU,
    command: process.execPath,
    args: [join(REFERENCE, 'pipe-logger.mjs'), join(BLUEPRINTS, 'bench-flood.sh'), log],
    env: { ...process.env, INSTANCE_CONF_DIR: folder, FLOOD_BYTES: String(floodBytes) },
  });
  await until('the script waits', () => existsSync(join(folder, 'go')));
  const before = cpuMs(pidOf(manager));
  await flood(folder, () => sizeOf(log), floodBytes);
  const usedMs = cpuMs(pidOf(manager)) - before;
  await stop(manager);
  rmSync(folder, { recursive: true });
  return usedMs;
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {number} floodBytes
 * @param {number[]} runnerMs
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome, floodBytes, runnerMs) {
  const { aikore = [], pipe = [] } = outcome.series;
  const less = ratio(pipe, aikore);
  return {
    id: 'P11',
    metric: `CPU of the manager while an instance prints ${floodBytes / 1e6} MB`,
    ours: `${number(median(aikore) / 1000)} s`,
    anchor: `pipe through Node ${number(median(pipe) / 1000)} s`,
    ratio: `${times(less)} less`,
    goal: '≤ 0.05 s, ≥ 30× less',
    met: less.median >= 30,
    note: `the work is done by the runner, in ${number(median(runnerMs) / 1000)} CPU-s. ${roundsNote(outcome)}.`,
    raw: { ...outcome, runnerMs },
  };
}
