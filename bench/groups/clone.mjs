import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { Aikore } from '../lib/aikore.mjs';
import { megabytes, ms, times } from '../lib/format.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { until } from '../lib/wait.mjs';

const run = promisify(execFile);
const GIGABYTES = 2;
const LIMIT_MS = 600_000;
const ENDS = ['done', 'failed', 'cancelled'];

/** E2: a second instance of what is installed already. */
export const clone = {
  ids: ['E2'],
  title: `clone of an environment of ${GIGABYTES} GB`,
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'clone'));
    try {
      const instance = await aikore.create('source', 'bench-idle');
      const home = aikore.home(instance);
      await run('python3', [join(REFERENCE, 'make-environment.py'), join(home, 'env'), String(GIGABYTES)]);
      await run('sync');
      /** @type {Record<string, number[]>} */
      const taken = { clone: [], copy: [] };
      const sides = [
        { name: 'clone', run: () => measured(taken.clone, home, () => cloned(aikore, instance.id)) },
        { name: 'copy', run: () => measured(taken.copy, home, () => copied(home)) },
      ];
      return [rowOf(await inTurn({ ...bench, budgetMs: 120_000 }, sides), taken)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * Notes what a copy takes of the disk, and removes it again.
 * @param {number[] | undefined} taken
 * @param {string} folder on the disk in question
 * @param {() => Promise<{ tookMs: number, remove: () => Promise<void> }>} make
 */
async function measured(taken, folder, make) {
  const before = await freeBytes(folder);
  const { tookMs, remove } = await make();
  taken?.push(before - (await freeBytes(folder)));
  await remove();
  await run('sync');
  return tookMs;
}

/**
 * @param {Aikore} aikore
 * @param {number} id
 */
async function cloned(aikore, id) {
  const beganMs = performance.now();
  const answer = await aikore.api('POST', `/api/instances/${id}/copy`, { new_name: 'copy' });
  const operation = JSON.parse(answer.body);
  const isOver = async () => {
    const all = JSON.parse((await aikore.api('GET', '/api/operations')).body);
    const {
      phase,
      message,
      instance_id: made,
    } = all.find((/** @type {{ id: string }} */ each) => each.id === operation.id);
    if (phase === 'failed') throw new Error(message);
    operation.instance_id = made;
    return ENDS.includes(phase);
  };
  await until('the clone is there', isOver, { everyMs: 20, limitMs: LIMIT_MS });
  const tookMs = performance.now() - beganMs;
  const home = join(aikore.dataDir, 'instances', 'copy');
  const remove = async () => {
    await aikore.api('DELETE', `/api/instances/${operation.instance_id}?mode=permanent`);
    const isGone = () => !existsSync(home) && !readTrash(aikore.dataDir);
    await until('the clone is gone', isGone, { limitMs: LIMIT_MS });
  };
  return { tookMs, remove };
}

/** Whether what is deleted for ever still takes room. @param {string} dataDir */
function readTrash(dataDir) {
  return readdirSync(join(dataDir, 'trashcan')).some((name) => name.startsWith('.deleting'));
}

/** As the clone does, it ends when everything is on the disk. @param {string} home */
async function copied(home) {
  const target = `${home}.copy`;
  const beganMs = performance.now();
  await run('cp', ['-a', home, target]);
  await run('sync', ['-f', target]);
  const tookMs = performance.now() - beganMs;
  return { tookMs, remove: () => rm(target, { recursive: true }) };
}

/** @param {string} folder */
async function freeBytes(folder) {
  await run('sync', ['-f', folder]);
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {Record<string, number[]>} taken
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome, taken) {
  const { clone: ours = [], copy = [] } = outcome.series;
  const [share, whole] = [median(taken['clone'] ?? []), median(taken['copy'] ?? [])];
  return {
    id: 'E2',
    metric: `clone of an environment of ${GIGABYTES} GB, 40,000 files, on the disk`,
    ours: `${ms(median(ours))}, ${megabytes(share)} of disk`,
    anchor: `\`cp -a\` and sync ${ms(median(copy))}, ${megabytes(whole)}`,
    ratio: `${times(ratio(copy, ours))} faster`,
    goal: '≤ 0.5× `cp -a`, ≤ 10 % of its disk',
    met: median(ours) <= 0.5 * median(copy) && share <= 0.1 * whole,
    note: `${roundsNote(outcome)}. ${kindOf()}`,
    raw: { ...outcome, taken },
  };
}

function kindOf() {
  const filesystem = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, place]) => place === '/')?.[2];
  return `The file system of / is ${filesystem ?? 'unknown'}; with hard links for what packages have installed where there are no reflinks.`;
}
