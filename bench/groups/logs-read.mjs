import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Aikore } from '../lib/aikore.mjs';
import { megabytes, ms, times } from '../lib/format.mjs';
import { peakRssBytes, resetPeak, rssBytes } from '../lib/proc.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';

const FULL_BYTES = 1_000_000_000;
const QUICK_BYTES = 100_000_000;
const TAIL_BYTES = 128 * 1024;
const TAIL_LINES = 1000;
const WARM_UP_REQUESTS = 50;
const NEEDLE = 'needle at the very end';

/** P8 and P10: the end of a large log, and a text that stands in its last line. */
export const logsRead = {
  ids: ['P8', 'P10'],
  title: 'the end of a log of 1 GB, and a search through it',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'read'));
    try {
      const instance = await aikore.create('Large', 'bench-idle');
      await aikore.start(instance.id);
      await aikore.kill(instance.id);
      const log = join(aikore.home(instance), 'output.log');
      writeLog(log, bench.isQuick ? QUICK_BYTES : FULL_BYTES);
      const path = `/api/instances/${instance.id}/logs`;
      const tail = await measureTail(bench, aikore, path, log);
      const search = await measureSearch(bench, aikore, path, log);
      return [tail, search];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * Lines like those of a training run.
 * @param {string} path
 * @param {number} sizeBytes
 */
function writeLog(path, sizeBytes) {
  const line = (/** @type {number} */ step) =>
    `[${String(step).padStart(8, '0')}] step ${step} loss=0.${step % 1000} lr=1e-4 123.4 it/s, some more words\n`;
  const block = Buffer.from(Array.from({ length: 10_000 }, (_, step) => line(step)).join(''));
  const file = openSync(path, 'w');
  for (let written = 0; written < sizeBytes; written += block.length) writeSync(file, block);
  writeSync(file, `${NEEDLE}\n`);
  closeSync(file);
}

/** @param {() => unknown} task */
async function took(task) {
  const began = performance.now();
  await task();
  return performance.now() - began;
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {Aikore} aikore
 * @param {string} path
 * @param {string} log
 * @returns {Promise<import('../lib/report.mjs').Row>}
 */
async function measureTail(bench, aikore, path, log) {
  const ask = async () => {
    const { body } = await aikore.api('GET', `${path}?offset=-${TAIL_BYTES}&limit=${TAIL_BYTES}`);
    if (JSON.parse(body).content.split('\n').length <= TAIL_LINES) throw new Error('too few lines');
  };
  // A young process grows with its first requests, whatever they ask for.
  for (let count = 0; count < WARM_UP_REQUESTS; count += 1) await ask();
  const beforeBytes = rssBytes(aikore.pid);
  resetPeak(aikore.pid);
  await ask();
  const growthBytes = peakRssBytes(aikore.pid) - beforeBytes;
  const outcome = await inTurn(bench, [
    { name: 'aikore', run: () => took(ask) },
    { name: 'tail', run: () => took(() => execFileSync('tail', ['-n', String(TAIL_LINES), log])) },
  ]);
  const { aikore: ours = [], tail = [] } = outcome.series;
  return {
    id: 'P8',
    metric: `last ${TAIL_LINES} lines of a log of 1 GB, request to answer`,
    ours: `${ms(median(ours))}, ${megabytes(growthBytes)} more memory`,
    anchor: `tail -n ${TAIL_LINES} ${ms(median(tail))}`,
    ratio: `${times(ratio(ours, tail))} of tail`,
    goal: '≤ 50 ms, RSS +≤ 8 MB',
    met: median(ours) <= 50 && growthBytes <= 8e6,
    note: `with JSON and HTTP. ${roundsNote(outcome)}.`,
    raw: { ...outcome, growthBytes },
  };
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {Aikore} aikore
 * @param {string} path
 * @param {string} log
 * @returns {Promise<import('../lib/report.mjs').Row>}
 */
async function measureSearch(bench, aikore, path, log) {
  /** A search that runs into its time limit is gone on with, as the dashboard does. @param {string} options */
  const search = async (options) => {
    let hits = 0;
    for (let from = ''; ;) {
      const query = `q=${encodeURIComponent(NEEDLE)}${options}${from}`;
      const answer = JSON.parse((await aikore.api('GET', `${path}/search?${query}`)).body);
      hits += answer.hits.length;
      if (answer.next === null) break;
      from = `&from=${answer.next}`;
    }
    if (hits !== 1) throw new Error(`${hits} hits instead of one`);
  };
  const grep = (/** @type {string} */ option) => () =>
    took(() => execFileSync('grep', [option, '--', NEEDLE, log]));
  await search('');
  const beforeBytes = rssBytes(aikore.pid);
  resetPeak(aikore.pid);
  const outcome = await inTurn({ ...bench, budgetMs: 90_000 }, [
    { name: 'exact', run: () => took(() => search('&case=1')) },
    { name: 'grep', run: grep('-c') },
    { name: 'folded', run: () => took(() => search('')) },
    { name: 'grepFolded', run: grep('-ci') },
  ]);
  const { exact = [], grep: grepped = [], folded = [], grepFolded = [] } = outcome.series;
  const growthBytes = peakRssBytes(aikore.pid) - beforeBytes;
  const slower = ratio(exact, grepped);
  return {
    id: 'P10',
    metric: 'literal search through a log of 1 GB',
    ours: `${ms(median(exact))}, either case ${ms(median(folded))}; ${megabytes(growthBytes)} more memory`,
    anchor: `grep -c ${ms(median(grepped))}, grep -ci ${ms(median(grepFolded))}`,
    ratio: `${times(slower)} of grep -c, ${times(ratio(folded, grepFolded))} of grep -ci`,
    goal: '≤ 4× grep -c, RSS +≤ 16 MB',
    met: slower.median <= 4 && growthBytes <= 16e6,
    note: `in one process with the API, a millisecond at a time. ${roundsNote(outcome)}.`,
    raw: { ...outcome, growthBytes },
  };
}
