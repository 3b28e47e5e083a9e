import { number, times } from '../lib/format.mjs';
import { HANDSHAKE, get, perSecond } from '../lib/load.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { ProxyWorld } from './proxy-world.mjs';

const CONNECTIONS = 50;
const PAYLOAD_BYTES = 64;

/** P14: WebSocket messages through the proxy, there and back. */
export const proxySockets = {
  ids: ['P14'],
  title: 'WebSocket messages through the proxy',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const world = await ProxyWorld.open(bench, 'sockets', ['tcp-pipe']);
    try {
      const measure = measureOf(bench, world);
      const sides = [world.direct, ...world.ways].map((way) => ({ name: way.name, run: () => measure(way) }));
      for (const { run } of sides) await run();
      return [rowOf(await inTurn({ ...bench, budgetMs: 60_000 }, sides))];
    } finally {
      await world.close();
    }
  },
};

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {ProxyWorld} world
 */
function measureOf(bench, world) {
  const aikores = [world.aikore.appsPort, world.embedded.appsPort];
  return async (/** @type {import('./proxy-world.mjs').Way} */ { port, path, headers }) =>
    perSecond(
      await bench.load.run({
        port,
        request: get(path, port, {
          ...headers,
          ...HANDSHAKE,
          Origin: `http://127.0.0.1:${aikores.includes(port) ? port : aikores[0]}`,
        }),
        connections: CONNECTIONS,
        durationMs: bench.isQuick ? 600 : 1000,
        payloadBytes: PAYLOAD_BYTES,
        expected: 101,
      }),
    );
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome) {
  const { aikore = [], embedded = [], direct = [], 'tcp-pipe': pipe = [], nginx } = outcome.series;
  const toNginx = nginx === undefined ? null : ratio(aikore, nginx);
  return {
    id: 'P14',
    metric: `WebSocket messages/s through the proxy (${CONNECTIONS} × ${PAYLOAD_BYTES} B, echoed)`,
    ours: `${number(median(aikore))}/s`,
    anchor: `direct ${number(median(direct))}, the embedded engine ${number(median(embedded))}, TCP pipe in Node ${number(median(pipe))}, nginx by hand ${nginx === undefined ? 'not installed' : number(median(nginx))}`,
    ratio: `TCP pipe ${times(ratio(aikore, pipe))}${toNginx === null ? '' : `, nginx ${times(toNginx)}`}`,
    goal: '≥ 0.9× nginx',
    met: toNginx === null ? null : toNginx.median >= 0.9,
    note: `${roundsNote(outcome)}.`,
    raw: outcome,
  };
}
