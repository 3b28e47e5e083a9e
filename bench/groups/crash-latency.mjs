import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Aikore } from '../lib/aikore.mjs';
import { ms, number } from '../lib/format.mjs';
import { quantile } from '../lib/statistics.mjs';

/** The best case of a poll every second. */
const ORIGINAL_BEST_MS = 1000;

/** P20: from the death of a process to the message in the dashboard. */
export const crashLatency = {
  ids: ['P20'],
  title: 'crash → message to the dashboard',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<import('../lib/report.mjs').Row[]>}
   */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'crash'));
    try {
      const { id } = await aikore.create('Victim', 'bench-idle');
      const values = [];
      for (let turn = 0; turn < (bench.isQuick ? 5 : 50); turn += 1) values.push(await crash(aikore, id));
      return [rowOf(values)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * @param {Aikore} aikore
 * @param {number} id
 */
async function crash(aikore, id) {
  const { pid } = await aikore.start(id);
  const killedMs = performance.now();
  process.kill(Number(pid), 'SIGKILL');
  await aikore.events.untilStatus(id, 'error');
  return performance.now() - killedMs;
}

/**
 * @param {number[]} values
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(values) {
  const p99Ms = quantile(values, 0.99);
  return {
    id: 'P20',
    metric: 'SIGKILL → `error` on the events socket, p50 / p99',
    ours: `${ms(quantile(values, 0.5))} / ${ms(p99Ms)}`,
    anchor: 'the original: 1–2 s, or never once it was started (its design)',
    ratio: `${number(ORIGINAL_BEST_MS / p99Ms)}× faster (p99 against its best case)`,
    goal: '≤ 50 ms',
    met: p99Ms <= 50,
    note: `${values.length} crashes; the state is stored and the end of the log read before it is told.`,
    raw: values,
  };
}
