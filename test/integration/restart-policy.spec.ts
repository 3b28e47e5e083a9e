import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, RestartPolicy, Run } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { numbersIn } from '../support/instance-files.js';
import { useLab } from '../support/lab.js';
import { TreeSampler } from '../support/model-sampler.js';
import { isAlive, parentOf } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
/** At most so many restarts in ten minutes. */
const BUDGET = 5;
/** Pauses before the second restart and those after it; the first comes at once. */
const PAUSES_MS = [1000, 2000, 4000, 8000];
const JITTER = 0.25;
/** What a start takes beyond its pause; only the lower bound of a pause is AiKore's alone to keep. */
const SLACK_MS = 5000;

jest.setTimeout(120_000);

let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

async function begin(name: string, restart_policy: RestartPolicy, exitCode = 1): Promise<Instance> {
  const { id } = await aikore.api.create({
    name,
    base_blueprint: 'fails-until.sh',
    launch_args: String(exitCode),
    restart_policy,
  });
  return aikore.api.command(id, 'start');
}

const startsOf = (name: string): number[] => numbersIn(aikore.home(name, 'starts'));

/** Waits until it rests with a restart that is still to come. */
function waitForPause(id: number, restarts: number): Promise<Instance> {
  return waitFor(
    `restart ${restarts + 1} is due`,
    async () => {
      const instance = await aikore.api.instance(id);
      return instance.restarts === restarts && instance.next_restart_at !== null && instance;
    },
    30_000,
  );
}

describe('an instance that fails again and again (R20)', () => {
  it('is restarted at once, then after growing pauses, and rests after the fifth', async () => {
    const viewer = await EventsClient.open(aikore);
    const { id } = await begin('looper', 'on-failure');
    const last = await waitFor(
      'it is given up',
      async () => {
        const instance = await aikore.api.instance(id);
        return instance.status === 'error' && instance.next_restart_at === null && instance;
      },
      60_000,
    );
    expect(last).toMatchObject({
      desired: 'stopped',
      restarts: BUDGET,
      run: BUDGET + 1,
      exit_code: 1,
      pid: null,
    });
    expect(last.status_reason).toMatch(/^[^\n]*(5|five)[^\n]*\.$/);

    const starts = startsOf('looper');
    expect(starts).toHaveLength(BUDGET + 1);
    const gaps = starts.slice(1).map((atMs, index) => atMs - (starts[index] ?? 0));
    expect(gaps[0]).toBeLessThan(SLACK_MS);
    for (const [index, pauseMs] of PAUSES_MS.entries()) {
      // From the end of one run to the beginning of the next; the runs themselves are short.
      expect(gaps[index + 1]).toBeGreaterThanOrEqual(pauseMs * (1 - JITTER) - 50);
      expect(gaps[index + 1]).toBeLessThan(pauseMs * (1 + JITTER) + SLACK_MS);
    }
    expectHonestPauses(viewer, id);
    const runs = await aikore.api.expect<Run[]>(200, 'GET', `api/instances/${id}/runs`);
    expect(runs.map(({ run, exit_code }) => [run, exit_code])).toEqual(
      [6, 5, 4, 3, 2, 1].map((run) => [run, 1]),
    );
    viewer.end();

    // A start by hand begins anew: the first restart comes at once again.
    await aikore.api.command(id, 'start');
    await waitForPause(id, 1);
    expect(startsOf('looper')).toHaveLength(BUDGET + 3);
    await aikore.api.command(id, 'stop');
  });

  /** While it waits it is in error, wanted, without a process, and says when it comes back; the time is not in the past. */
  function expectHonestPauses(viewer: EventsClient, id: number): void {
    const pauses = viewer.states(id).filter(({ next_restart_at }) => next_restart_at !== null);
    expect(new Set(pauses.map(({ restarts }) => restarts))).toEqual(new Set([0, 1, 2, 3, 4]));
    for (const { status, desired, pid, next_restart_at, status_since, restarts } of pauses) {
      expect({ status, desired, pid }).toEqual({ status: 'error', desired: 'running', pid: null });
      const aheadMs = Date.parse(next_restart_at ?? '') - Date.parse(status_since);
      const pauseMs = restarts === 0 ? 0 : (PAUSES_MS[restarts - 1] ?? 0);
      expect(aheadMs).toBeGreaterThanOrEqual(pauseMs * (1 - JITTER) - 100);
      expect(aheadMs).toBeLessThanOrEqual(pauseMs * (1 + JITTER) + 1000);
    }
  }

  it('and is mended between two attempts comes up by itself', async () => {
    const { id } = await begin('mended', 'on-failure');
    await waitForPause(id, 1);
    writeFileSync(aikore.home('mended', 'mended'), '');
    const started = await aikore.api.reaches(id, 'started', 20_000);
    expect(started).toMatchObject({ restarts: 2, next_restart_at: null, desired: 'running', run: 3 });
    await aikore.api.shutDown(id);
    await sleep(500);
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'stopped', run: 3, next_restart_at: null });
  });

  it('never has two copies, whatever is asked of it meanwhile', async () => {
    const sampler = new TreeSampler(`${aikore.dataDir}/`).start();
    const { id } = await begin('contested', 'always', 0);
    for (let round = 0; round < 20; round += 1) {
      await aikore.api.send(
        'POST',
        `api/instances/${id}/${['start', 'restart', 'start', 'kill'][round % 4] ?? ''}`,
      );
      await sleep(50);
    }
    await aikore.api.send('POST', `api/instances/${id}/stop`);
    await waitFor('it rests', async () => {
      const { status, next_restart_at } = await aikore.api.instance(id);
      return status === 'stopped' && next_restart_at === null;
    });
    sampler.stop();
    expect(sampler.violations).toEqual([]);
  });
});

describe('what a policy asks for', () => {
  it.each<[RestartPolicy, number, boolean]>([
    ['no', 1, false],
    ['no', 0, false],
    ['on-failure', 1, true],
    ['on-failure', 0, false],
    ['always', 1, true],
    ['always', 0, true],
  ])('%s, after exit code %d: restarted %j', async (policy, exitCode, isRestarted) => {
    const name = `${policy} ${exitCode}`;
    const { id } = await begin(name, policy, exitCode);
    if (isRestarted) {
      await waitForPause(id, 1);
      await aikore.api.command(id, 'stop');
      await aikore.api.reaches(id, 'stopped');
    } else {
      await aikore.api.reaches(id, 'error');
      await sleep(1500);
      expect(await aikore.api.instance(id)).toMatchObject({ restarts: 0, next_restart_at: null, run: 1 });
    }
    expect(startsOf(name)).toHaveLength(isRestarted ? 2 : 1);
  });

  it('includes an end by a signal, and of what watches over it', async () => {
    const { id } = await begin('struck', 'on-failure');
    writeFileSync(aikore.home('struck', 'mended'), '');
    for (const victim of ['application', 'runner']) {
      const { pid, run } = await aikore.api.reaches(id, 'started', 20_000);
      process.kill(victim === 'application' ? (pid ?? 0) : parentOf(pid ?? 0), 'SIGKILL');
      await waitFor('the next run', async () => (await aikore.api.instance(id)).run > run, 20_000);
      expect(isAlive(pid ?? 0)).toBe(false);
    }
    await aikore.api.reaches(id, 'started', 20_000);
    await aikore.api.shutDown(id);
  });

  it.each(['stop', 'kill'] as const)('never follows a %s', async (word) => {
    const { id } = await begin(`after ${word}`, 'always');
    writeFileSync(aikore.home(`after ${word}`, 'mended'), '');
    await aikore.api.reaches(id, 'started', 20_000);
    await aikore.api.command(id, word);
    const { run } = await aikore.api.reaches(id, 'stopped');
    await sleep(1500);
    expect(await aikore.api.instance(id)).toMatchObject({ status: 'stopped', run, next_restart_at: null });
  });
});

describe('a restart that is due', () => {
  it('is called off by a stop', async () => {
    const { id } = await begin('called off', 'on-failure');
    await waitForPause(id, 2);
    const stopped = await aikore.api.command(id, 'stop');
    expect(stopped).toMatchObject({ status: 'stopped', desired: 'stopped', next_restart_at: null });
    const count = startsOf('called off').length;
    await sleep(3500);
    expect(startsOf('called off')).toHaveLength(count);
  });

  it('is made now by a start', async () => {
    const { id } = await begin('now', 'on-failure');
    await waitForPause(id, 3);
    writeFileSync(aikore.home('now', 'mended'), '');
    const beganMs = performance.now();
    const answer = await aikore.api.command(id, 'start');
    expect(answer).toMatchObject({ desired: 'running', next_restart_at: null, restarts: 0 });
    await aikore.api.reaches(id, 'started');
    // The pause that it was in has at least three seconds.
    expect(performance.now() - beganMs).toBeLessThan(3000);
    await aikore.api.shutDown(id);
  });

  it('does not outlive the instance', async () => {
    const { id } = await begin('doomed', 'on-failure');
    await waitForPause(id, 2);
    const answer = await aikore.api.send('DELETE', `api/instances/${id}?mode=permanent`);
    expect(answer.status).toBe(204);
    await sleep(3500);
    expect(existsSync(aikore.home('doomed'))).toBe(false);
  });

  it.each([
    ['no policy asks for it any more', 'on-failure', 1, { restart_policy: 'no' }],
    ['the policy of the way it ended is none', 'always', 0, { restart_policy: 'on-failure' }],
    ['it is renamed in the same breath', 'on-failure', 1, { restart_policy: 'no', name: 'renamed' }],
  ] as const)('is called off when %s', async (what, policy, exitCode, change) => {
    const { id } = await begin(what.replaceAll(' ', '-'), policy, exitCode);
    await waitForPause(id, 2);
    const answer = await aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${id}`, change);
    expect(answer).toMatchObject({ ...change, status: 'error', desired: 'stopped', next_restart_at: null });
    const count = startsOf(answer.name).length;
    await sleep(3500);
    expect(startsOf(answer.name)).toHaveLength(count);
  });

  it('survives the SIGKILL of AiKore', async () => {
    const mortal = await lab.start({ AIKORE_STOP_GRACE: '1' });
    const { id } = await mortal.api.create({
      name: 'survivor',
      base_blueprint: 'fails-until.sh',
      restart_policy: 'on-failure',
    });
    await mortal.api.command(id, 'start');
    await waitFor(
      'the third restart is due',
      async () => {
        const { restarts, next_restart_at } = await mortal.api.instance(id);
        return restarts === 2 && next_restart_at !== null;
      },
      30_000,
    );
    await mortal.signal('SIGKILL');
    writeFileSync(mortal.home('survivor', 'mended'), '');
    const again = await lab.start({ AIKORE_STOP_GRACE: '1' }, mortal.dataDir);
    const started = await again.api.reaches(id, 'started', 20_000);
    expect(started).toMatchObject({ restarts: 3, next_restart_at: null, run: 4 });
    expect(numbersIn(again.home('survivor', 'starts'))).toHaveLength(4);
    await again.stop();
  });

  it('of something that ended while AiKore was dead is made by the next AiKore', async () => {
    const mortal = await lab.start({ AIKORE_STOP_GRACE: '1' });
    const { id } = await mortal.api.create({
      name: 'bereft',
      base_blueprint: 'fails-until.sh',
      restart_policy: 'on-failure',
    });
    writeFileSync(mortal.home('bereft', 'mended'), '');
    const { pid } = await mortal.api.startUp(id);
    await mortal.signal('SIGKILL');
    process.kill(pid ?? 0, 'SIGKILL');
    await waitFor('it has ended', () => !isAlive(pid ?? 0));
    const again = await lab.start({ AIKORE_STOP_GRACE: '1' }, mortal.dataDir);
    await waitFor('the second run', async () => (await again.api.instance(id)).run === 2, 20_000);
    await again.api.reaches(id, 'started', 20_000);
    await again.stop();
  });
});
