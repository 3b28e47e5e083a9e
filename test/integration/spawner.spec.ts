import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { spawnerOf, descendantsOf } from '../support/process-tree.js';
import { environmentOf, isAlive, parentOf, processesMentioning, startTicksOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const ROUNDS = process.env['AIKORE_SOAK'] === '1' ? 30 : 4;
const STARTS_AT_ONCE = 20;

const spawnerPid = (aikore: AiKoreProcess): Promise<number> =>
  waitFor('there is a spawner', () => spawnerOf(aikore.pid)?.pid);

function hasOnlyThree(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).join(' ') === '0 1 2';
  } catch {
    return false; // it has just ended
  }
}

describe('what a spawned instance inherits', () => {
  it('is descriptors 0 to 2 and nothing else, in every process of it, whatever AiKore has open', async () => {
    const aikore = await lab.start();
    const viewers = await Promise.all(Array.from({ length: 5 }, () => EventsClient.open(aikore)));
    for (const base_blueprint of ['escapes.sh', 'idles.sh']) {
      const { id } = await aikore.api.create({ name: base_blueprint.replace('.', ' '), base_blueprint });
      const { pid } = await aikore.api.startUp(id);
      const runner = parentOf(pid ?? 0);
      expect(parentOf(runner)).toBe(await spawnerPid(aikore));
      // A shell has pipes of its own while it looks for something; what were inherited would stay.
      await waitFor('all are asleep and have nothing else', () => {
        const tree = descendantsOf(runner).filter(({ isZombie }) => !isZombie);
        return tree.length > 0 && tree.every((process) => hasOnlyThree(process.pid));
      });
    }
    viewers.forEach((viewer) => viewer.end());
    await aikore.stop();
  });
});

describe('SIGKILL of the spawner', () => {
  it('leaves running instances alone: they are stopped, and end, as if nothing had been', async () => {
    const aikore = await lab.start();
    const { id } = await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' });
    const { pid } = await aikore.api.startUp(id);
    const first = await spawnerPid(aikore);
    process.kill(first, 'SIGKILL');
    await waitFor('another spawner', () => {
      const next = spawnerOf(aikore.pid)?.pid;
      return next !== undefined && next !== first;
    });
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    expect(parentOf(parentOf(pid ?? 0))).not.toBe(first);
    await aikore.api.shutDown(id);
    expect(isAlive(pid ?? 0)).toBe(false);
    await aikore.api.startUp(id);
    await aikore.stop();
  });

  it('in the middle of 20 starts: each runs once or says why not, never twice', async () => {
    const aikore = await lab.start();
    const ids: number[] = [];
    for (let index = 0; index < STARTS_AT_ONCE; index += 1) {
      const wish = { name: `counter ${index}`, base_blueprint: 'counter.sh' };
      ids.push((await aikore.api.create(wish)).id);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const victim = await spawnerPid(aikore);
      const starting = ids.map((id) => aikore.api.command(id, 'start'));
      await sleep((200 * (round + Math.random())) / ROUNDS);
      process.kill(victim, 'SIGKILL');
      await Promise.all(starting);
      for (const id of ids) expectOneOrNone(aikore, await settled(aikore, id));
      await Promise.all(ids.map((id) => aikore.api.command(id, 'kill').catch(() => undefined)));
      for (const id of ids) await waitFor('it has ended', async () => isOver(await aikore.api.instance(id)));
    }
    // A start notes itself in this file: none may be there that no run accounts for.
    for (const { name, run } of await aikore.api.instances())
      expect(numbersIn(aikore.home(name, 'starts')).length).toBeLessThanOrEqual(run);
    await aikore.stop();
  }, 300_000);

  const isOver = ({ status }: Instance) => status === 'stopped' || status === 'error';

  function settled(aikore: AiKoreProcess, id: number): Promise<Instance> {
    return waitFor(
      `instance ${id} is started, or in error`,
      async () => {
        const instance = await aikore.api.instance(id);
        return ['started', 'error'].includes(instance.status) && instance;
      },
      30_000,
    );
  }

  /** Markers of the living runs of an instance: one for each copy. */
  function copiesOf({ name }: Instance, aikore: AiKoreProcess): number {
    const markers = processesMentioning(aikore.home(name))
      .map(({ pid }) => environmentOf(pid))
      .filter((environment) => environment.get('INSTANCE_NAME') === name)
      .map((environment) => environment.get('AIKORE_INSTANCE_MARKER'));
    return new Set(markers).size;
  }

  function expectOneOrNone(aikore: AiKoreProcess, instance: Instance): void {
    const { name, status, status_reason } = instance;
    expect({ name, copies: copiesOf(instance, aikore) }).toEqual({
      name,
      copies: status === 'started' ? 1 : 0,
    });
    if (status === 'error') expect(status_reason).toMatch(/^It could not be started: \S/);
  }
});

describe('SIGKILL of AiKore', () => {
  it('takes the spawner along within a second and nothing else; the next AiKore adopts', async () => {
    const aikore = await lab.start();
    const { id } = await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' });
    const { pid } = await aikore.api.startUp(id);
    const startTicks = startTicksOf(pid ?? 0);
    const spawner = await spawnerPid(aikore);
    await aikore.signal('SIGKILL');
    await waitFor('the spawner is gone', () => !isAlive(spawner), 1000);
    expect(startTicksOf(pid ?? 0)).toBe(startTicks);

    const again = await lab.start({}, aikore.dataDir);
    expect(await again.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    await again.api.shutDown(id);
    await again.stop();
  });

  it('also when the spawner has been stopped by somebody', async () => {
    const aikore = await lab.start();
    const spawner = await spawnerPid(aikore);
    process.kill(spawner, 'SIGSTOP');
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    await waitFor('the spawner is gone', () => !isAlive(spawner), 1000);
  });
});
