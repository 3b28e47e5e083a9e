import { join } from 'node:path';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { ms, number, times } from '../lib/format.mjs';
import { get } from '../lib/load.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { freePort, untilListening } from '../lib/wait.mjs';
import { measure } from './api-load.mjs';

/** Measured in the plan (Nest 12, Node 20): the quotient by which the missing Express anchor is estimated. */
const FASTIFY_TO_EXPRESS = 33_227 / 5774;

/** P29: how many small API calls a second. */
export const apiCalls = {
  ids: ['P29'],
  title: 'small API calls',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'api'));
    const ports = { bare: await freePort(), nest: await freePort() };
    const references = [
      startNode(SUBJECT_CPU, join(REFERENCE, 'bare-http.mjs'), ports.bare),
      startNode(SUBJECT_CPU, join(REFERENCE, 'nest-hello.mjs'), ports.nest),
    ];
    try {
      await Promise.all(Object.values(ports).map(untilListening));
      return [smallRow(await measure(bench, await smallTargets(aikore, ports)))];
    } finally {
      await Promise.all(references.map((child) => stop(child)));
      await aikore.stop();
    }
  },
};

/**
 * @param {Aikore} aikore
 * @param {{ bare: number, nest: number }} ports
 * @returns {Promise<import('./api-load.mjs').Target[]>}
 */
async function smallTargets(aikore, ports) {
  const { dashboardPort: port } = aikore;
  const path = '/api/auth/session';
  return [
    { name: 'token', port, request: get(path, port, aikore.bearer) },
    { name: 'cookie', port, request: get(path, port, { Cookie: await aikore.cookie() }) },
    { name: 'bare', port: ports.bare, request: get('/hello', ports.bare) },
    { name: 'nest', port: ports.nest, request: get('/hello', ports.nest) },
  ];
}

/**
 * @param {import('./api-load.mjs').Measured} measured
 * @returns {import('../lib/report.mjs').Row}
 */
function smallRow({ outcome, p99Ms }) {
  const { token = [], cookie = [], bare = [], nest = [] } = outcome.series;
  const toNest = ratio(token, nest);
  const expressPerSecond = median(nest) / FASTIFY_TO_EXPRESS;
  const toExpress = Math.min(median(token), median(cookie)) / expressPerSecond;
  return {
    id: 'P29',
    metric: 'small API calls/s, signed in: token / cookie',
    ours: `${number(median(token))} / ${number(median(cookie))}/s (p99 ${ms(median(p99Ms['token'] ?? []))})`,
    anchor: `without sign-in: bare node:http ${number(median(bare))}, Nest hello on Fastify ${number(median(nest))}; Nest hello on Express ≈ ${number(expressPerSecond)} (estimated)`,
    ratio: `Nest hello ${times(toNest)}, bare ${times(ratio(token, bare))}, Express ≈ ${number(toExpress)}×`,
    goal: '≥ 3× Nest Express',
    met: toExpress >= 3,
    note: `Express is not a dependency: its figure is Fastify's of this run divided by ${number(FASTIFY_TO_EXPRESS)}, the quotient that the plan measured. ${roundsNote(outcome)}.`,
    raw: { ...outcome, p99Ms },
  };
}
