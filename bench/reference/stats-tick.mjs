/**
 * Takes the figures of process trees again and again, by one of several ways, and prints what a time costs.
 *   node bench/reference/stats-tick.mjs aikore|systeminformation|ps TICKS ROOT_PID…
 */
import childProcess from 'node:child_process';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

const [way = '', ticks = '1', ...roots] = process.argv.slice(2);
/** systeminformation gives the same answer again for half a second. */
const PAUSE_MS = 600;

let spawned = 0;
for (const name of /** @type {const} */ ([
  'spawn',
  'exec',
  'execFile',
  'execSync',
  'spawnSync',
  'execFileSync',
])) {
  const original = /** @type {(...args: unknown[]) => unknown} */ (childProcess[name]);
  Object.assign(childProcess, {
    [name]: (/** @type {unknown[]} */ ...args) => {
      spawned += 1;
      return original(...args);
    },
  });
}
syncBuiltinESMExports();

/** Fields of /proc/self/stat. @param {number[]} indexes counted from the state */
function ticksOfSelf(...indexes) {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return indexes.reduce((sum, index) => sum + Number(fields[index]), 0);
}

/** What this process used, and the children that it waited for, in milliseconds. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, children: ticksOfSelf(13, 14) * 10 };
}

async function aikoreTick() {
  const { InstanceTrees } = await import('../../dist/server/features/system/instance-trees.js');
  const found = new Map(
    roots.map((pid, index) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
      return [index, { pid: Number(pid), startTicks, startedAtMs: Date.now(), gpuIds: null }];
    }),
  );
  const trees = new InstanceTrees({ find: () => Promise.resolve(found) });
  return async () => (await trees.measure()).length;
}

async function systeminformationTick() {
  const { default: si } = await import('systeminformation');
  return async () => (await si.processes()).all;
}

async function psTick() {
  const { execFileSync } = await import('node:child_process');
  return () => execFileSync('ps', ['-eo', 'pid,ppid,time,rss'], { encoding: 'utf8' }).length;
}

const makers = { aikore: aikoreTick, systeminformation: systeminformationTick, ps: psTick };
const tick = await makers[/** @type {keyof typeof makers} */ (way)]();
await tick();
spawned = 0;
let costMs = 0;
for (let count = 0; count < Number(ticks); count += 1) {
  await delay(PAUSE_MS);
  const before = cpuMs();
  await tick();
  const after = cpuMs();
  costMs += after.own - before.own + after.children - before.children;
}
process.stdout.write(
  JSON.stringify({ cpuMsPerTick: costMs / Number(ticks), spawnedPerTick: spawned / Number(ticks) }),
);
