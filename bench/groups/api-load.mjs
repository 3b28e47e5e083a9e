import { perSecond } from '../lib/load.mjs';
import { inTurn } from '../lib/rounds.mjs';

const CONNECTIONS = 16;

/**
 * @typedef {{ name: string, port: number, request: string, expected?: number }} Target
 * @typedef {{ outcome: import('../lib/rounds.mjs').Outcome, p99Ms: Record<string, number[]> }} Measured
 */

/**
 * Requests a second of each target, in turn.
 * @param {import('../run.mjs').Bench} bench
 * @param {Target[]} targets
 * @returns {Promise<Measured>}
 */
export async function measure(bench, targets) {
  /** @type {Record<string, number[]>} */
  const p99Ms = {};
  const durationMs = bench.isQuick ? 150 : 500;
  const sides = targets.map(({ name, ...target }) => ({
    name,
    run: async () => {
      const result = await bench.load.run({ ...target, connections: CONNECTIONS, durationMs });
      (p99Ms[name] ??= []).push(result.p99Us / 1000);
      return perSecond(result);
    },
  }));
  for (const { run } of sides) await run();
  const outcome = await inTurn({ ...bench, budgetMs: 15_000 }, sides);
  return { outcome, p99Ms };
}
