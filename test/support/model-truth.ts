import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '../../src/contracts/instance.js';
import { noDeeds } from './model-operations.js';
import type { Deeds } from './model-operations.js';
import { copiesByKey } from './model-sampler.js';
import type { World } from './model-world.js';
import { isAlive, startTicksOf } from './processes.js';

const ACTIVE = ['starting', 'started', 'stalled', 'stopping'];
/** Fixtures that end by themselves. */
const RESTLESS = ['crashes-at-random.sh'];

/** What an instance was at the last settled point. */
export type Settled = Map<number, { isActive: boolean; run: number; pid: number | null; autostart: boolean }>;

export function settle(instances: readonly Instance[]): Settled {
  return new Map(
    instances.map(({ id, status, run, pid, autostart }) => [
      id,
      { isActive: ACTIVE.includes(status), run, pid, autostart },
    ]),
  );
}

/**
 * Compares what AiKore says with what the kernel, the folders and the database say. Nobody asks for anything meanwhile,
 * but an application may end by itself between two looks: ask again before believing it.
 */
export function contradictions(world: World, instances: readonly Instance[]): string[] {
  const found: string[] = [];
  const copies = copiesByKey(world.sampler.look());
  for (const instance of instances) {
    const { id, name, status, desired, pid, env, next_restart_at } = instance;
    const markers = copies.get(env['MODEL_KEY'] ?? '')?.size ?? 0;
    copies.delete(env['MODEL_KEY'] ?? '');
    const isActive = ACTIVE.includes(status);
    if (markers !== (isActive ? 1 : 0)) found.push(`${name} is ${status} and has ${markers} copies`);
    if (isActive !== (pid !== null && isAlive(pid)))
      found.push(`${name} is ${status} and its pid is ${String(pid)}`);
    if (status === 'stopping') found.push(`${name} is still stopping`);
    else if ((isActive || next_restart_at !== null) !== (desired === 'running'))
      found.push(`${name} is ${status} but wanted ${desired}`);
    if (!isActive) found.push(...fled(world, name).map((left) => `${name} is ${status} but ${left} lives`));
    const open = world.query('SELECT run FROM runs WHERE instance_id = ? AND ended_at IS NULL', id).length;
    if (open !== (isActive ? 1 : 0)) found.push(`${name} is ${status} with ${open} runs that have no end`);
  }
  for (const key of copies.keys()) found.push(`something of ${key} lives without an instance`);
  return [...found, ...untidy(world, instances)];
}

/** Processes without the marker, known by what they wrote down, that live. */
function fled(world: World, name: string): string[] {
  const file = join(world.dataDir, 'instances', name, 'fled');
  if (!existsSync(file)) return [];
  const noted = readFileSync(file, 'utf8').trim().split('\n');
  return noted.filter((line) => {
    const [pid = '0', ticks] = line.split(' ');
    return isAlive(Number(pid)) && startTicksOf(Number(pid)) === ticks;
  });
}

/** Folders and rows that do not agree. */
function untidy(world: World, instances: readonly Instance[]): string[] {
  const folders = readdirSync(join(world.dataDir, 'instances')).sort();
  const names = instances.map(({ name }) => name).sort();
  if (JSON.stringify(folders) === JSON.stringify(names)) return [];
  return [`the folders are ${folders.join(', ')} and the instances are ${names.join(', ')}`];
}

/** What an instance has become that nothing that was asked of it explains. */
export function unexplained(
  instances: readonly Instance[],
  before: Settled,
  deeds: ReadonlyMap<number, Deeds>,
  deaths: number,
): string[] {
  return instances.flatMap((instance) => {
    const { id, name, status, run, pid, autostart, restart_policy } = instance;
    const past = before.get(id);
    // Made or restored meanwhile; or its restart policy starts it when nobody asks.
    if (past === undefined || restart_policy !== 'no') return [];
    const done = deeds.get(id) ?? noDeeds();
    const most = past.run + done.mayStart + (past.autostart || autostart || done.mayAutostart ? deaths : 0);
    const isActive = ACTIVE.includes(status);
    const mayEnd = done.mayEnd || RESTLESS.includes(instance.base_blueprint);
    const found: string[] = [];
    if (run > most) found.push(`${name} is at run ${run}, though only ${most} can have begun`);
    if (deaths === 0 && run < past.run + done.starts)
      found.push(`${name} is at run ${run}, though ${done.starts} starts were accepted after ${past.run}`);
    if (past.isActive && !mayEnd && (!isActive || pid !== past.pid))
      found.push(`${name} was not asked to end and is ${status} (pid ${String(past.pid)} → ${String(pid)})`);
    return found;
  });
}
