import { expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startContainer } from '../support/docker/container.js';
import type { Container } from '../support/docker/container.js';
import { docker, dockerSays } from '../support/docker/docker.js';
import { BLOCKED_BY_SIGUSR2, REFUSAL, REFUSES_WHILE_TOLD } from '../support/docker/faults.js';
import { describeWith, useImage } from '../support/docker/image.js';
import {
  createOf,
  isAnswering,
  killAikore,
  pidOfAikore,
  processesIn,
  runOf,
  startOf,
  waitForSuccessor,
} from '../support/docker/inside.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(180_000);
const image = await useImage();

/** The least that the watchdog takes; it asks once in two seconds then. */
const WATCHFUL = { AIKORE_WATCHDOG_SECONDS: '12' };

const start = async (env: Record<string, string> = {}, run: string[] = []) =>
  (await startContainer({ image: image!, env, run })).waitHealthy();

/** A container with an instance that counts, and what must be true of it after AiKore came back. */
async function withCounter(env: Record<string, string> = {}, run: string[] = []) {
  const container = await start(env, run);
  const { id, pid } = await runOf(container, 'counter.sh');
  const began = await startOf(container, pid);
  const expectUntouched = async () => {
    expect(await container.api.instance(id)).toMatchObject({ status: 'started', pid, run: 1 });
    expect(await startOf(container, pid)).toBe(began);
    expect(await container.shell('cat /config/instances/counter/starts')).toBe(String(pid));
  };
  return { container, id, pid, expectUntouched };
}

const nginxMaster = (processes: Awaited<ReturnType<typeof processesIn>>): number =>
  processes.find(({ args }) => args.startsWith('nginx: master'))?.pid ?? 0;

describeWith(image)('AiKore killed inside', () => {
  it('comes back and finds its instances, its NGINX and its terminals again', async () => {
    const { container, expectUntouched } = await withCounter();
    const nginx = nginxMaster(await processesIn(container));
    await waitForSuccessor(container, await killAikore(container));
    await expectUntouched();
    expect(nginxMaster(await processesIn(container))).toBe(nginx);
    expect(await container.logs()).toContain('1 running instance found again');
  });

  it('again and again comes back after growing pauses, and not more often', async () => {
    const { container, expectUntouched } = await withCounter();
    const deaths = async () => Number(await container.shell('cat /run/aikore/deaths 2>/dev/null || echo 0'));
    for (let count = 1; count <= 4; count += 1) {
      // Of a start that waits too: an end is an end.
      const pid = await waitFor('the next start', () => pidOfAikore(container));
      await container.shell(`kill -KILL ${pid}`);
      await waitFor(`death ${count}`, async () => (await deaths()) === count);
    }
    const waits = async () => (await processesIn(container)).some(({ args }) => args === 'sleep 4');
    await waitFor('the fifth start waits for four seconds', waits);
    await waitForSuccessor(container, null);
    await expectUntouched();
  });

  it('by aikore-restart leaves the instances alone', async () => {
    const { container, expectUntouched } = await withCounter();
    const pid = await pidOfAikore(container);
    await container.shell('aikore-restart');
    await waitForSuccessor(container, pid);
    await expectUntouched();
  });

  it('and refusing to start does not end the container while an instance lives', async () => {
    const { container, expectUntouched } = await withCounter(REFUSES_WHILE_TOLD);
    await container.shell(`touch ${REFUSAL}`);
    await killAikore(container);
    const refusals = async () => (await container.logs()).split('told to refuse').length - 1;
    await waitFor('it has refused three times', async () => (await refusals()) >= 3);
    expect(await container.isRunning()).toBe(true);
    await container.shell(`rm ${REFUSAL}`);
    await waitForSuccessor(container, null);
    await expectUntouched();
  });

  it('ends the container when it refuses to start and nothing lives', async () => {
    const container = await start(REFUSES_WHILE_TOLD);
    await container.shell(`touch ${REFUSAL}`);
    await killAikore(container);
    expect(await container.waitEnd()).toBe(1);
    expect(await container.logs()).toContain('aikore: told to refuse');
  });
});

describeWith(image)('an AiKore that is stuck', () => {
  it.each([
    ['frozen', 'STOP', {}],
    ['in an endless loop', 'USR2', BLOCKED_BY_SIGUSR2],
  ])('%s is told apart from a live one, and replaced', async (_, signal, env) => {
    const { container, expectUntouched } = await withCounter({ ...WATCHFUL, ...env });
    await sleepUntilWatched(container);
    const pid = await killAikore(container, signal);
    expect(await isAnswering(container)).toBe(false);
    await waitForSuccessor(container, pid);
    await expectUntouched();
    expect(await container.logs()).toContain('is started anew; the instances run on.');
  });

  it('is not what a container is that was paused', async () => {
    const { container, expectUntouched } = await withCounter(WATCHFUL);
    await sleepUntilWatched(container);
    const pid = await pidOfAikore(container);
    await dockerSays('pause', container.name);
    await sleep(15_000);
    await dockerSays('unpause', container.name);
    await waitFor('it answers', () => isAnswering(container));
    await sleep(6000);
    expect(await pidOfAikore(container)).toBe(pid);
    await expectUntouched();
    await waitFor('it is healthy again', async () => (await health(container)) === 'healthy');
  });

  it('is not what an AiKore is that cannot be asked for want of processes', async () => {
    const { container } = await withCounter(WATCHFUL);
    await sleepUntilWatched(container);
    const pid = await pidOfAikore(container);
    await dockerSays('update', '--pids-limit=1', container.name);
    await sleep(16_000);
    await dockerSays('update', '--pids-limit=-1', container.name);
    await waitFor('it answers', () => isAnswering(container));
    expect(await pidOfAikore(container)).toBe(pid);
  });
});

const health = (container: Container) => container.inspect('{{.State.Health.Status}}');

/** Until the watchdog has heard the first answer: who has never given one may still be at its boot. */
async function sleepUntilWatched(container: Container): Promise<void> {
  await waitFor('the watchdog lives', () => container.exec('pgrep', '--full', './run watchdog'));
  await sleep(4000);
}

describeWith(image)('what AiKore needs', () => {
  it('is mended while it lives: NGINX, its workers, the spawner', async () => {
    const { container, expectUntouched } = await withCounter();
    const apps = async () => fetch(`${container.apps}/`, { redirect: 'manual' }).then(({ status }) => status);
    const serves = () => waitFor('applications are served', async () => (await apps().catch(() => 0)) > 0);
    await serves();
    const master = nginxMaster(await processesIn(container));
    await container.shell("pkill -KILL --full '^nginx: worker'");
    await serves();
    expect(nginxMaster(await processesIn(container))).toBe(master);

    await container.shell(`kill -KILL ${master}`);
    await waitFor('another NGINX runs', async () => {
      const now = nginxMaster(await processesIn(container));
      return now > 0 && now !== master;
    });
    await serves();

    await container.shell("pkill -KILL --full 'aikore-runner --spawner'");
    await runOf(container, 'idles.sh');
    await expectUntouched();
  });

  it('never becomes a zombie, nor does anything else', async () => {
    const { container } = await withCounter();
    await container.shell('for _ in {1..200}; do (sleep 0.2 &); done');
    await waitFor('they have ended', async () => {
      const processes = await processesIn(container);
      return !processes.some(({ args, ppid }) => ppid === 1 && args.startsWith('sleep'));
    });
    // A process may be seen between its end and its parent's look; nothing stays so.
    await waitFor('no zombie is left', async () =>
      (await processesIn(container)).every(({ state }) => state !== 'Z'),
    );
  });
});

describeWith(image)('the container killed', () => {
  it('comes up with true rows, starts what starts by itself, and nothing old is in the way', async () => {
    const container = await start();
    const left = await createOf(container, 'idles.sh');
    const own = await createOf(container, 'counter.sh', { autostart: true });
    for (const { id } of [left, own]) await container.api.startUp(id);
    await container.kill();
    expect(await container.inspect('{{.State.ExitCode}}')).toBe('137');
    await container.startAgain();
    await container.waitHealthy();
    expect(await container.api.instance(left.id)).toMatchObject({ status: 'error', pid: null });
    expect(await container.api.reaches(own.id, 'started')).toMatchObject({ run: 2 });
    expect(await container.stop()).toMatchObject({ code: 0 });
  });

  it('and kept by its engine as it was, forgets what it had said and cleans up after its X servers', async () => {
    const container = await startContainer({ image: image!, isPlain: true });
    await container.waitHealthy();
    await container.shell(`
      printf '%10d\\n' 1 >/tmp/.X7-lock
      touch /tmp/.X11-unix/X7
      echo 2 >/run/aikore/exit-code
      echo 20 >/run/aikore/deaths`);
    await container.kill();
    await container.startAgain();
    await container.waitHealthy();
    const { stdout } = await docker(
      'exec',
      container.name,
      'ls',
      '-A',
      '/tmp',
      '/tmp/.X11-unix',
      '/run/aikore',
    );
    expect(stdout).not.toMatch(/X7|exit-code|deaths/);
    expect(await container.stop()).toMatchObject({ code: 0 });
  });
});
