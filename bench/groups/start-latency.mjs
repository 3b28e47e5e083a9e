import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { ms, times } from '../lib/format.mjs';
import { ask } from '../lib/http-client.mjs';
import { BLUEPRINTS, REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, quantile, ratio } from '../lib/statistics.mjs';
import { freePort, until, untilListening } from '../lib/wait.mjs';

/** Wall-clock time in milliseconds, finer than Date.now(): what bash's EPOCHREALTIME is compared with. */
const wallMs = () => performance.timeOrigin + performance.now();

/** P18: from the click to the first line that the blueprint prints. */
export const startLatency = {
  ids: ['P18'],
  title: 'click → first line of the blueprint',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const perTurn = bench.isQuick ? 3 : 10;
    const aikore = await Aikore.start(join(bench.scratch, 'first-line'));
    const log = join(bench.scratch, 'first-line-bare.log');
    const port = await freePort();
    const script = join(BLUEPRINTS, 'bench-first-line.sh');
    const bare = startNode(SUBJECT_CPU, join(REFERENCE, 'spawn-server.mjs'), port, script, log);
    try {
      await untilListening(port);
      const instance = await aikore.create('First line', 'bench-first-line');
      /** @type {Record<string, number[]>} */
      const all = { aikore: [], bare: [] };
      const sides = [
        { name: 'aikore', once: () => clickAikore(aikore, instance) },
        { name: 'bare', once: () => clickBare(port, log) },
      ];
      for (const { once } of sides) for (let warm = 0; warm < perTurn; warm += 1) await once();
      const outcome = await inTurn(
        { ...bench, budgetMs: 60_000 },
        sides.map(({ name, once }) => ({ name, run: () => several(all[name], perTurn, once) })),
      );
      return [rowOf(outcome, all)];
    } finally {
      await stop(bare);
      await aikore.stop();
    }
  },
};

/**
 * @param {number[] | undefined} all
 * @param {number} count
 * @param {() => Promise<number>} once
 */
async function several(all, count, once) {
  const values = [];
  for (let turn = 0; turn < count; turn += 1) values.push(await once());
  all?.push(...values);
  return median(values);
}

/**
 * The time that a script wrote as its first line, once it is there.
 * @param {string} log
 * @param {number} sinceMs
 */
async function firstLineMs(log, sinceMs) {
  let writtenMs = 0;
  await until(
    'the first line',
    () => {
      try {
        const [line = '', rest] = readFileSync(log, 'utf8').split('\n');
        // In many languages EPOCHREALTIME has a comma.
        writtenMs = rest === undefined ? 0 : Number(line.replace(',', '.')) * 1000;
      } catch {
        // The log of the run before has just been put away.
        writtenMs = 0;
      }
      return writtenMs > sinceMs;
    },
    { everyMs: 1 },
  );
  return writtenMs;
}

/**
 * @param {Aikore} aikore
 * @param {import('../lib/events.mjs').Instance} instance
 */
async function clickAikore(aikore, instance) {
  const clickedMs = wallMs();
  await aikore.api('POST', `/api/instances/${instance.id}/start`);
  const writtenMs = await firstLineMs(join(aikore.home(instance), 'output.log'), clickedMs);
  // The script ends at once, without being asked to.
  await aikore.events.untilStatus(instance.id, 'error');
  return writtenMs - clickedMs;
}

/**
 * @param {number} port
 * @param {string} log
 */
async function clickBare(port, log) {
  const clickedMs = wallMs();
  await ask(`http://127.0.0.1:${port}/`, { method: 'POST' });
  return (await firstLineMs(log, clickedMs)) - clickedMs;
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {Record<string, number[]>} all
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome, all) {
  const { aikore: oursMs = [], bare: bareMs = [] } = all;
  const pair = (/** @type {number[]} */ values) =>
    `${ms(quantile(values, 0.5))} / ${ms(quantile(values, 0.95))}`;
  return {
    id: 'P18',
    metric: 'click → first line of the blueprint, p50 / p95',
    ours: pair(oursMs),
    anchor: `bare Node server that spawns bash ${pair(bareMs)}; supervisord's start call alone 13 / 25 ms (published in the plan)`,
    ratio: times(ratio(outcome.series['aikore'] ?? [], outcome.series['bare'] ?? [])),
    goal: '≤ 12 / 25 ms',
    met: quantile(oursMs, 0.5) <= 12 && quantile(oursMs, 0.95) <= 25,
    note: `${oursMs.length} starts each; ours commits its state to disk, puts the last log away, looks whether the port is free and starts the runner on the way. ${roundsNote(outcome)}.`,
    raw: { ...outcome, all },
  };
}
