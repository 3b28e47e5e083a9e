import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { kilobytes, ms, number, times } from '../lib/format.mjs';
import { get } from '../lib/load.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { median, ratio } from '../lib/statistics.mjs';
import { freePort, untilListening } from '../lib/wait.mjs';
import { measure } from './api-load.mjs';

/** Measured in the plan (Nest 12, Node 20): the quotient by which the missing Express anchor is estimated. */
const BARE_LIST_TO_EXPRESS = 649 / 572;

/** P30: how often a second the list of all instances can be had. */
export const apiList = {
  ids: ['P30'],
  title: 'the list of instances',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const aikore = await Aikore.start(join(bench.scratch, 'list'));
    const count = bench.isQuick ? 100 : 1000;
    try {
      const began = Date.now();
      await aikore.createMany(count, 'bench-idle');
      bench.say(`  ${count} instances created in ${Date.now() - began} ms`);
      const list = (await aikore.api('GET', '/api/instances')).body;
      const measured = await besideBare(bench, aikore, list);
      return [listRow(measured, count, Buffer.byteLength(list))];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * @param {import('../run.mjs').Bench} bench
 * @param {Aikore} aikore
 * @param {string} list
 */
async function besideBare(bench, aikore, list) {
  const listFile = join(bench.scratch, 'list.json');
  writeFileSync(listFile, list);
  const port = await freePort();
  const bare = startNode(SUBJECT_CPU, join(REFERENCE, 'bare-http.mjs'), port, listFile);
  try {
    await untilListening(port);
    return await measure(bench, await listTargets(aikore, port));
  } finally {
    await stop(bare);
  }
}

/**
 * @param {Aikore} aikore
 * @param {number} barePort
 * @returns {Promise<import('./api-load.mjs').Target[]>}
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
 * @param {import('./api-load.mjs').Measured} measured
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
    note: `Express estimated from the bare server by the plan's quotient ${number(BARE_LIST_TO_EXPRESS)}. ${roundsNote(outcome)}.`,
    raw: { ...outcome, p99Ms },
  };
}
