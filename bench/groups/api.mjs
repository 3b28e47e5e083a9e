import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { kilobytes, ms, number, times } from '../lib/format.mjs';
import { get, perSecond } from '../lib/load.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { freePort, untilListening } from '../lib/wait.mjs';

const CONNECTIONS = 16;
/** Measured in the plan (Nest 12, Node 20): the quotients by which the missing Express anchor is estimated. */
const FASTIFY_TO_EXPRESS = 33_227 / 5774;
const BARE_LIST_TO_EXPRESS = 649 / 572;

/** @typedef {{ name: string, port: number, request: string, expected?: number }} Target */

/** P29 and P30: how many API calls a second. */
export const api = {
  ids: ['P29', 'P30'],
  title: 'API calls',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'api'));
    /** @type {import('node:child_process').ChildProcess[]} */
    const references = [];
    try {
      const count = bench.isQuick ? 100 : 1000;
      const began = Date.now();
      await aikore.createMany(count, 'bench-idle');
      bench.say(`  ${count} instances created in ${Date.now() - began} ms`);
      const listFile = join(bench.scratch, 'list.json');
      const list = (await aikore.api('GET', '/api/instances')).body;
      writeFileSync(listFile, list);
      const ports = { bare: await freePort(), nest: await freePort() };
      references.push(startNode(SUBJECT_CPU, join(REFERENCE, 'bare-http.mjs'), ports.bare, listFile));
      references.push(startNode(SUBJECT_CPU, join(REFERENCE, 'nest-hello.mjs'), ports.nest));
      await Promise.all(Object.values(ports).map(untilListening));
      const small = await measure(bench, await smallTargets(aikore, ports));
      const large = await measure(bench, await listTargets(aikore, ports.bare));
      return [smallRow(small), listRow(large, count, Buffer.byteLength(list))];
    } finally {
      await Promise.all(references.map((child) => stop(child)));
      await aikore.stop();
    }
  },
};

/**
 * @param {Aikore} aikore
 * @param {{ bare: number, nest: number }} ports
 * @returns {Promise<Target[]>}
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
 * @param {Aikore} aikore
 * @param {number} barePort
 * @returns {Promise<Target[]>}
 */
async function listTargets(aikore, barePort) {
  const { dashboardPort: port, bearer } = aikore;
  const path = '/api/instances';
  const host = `127.0.0.1:${port}`;
  const etag = String((await aikore.api('GET', path)).headers.etag);
  if (new URL(aikore.dashboardUrl).host !== host) throw new Error('The ETag is of another host.');
  return [
    { name: 'list', port, request: get(path, port, bearer) },
    { name: 'known', port, request: get(path, port, { ...bearer, 'If-None-Match': etag }), expected: 304 },
    { name: 'bare', port: barePort, request: get('/list', barePort) },
  ];
}

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {Target[]} targets
 */
async function measure(bench, targets) {
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

/**
 * @param {Awaited<ReturnType<typeof measure>>} measured
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

/**
 * @param {Awaited<ReturnType<typeof measure>>} measured
 * @param {number} count
 * @param {number} bytes
 * @returns {import('../lib/report.mjs').Row}
 */
function listRow({ outcome, p99Ms }, count, bytes) {
  const { list = [], known = [], bare = [] } = outcome.series;
  const expressPerSecond = median(bare) / BARE_LIST_TO_EXPRESS;
  const p99 = median(p99Ms['list'] ?? []);
  const [toExpress, knownToExpress] = [median(list) / expressPerSecond, median(known) / expressPerSecond];
  return {
    id: 'P30',
    metric: `list of ${count} instances (${kilobytes(bytes)}): full / unchanged (304), requests/s`,
    ours: `${number(median(list))} (p99 ${ms(p99)}) / ${number(median(known))}/s`,
    anchor: `bare node:http with JSON.stringify of the same list ${number(median(bare))} (p99 ${ms(median(p99Ms['bare'] ?? []))})`,
    ratio: `bare ${times(ratio(list, bare))}; 304 ${times(ratio(known, bare))}; Express ≈ ${number(toExpress)}× and ${number(knownToExpress)}×`,
    goal: '≥ 3.5× Nest Express (p99 ≤ 30 ms), 304 ≥ 15×',
    met: toExpress >= 3.5 && p99 <= 30 && knownToExpress >= 15,
    note: `Express estimated as in P29, by the plan's ${number(BARE_LIST_TO_EXPRESS)}. ${roundsNote(outcome)}.`,
    raw: { ...outcome, p99Ms },
  };
}
