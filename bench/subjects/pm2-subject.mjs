import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SUBJECT_CPU } from '../lib/affinity.mjs';
import { until } from '../lib/wait.mjs';
import { idleNames, scripts } from './subject.mjs';

/**
 * @param {string} packageFolder of pm2
 * @param {import('./subject.mjs').Wish} wish
 * @returns {Promise<import('./subject.mjs').Subject>}
 */
export async function pm2Subject(packageFolder, { folder, idleCount, stamps, floodBytes }) {
  mkdirSync(folder, { recursive: true });
  // It reads the variable once in the life of this process, so that all its daemons share one home.
  const home = join(dirname(folder), 'pm2');
  process.env['PM2_HOME'] = home;
  // pm2 is no dependency and has no types here.
  const pm2 = createRequire(join(packageFolder, 'package.json'))(packageFolder);
  const call = (/** @type {string} */ method, /** @type {unknown[]} */ ...values) =>
    promisify(pm2[method].bind(pm2))(...values);
  await call('connect');
  const daemon = Number(readFileSync(join(home, 'pm2.pid'), 'utf8'));
  execFileSync('taskset', ['-cp', String(SUBJECT_CPU), String(daemon)]);
  const bus = await call('launchBus');
  /** @type {Map<string, number>} */
  const toldMs = new Map();
  bus.on('process:event', (/** @type {{ event: string, process: { name: string } }} */ news) => {
    if (news.event === 'exit') toldMs.set(news.process.name, performance.timeOrigin + performance.now());
  });
  const add = async (
    /** @type {string} */ name,
    /** @type {string} */ script,
    /** @type {Record<string, string>} */ env = {},
  ) => {
    const log = join(folder, `${name}.log`);
    const autorestart = name === 'stamp';
    const kill_timeout = 100;
    await call('start', {
      name,
      script,
      interpreter: 'bash',
      env,
      autorestart,
      output: log,
      error: log,
      kill_timeout,
    });
    await call('stop', name);
  };
  for (const name of idleNames(idleCount)) await add(name, scripts.idle);
  await add('stamp', scripts.stamp, { STAMPS: stamps });
  await add('print', scripts.print, { FLOOD_BYTES: String(floodBytes) });
  return {
    name: 'pm2',
    pids: () => [daemon],
    start: async (name) => {
      toldMs.delete(name);
      await call('restart', name);
    },
    stop: async (name) => void (await call('stop', name)),
    pidOf: async (name) => {
      const [about] = await call('describe', name);
      return Number(about.pid);
    },
    untilToldEnd: async (name) => {
      await until('pm2 tells the end', () => toldMs.has(name), { everyMs: 1 });
      const atMs = toldMs.get(name) ?? Number.NaN;
      toldMs.delete(name);
      return atMs;
    },
    printLog: join(folder, 'print.log'),
    close: async () => {
      await call('killDaemon');
      pm2.disconnect();
    },
  };
}
