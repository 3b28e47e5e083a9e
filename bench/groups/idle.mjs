import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { kilobytes, megabytes, number } from '../lib/format.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { cpuMs, parentOf, pssBytes, rssBytes } from '../lib/proc.mjs';
import { pidOf, startNode, stop } from '../lib/processes.mjs';
import { freePort, untilListening } from '../lib/wait.mjs';

/** @typedef {import('../lib/report.mjs').Row} Row */

/** Without a viewer figures are taken so often; a window holds whole ones. */
const IDLE_TICK_MS = 30_000;

const HALF = 50;

/** P21, P23 and P28: what instances cost that do nothing. */
export const idle = {
  ids: ['P21', 'P23', 'P28'],
  title: 'idle instances: memory, CPU, bytes',
  /**
   * @param {import('../run.mjs').Bench} bench
   * @returns {Promise<Row[]>}
   */
  async run(bench) {
    const windowMs = bench.isQuick ? 3000 : 20_000;
    const aikore = await Aikore.start(join(bench.scratch, 'idle'));
    try {
      const instances = await aikore.createMany(HALF * 2, 'bench-idle');
      const first = await startAll(aikore, instances.slice(0, HALF));
      await delay(windowMs / 10);
      const memory = await memoryRow(aikore, first);
      const runners = [...first, ...(await startAll(aikore, instances.slice(HALF)))];
      return [memory, ...(await quietRows(aikore, runners, windowMs))];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * @param {Aikore} aikore
 * @param {import('../lib/events.mjs').Instance[]} instances
 * @returns {Promise<number[]>} the pids of their runners
 */
async function startAll(aikore, instances) {
  const runners = [];
  for (const { id } of instances) runners.push(parentOf(Number((await aikore.start(id)).pid)));
  return runners;
}

/**
 * @param {Aikore} aikore
 * @param {number[]} runners
 * @returns {Promise<Row>}
 */
async function memoryRow(aikore, runners) {
  const manager = rssBytes(aikore.pid);
  const each = runners.map(pssBytes);
  const total = manager + each.reduce((sum, bytes) => sum + bytes, 0);
  const hello = await helloRssBytes();
  const largest = Math.max(...each);
  return {
    id: 'P21',
    metric: `memory with ${runners.length} idle instances: manager + runners`,
    ours: `${megabytes(manager)} + ${runners.length} × ${kilobytes(largest)} at most = ${megabytes(total)}`,
    anchor: `Nest hello on Fastify ${megabytes(hello)} (measured now); published in the plan: pm2 58 MB, supervisord 31 MB`,
    ratio: `${number(manager / hello)}× Nest hello`,
    goal: '≤ 130 MB, ≤ 400 kB each',
    met: total <= 130e6 && largest <= 400e3,
    note: 'RSS of the manager, PSS of the runners; pm2 and supervisord serve no API, no dashboard and no proxy.',
    raw: { manager, each, hello },
  };
}

async function helloRssBytes() {
  const port = await freePort();
  const hello = startNode(SUBJECT_CPU, join(REFERENCE, 'nest-hello.mjs'), port);
  await untilListening(port);
  const bytes = rssBytes(pidOf(hello));
  await stop(hello);
  return bytes;
}

/**
 * @param {Aikore} aikore
 * @param {number[]} runners
 * @param {number} windowMs
 * @returns {Promise<Row[]>}
 */
async function quietRows(aikore, runners, windowMs) {
  aikore.events.close();
  await delay(1000);
  const alone = await cpuShare([aikore.pid, ...runners], Math.max(windowMs, IDLE_TICK_MS));
  const viewer = await aikore.view();
  await delay(1000);
  const bytesBefore = viewer.receivedBytes;
  const watched = await cpuShare([aikore.pid, ...runners], windowMs);
  const bytesPerSecond = ((viewer.receivedBytes - bytesBefore) * 1000) / windowMs;
  viewer.close();
  const list = (await aikore.api('GET', '/api/instances')).body;
  return [
    cpuRow(runners.length, windowMs, alone, watched),
    bytesRow(runners.length, bytesPerSecond, Buffer.byteLength(list)),
  ];
}

/**
 * CPU that processes use, in percent of one processor.
 * @param {number[]} pids
 * @param {number} windowMs
 */
async function cpuShare(pids, windowMs) {
  const sum = () => pids.reduce((total, pid) => total + cpuMs(pid), 0);
  const before = sum();
  await delay(windowMs);
  return ((sum() - before) / windowMs) * 100;
}

/**
 * @param {number} count
 * @param {number} windowMs
 * @param {number} alone
 * @param {number} watched
 * @returns {Row}
 */
function cpuRow(count, windowMs, alone, watched) {
  return {
    id: 'P23',
    metric: `CPU with ${count} idle instances, nobody looking / one viewer`,
    ours: `${number(alone)} % / ${number(watched)} % of a core`,
    anchor: 'published in the plan, with 50: supervisord 1.1 %, pm2 0.1 %',
    ratio: `${number(1.1 / alone)}× less than supervisord's`,
    goal: '≤ 0.3 % / ≤ 2 %',
    met: alone <= 0.3 && watched <= 2,
    note: `manager and runners together over ${Math.max(windowMs, IDLE_TICK_MS) / 1000} s and ${windowMs / 1000} s; every instance's figures are taken each 30 s, or each 2 s with a viewer.`,
    raw: { alone, watched },
  };
}

/**
 * @param {number} count
 * @param {number} bytesPerSecond
 * @param {number} listBytes
 * @returns {Row}
 */
function bytesRow(count, bytesPerSecond, listBytes) {
  const pollBytesPerSecond = listBytes / 2;
  return {
    id: 'P28',
    metric: `bytes to an open tab, ${count} idle instances`,
    ours: `${kilobytes(bytesPerSecond)}/s`,
    anchor: `the list every 2 s, as the original polls it: ${kilobytes(pollBytesPerSecond)}/s (${kilobytes(listBytes)} each)`,
    ratio: `${number(pollBytesPerSecond / bytesPerSecond)}× fewer`,
    goal: '≤ 0.5 kB/s',
    met: bytesPerSecond <= 500,
    note: `the goal's 300× is for 1000 instances: the poll grows with their number, these bytes do not.`,
    raw: { bytesPerSecond, listBytes },
  };
}
