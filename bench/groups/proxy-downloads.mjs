import { once } from 'node:events';
import { request } from 'node:http';
import { ms, number, times } from '../lib/format.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { ProxyWorld } from './proxy-world.mjs';

/** @typedef {import('./proxy-world.mjs').Way} Way */

const BEGINNINGS = 20;
const READ_BYTES = 1024 ** 3;

/** P13a, P13b: how soon a download of 5 GB begins through the proxy, and how fast it goes on. */
export const proxyDownloads = {
  ids: ['P13a', 'P13b'],
  title: 'downloads through the proxy',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const world = await ProxyWorld.open(bench, 'downloads', ['node-proxy']);
    try {
      const ways = [world.direct, ...world.ways];
      const side = (/** @type {(way: Way) => Promise<number>} */ measure) =>
        ways.map((way) => ({ name: way.name, run: () => measure(way) }));
      const readBytes = bench.isQuick ? READ_BYTES / 8 : READ_BYTES;
      const begun = await inTurn({ ...bench, budgetMs: 20_000 }, side(firstByteMs));
      const flowed = await inTurn(
        { ...bench, rounds: 3, budgetMs: 40_000 },
        side((way) => flow(way, readBytes)),
      );
      return [beginningRow(begun), flowRow(flowed)];
    } finally {
      await world.close();
    }
  },
};

/** @param {Way} way */
async function download({ port, path, headers }) {
  const asked = request({ host: '127.0.0.1', port, path: `${path}large`, headers, agent: false }).end();
  const [answer] = /** @type {[import('node:http').IncomingMessage]} */ (await once(asked, 'response'));
  if (answer.statusCode !== 200) throw new Error(`a download was answered with ${answer.statusCode}`);
  return answer;
}

/** @param {Way} way */
async function firstByteMs(way) {
  const taken = [];
  for (let turn = 0; turn < BEGINNINGS; turn += 1) {
    const began = performance.now();
    const answer = await download(way);
    await once(answer, 'data');
    taken.push(performance.now() - began);
    answer.destroy();
  }
  return median(taken);
}

/**
 * @param {Way} way
 * @param {number} bytes to be read of it
 * @returns {Promise<number>} MB/s
 */
async function flow(way, bytes) {
  const answer = await download(way);
  const began = performance.now();
  let received = 0;
  for await (const piece of answer) {
    received += piece.length;
    if (received >= bytes) break;
  }
  return received / 1e3 / (performance.now() - began);
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @returns {import('../lib/report.mjs').Row}
 */
function beginningRow(outcome) {
  const { aikore = [], embedded = [], direct = [], 'node-proxy': node = [], nginx } = outcome.series;
  return {
    id: 'P13a',
    metric: 'first byte of a download of 5 GB, p50',
    ours: ms(median(aikore)),
    anchor: `direct ${ms(median(direct))}, the embedded engine ${ms(median(embedded))}, by hand in Node ${ms(median(node))}, nginx by hand ${nginx === undefined ? 'not installed' : ms(median(nginx))}`,
    ratio: nginx === undefined ? '–' : `nginx ${times(ratio(aikore, nginx))}`,
    goal: '–',
    met: null,
    note: `a connection of its own each. ${roundsNote(outcome)}.`,
    raw: outcome,
  };
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @returns {import('../lib/report.mjs').Row}
 */
function flowRow(outcome) {
  const { aikore = [], embedded = [], direct = [], 'node-proxy': node = [], nginx } = outcome.series;
  const rate = (/** @type {number[]} */ series) => `${number(median(series))} MB/s`;
  return {
    id: 'P13b',
    metric: 'speed of that download, its first GB',
    ours: rate(aikore),
    anchor: `direct ${rate(direct)}, the embedded engine ${rate(embedded)}, by hand in Node ${rate(node)}, nginx by hand ${nginx === undefined ? 'not installed' : rate(nginx)}`,
    ratio: nginx === undefined ? '–' : `nginx ${times(ratio(aikore, nginx))}`,
    goal: '–',
    met: null,
    note: `who reads is a program in Node, on the processor of the application. ${roundsNote(outcome)}.`,
    raw: outcome,
  };
}
