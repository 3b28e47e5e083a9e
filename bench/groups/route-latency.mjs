import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Aikore } from '../lib/aikore.mjs';
import { ms } from '../lib/format.mjs';
import { ask } from '../lib/http-client.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { median, quantile } from '../lib/statistics.mjs';
import { isListening } from '../lib/wait.mjs';

/** @typedef {{ pageMs: number, ownMs: number }} Sample */

/** What a browser sends for a page: the *starting* page is for it alone. */
const DOCUMENT = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
/** The original looks once a second whether an application is up, and reloads NGINX then (measured.md names 90–110 ms). */
const ORIGINAL_MEAN_MS = 600;

/** P17: from the accepted start to a route that works. */
export const routeLatency = {
  ids: ['P17'],
  title: 'start accepted → route usable',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'route'), { proxy: 'auto' });
    try {
      const instance = await aikore.create('Server', 'bench-server', {
        env: { BENCH_NODE: process.execPath, BENCH_ORIGIN: join(REFERENCE, 'origin.mjs') },
      });
      const headers = { Cookie: await aikore.cookie(), ...DOCUMENT };
      /** @type {Sample[]} */
      const samples = [];
      for (let turn = 0; turn < (bench.isQuick ? 3 : 30); turn += 1)
        samples.push(await sample(aikore, instance, headers));
      return [rowOf(samples)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * @param {Aikore} aikore
 * @param {import('../lib/events.mjs').Instance} instance
 * @param {Record<string, string>} headers
 * @returns {Promise<Sample>}
 */
async function sample(aikore, instance, headers) {
  const url = `http://127.0.0.1:${aikore.appsPort}/instance/${instance.slug}/`;
  await aikore.api('POST', `/api/instances/${instance.id}/start`);
  const acceptedMs = performance.now();
  const page = await ask(url, { headers });
  const pageMs = performance.now() - acceptedMs;
  if (page.status !== 503 || !page.body.includes('<html'))
    throw new Error(`Expected the starting page, got ${page.status}.`);
  const [directMs, routedMs] = await Promise.all([
    firstMs(() => isListening(instance.port)),
    firstMs(async () => (await ask(url, { headers })).status === 200),
  ]);
  await aikore.kill(instance.id);
  return { pageMs, ownMs: Math.max(0, routedMs - directMs) };
}

/**
 * The moment at which something is so for the first time, asked every two milliseconds.
 * @param {() => Promise<boolean>} isSo
 */
async function firstMs(isSo) {
  while (!(await isSo())) await delay(2);
  return performance.now();
}

/**
 * @param {Sample[]} samples
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(samples) {
  const page = samples.map(({ pageMs }) => pageMs);
  const own = samples.map(({ ownMs }) => ownMs);
  const p95Ms = Math.max(quantile(page, 0.95), quantile(own, 0.95));
  return {
    id: 'P17',
    metric: 'start accepted → starting page; application listens → its answer through the route; p50 / p95',
    ours: `${ms(median(page))} / ${ms(quantile(page, 0.95))}; ${ms(median(own))} / ${ms(quantile(own, 0.95))}`,
    anchor: 'the original: a poll every second and a reload (its design; about 600 ms on average)',
    ratio: `${Math.round(ORIGINAL_MEAN_MS / p95Ms)}× faster (p95 against that mean)`,
    goal: '≤ 50 ms, ≥ 10× faster',
    met: p95Ms <= 50,
    note: `${samples.length} starts; nothing is switched when an application comes up, so the rest is the grain of asking (2 ms) and the first request.`,
    raw: samples,
  };
}
