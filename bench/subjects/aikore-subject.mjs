import { join } from 'node:path';
import { Aikore } from '../lib/aikore.mjs';
import { parentOf } from '../lib/proc.mjs';
import { idleNames } from './subject.mjs';

/**
 * @param {import('./subject.mjs').Wish} wish
 * @returns {Promise<import('./subject.mjs').Subject>}
 */
export async function aikoreSubject({ folder, idleCount, stamps, floodBytes }) {
  const aikore = await Aikore.start(folder);
  /** @type {Map<string, import('../lib/events.mjs').Instance>} */
  const instances = new Map();
  /** @type {Map<string, number>} */
  const runners = new Map();
  const add = async (
    /** @type {string} */ name,
    /** @type {string} */ blueprint,
    /** @type {Record<string, unknown>} */ more = {},
  ) => instances.set(name, await aikore.create(name, blueprint, more));
  for (const name of idleNames(idleCount)) await add(name, 'bench-idle');
  await add('stamp', 'bench-stamp', { env: { STAMPS: stamps }, restart_policy: 'always' });
  await add('print', 'bench-print', { env: { FLOOD_BYTES: String(floodBytes) } });
  const idOf = (/** @type {string} */ program) => instances.get(program)?.id ?? 0;
  const pidOf = async (/** @type {string} */ program) => {
    const { pid } = await aikore.events.until(
      idOf(program),
      ({ status, pid }) => status === 'started' && pid !== null,
    );
    runners.set(program, parentOf(Number(pid)));
    return Number(pid);
  };
  return {
    name: 'AiKore',
    pids: () => [aikore.pid, ...runners.values()],
    start: async (program) => void (await aikore.api('POST', `/api/instances/${idOf(program)}/start`)),
    stop: async (program) => {
      await aikore.kill(idOf(program));
      runners.delete(program);
    },
    pidOf,
    untilToldEnd: async (program) => {
      const before = aikore.events.instances.get(idOf(program))?.restarts ?? 0;
      // `error` is over in a moment where a restart comes at once.
      await aikore.events.until(
        idOf(program),
        ({ status, restarts }) => status === 'error' || restarts > before,
      );
      return performance.timeOrigin + performance.now();
    },
    printLog: join(folder, 'instances', 'print', 'output.log'),
    close: () => aikore.stop(),
  };
}
