import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import type { Instance, InstanceCreate, Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { isAlive } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const STALLED_AFTER_SECONDS = 2;
let aikore: AiKoreProcess;
/** Begun first and looked at last, because a ready application is asked only every ten seconds. */
let hanging: Instance;

async function begin(wish: InstanceCreate): Promise<Instance> {
  const { id } = await aikore.api.create(wish);
  return aikore.api.command(id, 'start');
}

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STALLED_AFTER: String(STALLED_AFTER_SECONDS), AIKORE_STOP_GRACE: '1' });
  hanging = await begin({ name: 'hanging', base_blueprint: 'hangs.sh' });
  await aikore.api.reaches(hanging.id, 'started');
});

describe('a script that fails', () => {
  it('is in error with its exit code, and its last lines are the evidence', async () => {
    const { id } = await begin({ name: 'failing', base_blueprint: 'exits-three.sh' });
    const failed = await aikore.api.reaches(id, 'error');
    expect(failed).toMatchObject({ exit_code: 3, exit_signal: null, pid: null, desired: 'stopped' });
    expect(failed.evidence).toEqual(['looking for the model', 'fatal: there is no model', 'giving up']);
    expect(failed.status_reason).toContain('exit code 3');
    const [run] = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(run).toMatchObject({ run: 1, exit_code: 3, exit_signal: null, reason: failed.status_reason });

    // Stopping acknowledges the failure; what failed may also be started again.
    await aikore.api.command(id, 'start');
    expect(await aikore.api.reaches(id, 'error')).toMatchObject({ run: 2 });
    expect(await aikore.api.command(id, 'stop')).toMatchObject({ status: 'stopped' });
  });

  it('cannot even be started when bash is missing a folder to run in: it says so', async () => {
    const { id, name } = await aikore.api.create({ name: 'no folder', base_blueprint: 'idles.sh' });
    rmSync(aikore.home(name), { recursive: true });
    writeFileSync(aikore.home(name), 'a file where the folder should be');
    await aikore.api.command(id, 'start');
    const failed = await aikore.api.reaches(id, 'error');
    expect(failed.status_reason).toMatch(/^It could not be started: /);
    expect(failed).toMatchObject({ pid: null, exit_code: null, run: 0 });
    rmSync(aikore.home(name));
  });
});

describe('an application that is slow', () => {
  it('is starting until it listens, and started then', async () => {
    const viewer = await EventsClient.open(aikore);
    const { id } = await begin({ name: 'late', base_blueprint: 'binds-late.sh' });
    await aikore.api.reaches(id, 'started');
    expect(viewer.statuses(id)).toEqual(['starting', 'started']);
    const [starting, started] = ['starting', 'started'].map((word) =>
      Date.parse(viewer.states(id).find(({ status }) => status === word)?.status_since ?? ''),
    );
    expect((started ?? 0) - (starting ?? 0)).toBeGreaterThan(1200);
    viewer.end();
    await aikore.api.shutDown(id);
  });

  it('is starting as long as it prints, stalled when it falls silent, starting when it prints again', async () => {
    const { id } = await begin({ name: 'silent', base_blueprint: 'never-listens.sh' });
    await staysTrue(
      'it is starting',
      async () => (await aikore.api.instance(id)).status === 'starting',
      (STALLED_AFTER_SECONDS + 1) * 1000,
    );
    writeFileSync(aikore.home('silent', 'quiet'), '');
    const silentMs = performance.now();
    const stalled = await aikore.api.reaches(id, 'stalled', 6000);
    expect(performance.now() - silentMs).toBeGreaterThan(STALLED_AFTER_SECONDS * 1000 - 500);
    expect(stalled.status_reason).toMatch(/2 seconds .*printed nothing/);
    expect(isAlive(stalled.pid ?? 0)).toBe(true);
    rmSync(aikore.home('silent', 'quiet'));
    expect((await aikore.api.reaches(id, 'starting')).status_reason).toMatch(/prints again/);
    await aikore.api.shutDown(id);
  });

  it('is stalled when its port is open and unhealthy, whatever it prints', async () => {
    const { id } = await begin({ name: 'broken', base_blueprint: 'answers-500.sh' });
    const stalled = await aikore.api.reaches(id, 'stalled', 8000);
    expect(stalled.status_reason).toMatch(/port is open/);
    await aikore.api.shutDown(id);
  });

  it('is stalled when it was ready and answers no more', async () => {
    const stalled = await aikore.api.reaches(hanging.id, 'stalled', 25_000);
    expect(stalled.status_reason).toMatch(/was ready/);
    expect(isAlive(stalled.pid ?? 0)).toBe(true);
    await aikore.api.shutDown(hanging.id);
  });
});

describe('a process that is killed from outside', () => {
  it('is told within a second, with the signal', async () => {
    const viewer = await EventsClient.open(aikore);
    const { id } = await begin({ name: 'victim', base_blueprint: 'idles.sh' });
    const { pid } = await aikore.api.reaches(id, 'started');
    const killedMs = performance.now();
    process.kill(pid ?? 0, 'SIGKILL');
    await waitFor('the event', () => viewer.statuses(id).at(-1) === 'error', 5000);
    expect(performance.now() - killedMs).toBeLessThan(1000);
    const last = viewer.states(id).at(-1);
    expect(last).toMatchObject({ exit_signal: 'SIGKILL', exit_code: null, pid: null });
    expect(last?.status_reason).toContain('SIGKILL');
    expect(viewer.statuses(id)).toEqual(['starting', 'started', 'error']);
    viewer.end();
  });

  it('takes its whole tree along before it is said to have ended', async () => {
    const { id } = await begin({ name: 'parent', base_blueprint: 'escapes.sh' });
    const { pid } = await aikore.api.reaches(id, 'started');
    const fled = await waitFor('three have fled', () => {
      const pids = numbersIn(aikore.home('parent', 'pids'));
      return pids.length === 3 && pids;
    });
    process.kill(pid ?? 0, 'SIGKILL');
    await aikore.api.reaches(id, 'error');
    expect(fled.filter(isAlive)).toEqual([]);
  });
});
