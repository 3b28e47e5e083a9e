import { appendFileSync, closeSync, existsSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { Aikore } from '../lib/aikore.mjs';
import { ms, times } from '../lib/format.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { roundsNote } from '../lib/report.mjs';
import { inTurn } from '../lib/rounds.mjs';
import { median, quantile, ratio } from '../lib/statistics.mjs';
import { freePort, until, untilListening } from '../lib/wait.mjs';

const VIEWERS = 50;
/** No divisor of the reference's interval, so that the lines come at all moments of it. */
const LINE_EVERY_MS = 13;

/** Collects how long lines took that carry the time at which they were written. */
class Latencies {
  /** @type {number[]} */
  values = [];

  /** @param {string} content */
  take(content) {
    const nowMs = performance.now();
    for (const line of content.split('\n')) if (line !== '') this.values.push(nowMs - Number(line));
  }
}

/** P12: from a line that an application prints to fifty viewers. */
export const logsFollow = {
  ids: ['P12'],
  title: `a line to ${VIEWERS} viewers`,
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    const lines = bench.isQuick ? 20 : 200;
    const aikore = await Aikore.start(join(bench.scratch, 'follow'));
    const latencies = { aikore: new Latencies(), poll: new Latencies() };
    try {
      const ours = await followAikore(aikore, latencies.aikore);
      const theirs = await followPoll(join(bench.scratch, 'follow-poll.log'), latencies.poll);
      /** @type {Record<string, number[]>} */
      const p50 = { aikore: [], poll: [] };
      const measure = async (
        /** @type {'aikore' | 'poll'} */ name,
        /** @type {(line: string) => void} */ write,
      ) => {
        const values = await writeLines(latencies[name], write, lines);
        p50[name]?.push(quantile(values, 0.5));
        return quantile(values, 0.99);
      };
      const outcome = await inTurn({ ...bench, budgetMs: 60_000 }, [
        { name: 'aikore', run: () => measure('aikore', ours.write) },
        { name: 'poll', run: () => measure('poll', theirs.write) },
      ]);
      ours.close();
      await theirs.close();
      return [rowOf(outcome, p50)];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * @param {Latencies} latencies
 * @param {(line: string) => void} write
 * @param {number} lines
 */
async function writeLines(latencies, write, lines) {
  latencies.values = [];
  for (let line = 0; line < lines; line += 1) {
    write(`${performance.now()}\n`);
    await delay(LINE_EVERY_MS);
  }
  await until('every viewer has every line', () => latencies.values.length >= lines * VIEWERS);
  return latencies.values;
}

/**
 * @param {Aikore} aikore
 * @param {Latencies} latencies
 */
async function followAikore(aikore, latencies) {
  const instance = await aikore.create('Echo', 'bench-echo');
  await aikore.start(instance.id);
  const pipe = join(aikore.home(instance), 'in');
  await until('the script reads', () => existsSync(pipe));
  let greetings = 0;
  const viewers = await Promise.all(Array.from({ length: VIEWERS }, () => aikore.view()));
  for (const viewer of viewers) {
    // The first message says where the log stands.
    viewer.onLog = () => {
      greetings += 1;
      viewer.onLog = (content) => latencies.take(content);
    };
    viewer.follow(instance.id);
  }
  await until('all viewers follow', () => greetings === VIEWERS);
  const handle = openSync(pipe, 'a');
  return {
    write: (/** @type {string} */ line) => void writeSync(handle, line),
    close: () => {
      closeSync(handle);
      for (const viewer of viewers) viewer.close();
    },
  };
}

/**
 * @param {string} log
 * @param {Latencies} latencies
 */
async function followPoll(log, latencies) {
  writeFileSync(log, '');
  const port = await freePort();
  const server = startNode(SUBJECT_CPU, join(REFERENCE, 'poll-follower.mjs'), port, log);
  await untilListening(port);
  const viewers = await Promise.all(Array.from({ length: VIEWERS }, () => connect(port, latencies)));
  return {
    write: (/** @type {string} */ line) => appendFileSync(log, line),
    close: async () => {
      for (const viewer of viewers) viewer.close();
      await stop(server);
    },
  };
}

/**
 * @param {number} port
 * @param {Latencies} latencies
 * @returns {Promise<WebSocket>}
 */
function connect(port, latencies) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  socket.on('message', (data) => latencies.take(JSON.parse(data.toString()).data.content));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => resolve(socket));
  });
}

/**
 * @param {import('../lib/rounds.mjs').Outcome} outcome
 * @param {Record<string, number[]>} p50
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(outcome, p50) {
  const { aikore = [], poll = [] } = outcome.series;
  const p99Ms = median(aikore);
  return {
    id: 'P12',
    metric: `printed → ${VIEWERS} viewers have it, p50 / p99`,
    ours: `${ms(median(p50['aikore'] ?? []))} / ${ms(p99Ms)}`,
    anchor: `a poll every 100 ms ${ms(median(p50['poll'] ?? []))} / ${ms(median(poll))}; the original AiKore polls every 2 s`,
    ratio: `${times(ratio(poll, aikore))} faster than the 100 ms poll (p99)`,
    goal: '≤ 50 ms, 40× faster than a 2 s poll',
    met: p99Ms <= 50,
    note: `all viewers and their JSON run in the one process that measures. ${roundsNote(outcome)}.`,
    raw: { ...outcome, p50 },
  };
}
