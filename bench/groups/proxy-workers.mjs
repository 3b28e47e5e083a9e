import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { Aikore } from '../lib/aikore.mjs';
import { REFERENCE } from '../lib/places.mjs';
import { GENERATOR_CPU } from '../lib/affinity.mjs';
import { findProgram } from '../lib/programs.mjs';
import { startNode, stop } from '../lib/processes.mjs';
import { untilListening } from '../lib/wait.mjs';

/** P16: what is left of NGINX's workers after starts and stops beside an open WebSocket. */
export const proxyWorkers = {
  ids: ['P16'],
  title: 'workers after starts and stops',
  /** @param {import('../run.mjs').Bench} bench */
  async run(bench) {
    if (findProgram('nginx') === null) return [];
    const aikore = await Aikore.start(join(bench.scratch, 'workers'), { proxy: 'auto' });
    const turns = bench.isQuick ? 10 : 100;
    try {
      const application = await aikore.create('Application', 'bench-idle');
      const { port, slug } = await aikore.start(application.id);
      const origin = startNode(GENERATOR_CPU, join(REFERENCE, 'origin.mjs'), port);
      await untilListening(port);
      const socket = new WebSocket(`ws://127.0.0.1:${aikore.appsPort}/instance/${slug}/`, {
        headers: aikore.bearer,
      });
      let cut = 0;
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.once('close', () => (cut += 1));
      const before = workersIn(aikore.dataDir);
      const restless = await aikore.create('Restless', 'bench-idle');
      for (let turn = 0; turn < turns; turn += 1) {
        await aikore.start(restless.id);
        await aikore.kill(restless.id);
      }
      const after = workersIn(aikore.dataDir);
      const extra = after.filter((pid) => !before.includes(pid)).length;
      const row = rowOf(turns, before.length, extra, cut);
      socket.terminate();
      await stop(origin);
      return [row];
    } finally {
      await aikore.stop();
    }
  },
};

/**
 * Processes that are called worker and have NGINX's folder as their own.
 * @param {string} dataDir
 */
function workersIn(dataDir) {
  const folder = realpathSync(join(dataDir, 'run', 'nginx'));
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const title = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return title.startsWith('nginx: worker') && readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    });
}

/**
 * @param {number} turns
 * @param {number} workers
 * @param {number} extra
 * @param {number} cut
 * @returns {import('../lib/report.mjs').Row}
 */
function rowOf(turns, workers, extra, cut) {
  return {
    id: 'P16',
    metric: `NGINX's workers after ${turns} starts and stops, one WebSocket open`,
    ours: `${extra} more, ${cut} sockets cut`,
    anchor: 'a reload at every change: one worker more each (14 MB, measured before)',
    ratio: '–',
    goal: '0 more, 0 cut',
    met: extra === 0 && cut === 0,
    note: `${workers} workers; nothing is reloaded.`,
    raw: { turns, workers, extra, cut },
  };
}
