import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Aikore, launch } from '../lib/aikore.mjs';
import { Events } from '../lib/events.mjs';
import { kilobytes, megabytes, ms, number } from '../lib/format.mjs';
import { parentOf, peakRssBytes, pssBytes, rssBytes } from '../lib/proc.mjs';
import { quantile } from '../lib/statistics.mjs';
import { until } from '../lib/wait.mjs';

const COUNT = 1000;
const ASK_EVERY_MS = 20;

/** P22 and P32: a thousand instances that start by themselves. */
export const thousand = {
  ids: ['P22', 'P32'],
  title: 'a thousand instances',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<import('../lib/report.mjs').Row[]>}
   */
  async run(bench) {
    const count = bench.isQuick ? COUNT / 20 : COUNT;
    const dataDir = join(bench.scratch, 'thousand');
    const first = await Aikore.start(dataDir);
    for (let index = 1; index <= count; index += 1)
      await first.create(`idle-${index}`, 'bench-idle', { autostart: true });
    await first.stop();
    rmSync(`${dataDir}.ready`, { force: true });

    const aikore = await comeBack(dataDir);
    try {
      const answers = askAllTheTime(aikore);
      const beganMs = performance.now();
      const started = () =>
        [...aikore.events.instances.values()].filter(({ status }) => status === 'started');
      await until('all have started', () => started().length === count, { limitMs: 120_000, everyMs: 20 });
      const tookMs = performance.now() - beganMs;
      const answerMs = await answers.end();
      await delay(2000);
      const runners = started().map(({ pid }) => parentOf(Number(pid)));
      return [memoryRow(aikore, runners), startRow(count, tookMs, answerMs)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * Starts AiKore on a directory that it knows and waits only until it serves: instances start meanwhile.
 * @param {string} dataDir
 */
async function comeBack(dataDir) {
  const child = launch(dataDir);
  await until('AiKore serves', () => existsSync(`${dataDir}.ready`), { everyMs: 1, limitMs: 60_000 });
  const addresses = JSON.parse(readFileSync(`${dataDir}.ready`, 'utf8'));
  const events = await Events.open(addresses.dashboard, Aikore.token);
  return new Aikore(child, dataDir, addresses, events);
}

/** Asks a small question again and again. @param {Aikore} aikore */
function askAllTheTime(aikore) {
  /** @type {number[]} */
  const tookMs = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const askedMs = performance.now();
      await aikore.api('GET', '/api/status');
      tookMs.push(performance.now() - askedMs);
      await delay(ASK_EVERY_MS);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await asking;
      return tookMs;
    },
  };
}

/**
 * @param {Aikore} aikore
 * @param {number[]} runners
 * @returns {import('../lib/report.mjs').Row}
 */
function memoryRow(aikore, runners) {
  const manager = rssBytes(aikore.pid);
  const each = runners.map(pssBytes);
  const largest = Math.max(...each);
  return {
    id: 'P22',
    metric: `memory with ${runners.length} idle instances: manager, and each runner at most`,
    ours: `${megabytes(manager)} (peak ${megabytes(peakRssBytes(aikore.pid))}) + ${kilobytes(largest)}`,
    anchor: '–',
    ratio: '–',
    goal: '≤ 250 MB manager',
    met: manager <= 250e6,
    note: 'RSS of the manager, PSS of the runners. What a start costs the event loop shows in P32.',
    raw: { manager, each },
  };
}

/**
 * @param {number} count
 * @param {number} tookMs
 * @param {number[]} answerMs
 * @returns {import('../lib/report.mjs').Row}
 */
function startRow(count, tookMs, answerMs) {
  const p99Ms = quantile(answerMs, 0.99);
  return {
    id: 'P32',
    metric: `${count} instances that start with AiKore: until all are \`started\`; API p99 meanwhile`,
    ours: `${number(tookMs / 1000)} s; ${ms(p99Ms)}`,
    anchor: 'spawn floor of the plan: about 1 s',
    ratio: '–',
    goal: '≤ 6 s, ≤ 150 ms',
    met: tookMs <= 6000 && p99Ms <= 150,
    note: `from the moment at which AiKore serves; ${answerMs.length} questions. Each start is two commits to disk, a bash and a runner, on one processor.`,
    raw: { tookMs, answerMs },
  };
}
