import { expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startContainer } from '../support/docker/container.js';
import { BLOCKED_BY_SIGUSR2 } from '../support/docker/faults.js';
import { describeWith, useImage } from '../support/docker/image.js';
import { isAnswering, killAikore, pidOfAikore, processesIn, runOf } from '../support/docker/inside.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(120_000);
const image = await useImage();

/** Docker's own patience before it kills. */
const DOCKER_GRACE_MS = 10_000;

const start = async (env: Record<string, string> = {}) =>
  (await startContainer({ image: image!, env })).waitHealthy();

describeWith(image)('docker stop', () => {
  it('ends a deaf instance within the time that Docker gives, in order', async () => {
    const container = await start();
    await runOf(container, 'ignores-term.sh');
    await runOf(container, 'escapes.sh');
    await runOf(container, 'idles.sh');
    const { code, durationMs } = await container.stop();
    expect(code).toBe(0);
    expect(durationMs).toBeLessThan(DOCKER_GRACE_MS);
    expect(await container.logs()).toContain('Stopping the instances');

    await container.startAgain();
    await container.waitHealthy();
    for (const instance of await container.api.instances())
      expect(instance).toMatchObject({ status: 'stopped', desired: 'stopped', pid: null });
    expect((await processesIn(container)).filter(({ args }) => args.includes('launch.sh'))).toEqual([]);
  });

  it('takes an idle one no time', async () => {
    const container = await start();
    const { code, durationMs } = await container.stop();
    expect(code).toBe(0);
    expect(durationMs).toBeLessThan(DOCKER_GRACE_MS / 2);
  });

  it('reaches an AiKore that somebody has frozen', async () => {
    const container = await start();
    const { id } = await runOf(container, 'counter.sh');
    await killAikore(container, 'STOP');
    expect(await container.stop()).toMatchObject({ code: 0 });
    await container.startAgain();
    await container.waitHealthy();
    expect(await container.api.instance(id)).toMatchObject({ status: 'stopped', pid: null });
  });

  it('may be said twice, and in other words', async () => {
    const container = await start();
    await runOf(container, 'ignores-term.sh');
    const [first, second] = await Promise.all([container.stop(), sleep(500).then(() => container.stop())]);
    expect([first.code, second.code]).toEqual([0, 0]);
    // Ctrl-C at a terminal, and what others send.
    for (const signal of ['INT', 'QUIT']) {
      await container.startAgain();
      await container.waitHealthy();
      await container.kill(signal);
      expect(await container.waitEnd()).toBe(0);
    }
  });

  it('during the boot waits for its end and leaves nothing half done', async () => {
    const container = await startContainer({ image: image! });
    await waitFor('AiKore has begun', () => pidOfAikore(container));
    expect(await container.stop()).toMatchObject({ code: 0 });
    await container.startAgain();
    await container.waitHealthy();
  });
});

describeWith(image)('docker stop without AiKore', () => {
  it('asks the instances to end while AiKore waits to be started again', async () => {
    const container = await start();
    const { id } = await runOf(container, 'idles.sh');
    // As after many deaths: the next one is followed by the longest pause.
    await container.shell('echo 20 >/run/aikore/deaths');
    await killAikore(container);
    const waits = async () => (await processesIn(container)).some(({ args }) => args === 'sleep 30');
    await waitFor('the next start waits', waits);
    const { code, durationMs } = await container.stop();
    expect({ code, isInTime: durationMs < DOCKER_GRACE_MS }).toEqual({ code: 1, isInTime: true });
    expect(await container.logs()).toContain('they are asked to end');

    await container.startAgain();
    await container.waitHealthy();
    // By SIGTERM, and noted by its runner: the container's end would have been SIGKILL, and nobody's note.
    expect(await container.api.instance(id)).toMatchObject({ pid: null, exit_signal: 'SIGTERM' });
  });

  it('ends an AiKore that does not listen, and asks the instances then', async () => {
    const container = await start({ AIKORE_STOP_GRACE: '1', ...BLOCKED_BY_SIGUSR2 });
    const { id } = await runOf(container, 'idles.sh');
    await killAikore(container, 'USR2');
    await waitFor('it answers no more', async () => !(await isAnswering(container)));
    expect(await container.stop(60)).toMatchObject({ code: 1 });
    await container.startAgain();
    await container.waitHealthy();
    expect(await container.api.instance(id)).toMatchObject({ pid: null, exit_signal: 'SIGTERM' });
  });
});
