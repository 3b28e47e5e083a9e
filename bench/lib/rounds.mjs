import { mean } from './statistics.mjs';

/** Rounds are repeated for noise until the group has taken so long, and at most as many as were wanted. */
const BUDGET_MS = 75_000;
/** With fewer quiet rounds than this, all of them count and the row says that they are noisy. */
const ENOUGH_QUIET = 3;

/**
 * @typedef {{ name: string, run: () => Promise<number> }} Side
 * @typedef {{ series: Record<string, number[]>, rounds: number, dropped: number, isNoisy: boolean,
 *   load: number[] }} Outcome
 */

/**
 * Measures sides in turn, A B B A in every round, each round after a look at how busy the machine is.
 * @param {{ rounds: number, calibration: import('./calibration.mjs').Calibration, budgetMs?: number }} bench
 * @param {Side[]} sides each `run` measures once
 * @returns {Promise<Outcome>} one number a side and round, the mean of its two
 */
export async function inTurn({ rounds: wanted, calibration, budgetMs = BUDGET_MS }, sides) {
  const began = Date.now();
  /** @type {{ calibrationMs: number, load: number, values: Record<string, number> }[]} */
  const all = [];
  let tookMs = 0;
  const quiet = () => all.filter((round) => !calibration.isNoisy(round.calibrationMs));
  const mayRepeat = () =>
    quiet().length < wanted && all.length < 2 * wanted && Date.now() - began + tookMs < budgetMs;
  while (all.length < wanted || mayRepeat()) {
    const roundBegan = Date.now();
    all.push({ ...(await calibration.measure()), values: await oneRound(sides) });
    tookMs = Date.now() - roundBegan;
  }
  const isNoisy = quiet().length < Math.min(wanted, ENOUGH_QUIET);
  const counted = isNoisy ? all : quiet();
  return {
    series: Object.fromEntries(
      sides.map(({ name }) => [name, counted.map(({ values }) => values[name] ?? Number.NaN)]),
    ),
    rounds: counted.length,
    dropped: all.length - counted.length,
    isNoisy,
    load: counted.map(({ load }) => load),
  };
}

/**
 * @param {Side[]} sides
 * @returns {Promise<Record<string, number>>}
 */
async function oneRound(sides) {
  /** @type {Record<string, number[]>} */
  const values = Object.fromEntries(sides.map(({ name }) => [name, []]));
  for (const { name, run } of [...sides, ...sides.toReversed()]) values[name]?.push(await run());
  return Object.fromEntries(Object.entries(values).map(([name, pair]) => [name, mean(pair)]));
}
