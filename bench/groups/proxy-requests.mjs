import { ms, number, times } from '../lib/format.mjs';
import { get, perSecond } from '../lib/load.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { ProxyWorld } from './proxy-world.mjs';

const CONNECTIONS = 32;

/** P13 and P15: requests through the proxy, signed in by cookie. */
export const proxyRequests = {
  ids: ['P13', 'P15'],
  title: 'requests through the proxy',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const world = await ProxyWorld.open(bench, 'proxy', ['node-proxy', 'http-proxy-3']);
    try {
      const burst = burstOf(bench);
      for (const way of world.ways) await burst(way, CONNECTIONS, 2);
      return [await throughput(bench, world, burst), await latency(bench, world, burst)];
    } finally {
      await world.close();
    }
  },
};

/** @param {import('../run.mjs').Bench} bench */
function burstOf(bench) {
  const baseMs = bench.isQuick ? 150 : 700;
  return (
    /** @type {import('./proxy-world.mjs').Way} */ { port, path, headers },
    /** @type {number} */ connections,
    factor = 1,
  ) => bench.load.run({ port, request: get(path, port, headers), connections, durationMs: baseMs * factor });
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {ProxyWorld} world
 * @param {ReturnType<typeof burstOf>} burst
 * @returns {Promise<import('../lib/report.mjs').Row>}
 */
async function throughput(bench, world, burst) {
  /** @type {Record<string, number[]>} */
  const p99Us = {};
  const sides = world.ways.map((way) => ({
    name: way.name,
    run: async () => {
      const result = await burst(way, CONNECTIONS);
      (p99Us[way.name] ??= []).push(result.p99Us);
      return perSecond(result);
    },
  }));
  const outcome = await inTurn({ ...bench, budgetMs: 40_000 }, sides);
  const {
    aikore = [],
    embedded = [],
    'node-proxy': node = [],
    'http-proxy-3': library,
    nginx,
  } = outcome.series;
  const best = library === undefined || median(node) > median(library) ? node : library;
  const toNode = ratio(aikore, best);
  const toNginx = nginx === undefined ? null : ratio(aikore, nginx);
  return {
    id: 'P13',
    metric: `requests/s through the proxy, signed in (1 KB, ${CONNECTIONS} connections)`,
    ours: `${number(median(aikore))}/s (p99 ${ms(median(p99Us['aikore'] ?? []) / 1000)})`,
    anchor: `the embedded engine ${number(median(embedded))}, by hand in Node ${number(median(node))}, http-proxy-3 ${perSecondOf(library)}, nginx by hand ${perSecondOf(nginx)}`,
    ratio: `best Node ${times(toNode)}${toNginx === null ? '' : `, nginx ${times(toNginx)}`}`,
    goal: '≥ 2.5× Node, ≥ 0.8× nginx',
    met: toNode.median >= 2.5 && (toNginx === null || toNginx.median >= 0.8),
    note: `${nginx === undefined ? 'the embedded engine, as NGINX is not installed' : 'the NGINX engine'}. Only AiKore’s check the sign-in. ${roundsNote(outcome)}.`,
    raw: { ...outcome, p99Us },
  };
}

/** @param {number[] | undefined} series */
const perSecondOf = (series) => (series === undefined ? 'not installed' : number(median(series)));

/**
 * What the way through a proxy adds to one request after the other.
 * @param {import('../run.mjs').Bench} bench
 * @param {ProxyWorld} world
 * @param {ReturnType<typeof burstOf>} burst
 * @returns {Promise<import('../lib/report.mjs').Row>}
 */
async function latency(bench, world, burst) {
  const sides = [world.direct, ...world.ways].map((way) => ({
    name: way.name,
    run: async () => (await burst(way, 1, 0.6)).p50Us / 1000,
  }));
  const outcome = await inTurn({ ...bench, budgetMs: 35_000 }, sides);
  const { direct = [] } = outcome.series;
  const added = (/** @type {string} */ name) =>
    (outcome.series[name] ?? []).map((value, round) => value - (direct[round] ?? 0));
  const anchor = world.way('nginx') === null ? 'node-proxy' : 'nginx';
  const toAnchor = ratio(added('aikore'), added(anchor));
  return {
    id: 'P15',
    metric: 'latency that the proxy adds, one connection, p50',
    ours: ms(median(added('aikore'))),
    anchor: ['nginx', 'node-proxy', 'http-proxy-3']
      .filter((name) => world.way(name) !== null)
      .map((name) => `${name} ${ms(median(added(name)))}`)
      .concat(`the embedded engine ${ms(median(added('embedded')))}`)
      .join(', '),
    ratio: `${anchor} ${times(toAnchor)}`,
    goal: '≤ 1.15× nginx',
    met: anchor === 'nginx' ? toAnchor.median <= 1.15 : null,
    note: `without a proxy ${ms(median(direct))}. ${roundsNote(outcome)}.`,
    raw: outcome,
  };
}
