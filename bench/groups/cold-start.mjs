import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore, launch } from '../lib/aikore.mjs';
import { ms, times } from '../lib/format.mjs';
import { ask } from '../lib/http-client.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { freePort, until } from '../lib/wait.mjs';

const INSTANCES = 100;

/** P31: from the command to the first answer. */
export const coldStart = {
  ids: ['P31'],
  title: 'cold start → first answer',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const dataDir = join(bench.scratch, 'cold');
    const aikore = await Aikore.start(dataDir);
    await aikore.createMany(INSTANCES, 'bench-idle');
    await aikore.stop();
    const sides = [
      {
        name: 'aikore',
        run: () => firstAnswerMs((port) => launch(dataDir, { port }), '/api/status'),
      },
      {
        name: 'nest',
        run: () =>
          firstAnswerMs((port) => startNode(SUBJECT_CPU, join(REFERENCE, 'nest-hello.mjs'), port), '/hello'),
      },
    ];
    // Once for the page cache.
    for (const { run } of sides) await run();
    return [rowOf(await inTurn({ ...bench, budgetMs: 60_000 }, sides))];
  },
};

/**
 * @param {(port: number) => import('node:child_process').ChildProcess} begin
 * @param {string} path
 */
async function firstAnswerMs(begin, path) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${path}`;
  const beganMs = performance.now();
  const child = begin(port);
  const isAnswering = () =>
    ask(url).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until('the first answer', isAnswering, { everyMs: 3 });
  const tookMs = performance.now() - beganMs;
  await stop(child);
  return tookMs;
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome) {
  const { aikore = [], nest = [] } = outcome.series;
  const toNest = ratio(aikore, nest);
  return {
    id: 'P31',
    metric: `cold start → first 200, ${INSTANCES} instances in the database`,
    ours: ms(median(aikore)),
    anchor: `Nest hello on Fastify ${ms(median(nest))}`,
    ratio: times(toNest),
    goal: '≤ 1.6×, ≤ 1.0 s',
    met: toNest.median <= 1.6,
    note: `${roundsNote(outcome)}.`,
    raw: outcome,
  };
}
