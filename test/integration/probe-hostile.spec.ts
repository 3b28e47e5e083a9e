import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, InstanceCreate } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { isAlive } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const STALLED_AFTER_SECONDS = 2;

/** What becomes of an application that answers in each of these ways. */
const READY = ['pours', 'redirects', 'long-header'];
const UNHEALTHY = ['mute', 'drips', 'garbage', 'closes', 'switches', 'promises', 'endless-header'];
/** A probe may take three seconds, and its verdict is looked for on a busy machine. */
const VERDICT_MS = 20_000;

let aikore: AiKoreProcess;
const ids = new Map<string, number>();

async function begin(wish: Partial<InstanceCreate> & { name: string }): Promise<number> {
  const { id } = await aikore.api.create({
    base_blueprint: 'hostile-answers.sh',
    launch_args: wish.name,
    ...wish,
  });
  ids.set(wish.name, id);
  await aikore.api.command(id, 'start');
  return id;
}

const idOf = (name: string): number => ids.get(name) ?? 0;

/** Every connection that the application saw: when, and how many were open at once. */
function connectionsOf(name: string): { atMs: number; open: number }[] {
  const lines = readFileSync(aikore.home(name, 'connections'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [atMs = 0, open = 0] = line.split(' ').map(Number);
    return { atMs, open };
  });
}

/** The most connections inside any second. */
function mostPerSecond(name: string): number {
  const times = connectionsOf(name).map(({ atMs }) => atMs);
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STALLED_AFTER: String(STALLED_AFTER_SECONDS), AIKORE_STOP_GRACE: '1' });
  for (const name of ['falls-silent', ...READY, ...UNHEALTHY, 'heals']) await begin({ name });
});

describe('an application whose port is open', () => {
  it.each(READY)('and that %s is ready: any answer below 500 counts', async (name) => {
    await aikore.api.reaches(idOf(name), 'started', VERDICT_MS);
  });

  it.each(UNHEALTHY)('and that is %s stalls, and the reason says what is wrong', async (name) => {
    const stalled = await aikore.api.reaches(idOf(name), 'stalled', VERDICT_MS);
    expect(stalled.status_reason).toMatch(/port is open/);
    expect(isAlive(stalled.pid ?? 0)).toBe(true);
  });

  it('and that answers 500 stalls until it is well', async () => {
    const id = idOf('heals');
    const stalled = await aikore.api.reaches(id, 'stalled', VERDICT_MS);
    expect(stalled.status_reason).toMatch(/port is open/);
    writeFileSync(aikore.home('heals', 'well'), '');
    expect((await aikore.api.reaches(id, 'started')).pid).toBe(stalled.pid);
  });
});

describe('probes', () => {
  it('are one at a time for each application, however it answers', () => {
    for (const name of [...UNHEALTHY, ...READY, 'heals']) {
      const most = Math.max(...connectionsOf(name).map(({ open }) => open));
      // The application may hear of the end of one connection after it has met the next.
      expect({ name, most: most <= 2 }).toEqual({ name, most: true });
    }
    const slow = ['mute', 'drips'].map((name) => Math.max(...connectionsOf(name).map(({ open }) => open)));
    expect(slow).toEqual([1, 1]);
  });

  it('come at most six times a second', () => {
    for (const name of [...UNHEALTHY, 'heals'])
      expect([name, mostPerSecond(name) <= 6]).toEqual([name, true]);
  });

  it('come every ten seconds once it is ready', async () => {
    const before = connectionsOf('redirects').length;
    await sleep(10_500);
    expect(connectionsOf('redirects').length - before).toBeLessThanOrEqual(2);
  });

  it('notice what was ready and has fallen silent, and that it is back', async () => {
    const id = idOf('falls-silent');
    const { pid } = await aikore.api.reaches(id, 'started');
    writeFileSync(aikore.home('falls-silent', 'ill'), '');
    const stalled = await aikore.api.reaches(id, 'stalled', 30_000);
    expect(stalled.status_reason).toMatch(/was ready/);
    rmSync(aikore.home('falls-silent', 'ill'));
    expect(await aikore.api.reaches(id, 'started', VERDICT_MS)).toMatchObject({ pid, run: 1 });
  });

  it('end with the application, and none comes after a stop', async () => {
    await aikore.api.shutDown(idOf('mute'));
    const count = connectionsOf('mute').length;
    await sleep(1500);
    expect(connectionsOf('mute')).toHaveLength(count);
  });
});

describe("an instance's own probe", () => {
  it('tcp: ready as soon as something accepts, though it never answers', async () => {
    const id = await begin({ name: 'accepts', launch_args: 'mute', probe: 'tcp' });
    await aikore.api.reaches(id, 'started');
    await aikore.api.shutDown(id);
  });

  it('process: ready at once, never asked, and never stalled by silence', async () => {
    const id = await begin({ name: 'portless', launch_args: 'garbage', probe: 'process' });
    await aikore.api.reaches(id, 'started');
    const isStarted = async () => (await aikore.api.instance(id)).status === 'started';
    await staysTrue('it is started', isStarted, (STALLED_AFTER_SECONDS + 1) * 1000);
    expect(() => connectionsOf('portless')).toThrow('ENOENT');
    await aikore.api.shutDown(id);
  });

  it('wins over the one that the blueprint declares', async () => {
    const id = await begin({ name: 'overruled', base_blueprint: 'idles.sh', probe: 'tcp' });
    const stalled = await aikore.api.reaches(id, 'stalled', VERDICT_MS);
    expect(stalled.status_reason).toMatch(/did not become ready/);

    const patched = await aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${id}`, { probe: null });
    expect(patched).toMatchObject({ probe: null, pending_restart: true, status: 'stalled' });
    await aikore.api.command(id, 'restart');
    expect(await aikore.api.reaches(id, 'started')).toMatchObject({ run: 2, pending_restart: false });
    await aikore.api.shutDown(id);
  });

  it('asks for the path that it names, its own prefix included', async () => {
    const viewer = await EventsClient.open(aikore);
    const id = await begin({
      name: 'With Path',
      base_blueprint: 'answers-one-path.sh',
      launch_args: '/instance/with-path/health?a=b',
      probe: 'http ${SUBFOLDER}health?a=b',
    });
    await aikore.api.reaches(id, 'started');
    expect(viewer.statuses(id)).toEqual(['starting', 'started']);
    viewer.end();
    await aikore.api.shutDown(id);
  });
});

describe('an installation', () => {
  it('that prints now and then is not stalled, however long it takes', async () => {
    const id = await begin({ name: 'patient', base_blueprint: 'installs-slowly.sh' });
    await waitFor('it has begun', () => aikore.api.instance(id).then(({ pid }) => pid));
    const isStarting = async () => (await aikore.api.instance(id)).status === 'starting';
    await staysTrue('it is starting', isStarting, STALLED_AFTER_SECONDS * 3000);
    await aikore.api.shutDown(id);
  });

  it('that falls silent stalls, is starting again when it prints, and started when it listens', async () => {
    const viewer = await EventsClient.open(aikore);
    const id = await begin({ name: 'moody', base_blueprint: 'installs-in-steps.sh' });
    const proceed = (step: string) => writeFileSync(aikore.home('moody', step), '');
    const stalled = await aikore.api.reaches(id, 'stalled', VERDICT_MS);
    expect(stalled.status_reason).toMatch(/2 seconds .*printed nothing/);
    proceed('print');
    expect((await aikore.api.reaches(id, 'starting')).status_reason).toMatch(/prints again/);
    proceed('listen');
    expect((await aikore.api.reaches(id, 'started')).pid).toBe(stalled.pid);
    expect(viewer.statuses(id)).toEqual(['starting', 'stalled', 'starting', 'started']);
    viewer.end();
    await aikore.api.shutDown(id);
  });
});
