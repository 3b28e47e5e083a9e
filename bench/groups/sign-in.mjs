import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { hash } from '@node-rs/argon2';
import { Aikore } from '../lib/aikore.mjs';
import { megabytes, ms, number } from '../lib/format.mjs';
import { peakRssBytes, resetPeak, rssBytes } from '../lib/proc.mjs';
import { median, quantile } from '../lib/statistics.mjs';

/** S-F: what a sign-in costs whoever guesses, and the machine. */
export const signIn = {
  ids: ['S-F'],
  title: 'sign-in',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<import('../lib/report.mjs').Row[]>}
   */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'sign-in'));
    try {
      await timed(aikore);
      const values = [];
      for (let turn = 0; turn < (bench.isQuick ? 5 : 40); turn += 1) values.push(await timed(aikore));
      return [rowOf(values, await defaultsMs(values.length), await memoryOfTwo(aikore))];
    } finally {
      await aikore.stop();
    }
  },
};

/** @param {Aikore} aikore */
async function timed(aikore) {
  const beganMs = performance.now();
  const { status } = await aikore.signIn();
  if (status !== 200) throw new Error(`The sign-in answered ${status}.`);
  return performance.now() - beganMs;
}

/**
 * What the package's defaults cost on this machine, in this process.
 * @param {number} count
 */
async function defaultsMs(count) {
  const values = [];
  for (let turn = 0; turn < count; turn += 1) {
    const beganMs = performance.now();
    await hash('a password of the bench');
    values.push(performance.now() - beganMs);
  }
  return median(values);
}

/** @param {Aikore} aikore */
async function memoryOfTwo(aikore) {
  const before = rssBytes(aikore.pid);
  resetPeak(aikore.pid);
  await Promise.all([aikore.signIn(), aikore.signIn()]);
  return Math.max(0, peakRssBytes(aikore.pid) - before);
}

/**
 * @param {number[]} values
 * @param {number} anchorMs
 * @param {number} memoryBytes
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(values, anchorMs, memoryBytes) {
  const p50Ms = median(values);
  return {
    id: 'S-F',
    metric: 'sign-in with password (argon2id), p50 / p95; memory of two at once',
    ours: `${ms(p50Ms)} / ${ms(quantile(values, 0.95))}; ${megabytes(memoryBytes)}`,
    anchor: `one argon2id hash with the package's defaults ${ms(anchorMs)}`,
    ratio: `${number(p50Ms / anchorMs)}×`,
    goal: '40–150 ms, ≤ 64 MB',
    met: p50Ms >= 40 && p50Ms <= 150 && memoryBytes <= 64e6,
    note: `${values.length} sign-ins through the API: 19 MiB, 2 passes, 1 lane, the first choice of OWASP's cheat sheet.`,
    raw: { values, anchorMs, memoryBytes },
  };
}
