import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Run } from '../../src/contracts/instance.js';
import type { SystemInfo, SystemStats } from '../../src/contracts/system.js';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { isAlive, processesMentioning, startTicksOf } from '../support/processes.js';
import { SmallDisk } from '../support/small-disk.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
/** What could not be stored is tried again within half a minute. */
const RECOVERY_LIMIT_MS = 45_000;
const PASSWORD = 'a password that is long';

let disk: SmallDisk | null = null;
let steps = '';
let count = 0;
const started: AiKoreProcess[] = [];

beforeEach(() => {
  count += 1;
  disk = SmallDisk.mount(join(lab.root, `disk-${count}`), '6m');
  steps = join(lab.root, `steps-${count}`);
  mkdirSync(steps);
});

afterEach(async () => {
  disk?.empty();
  for (const aikore of started.splice(0)) await aikore.stop();
  for (const { pid } of processesMentioning(join(lab.root, `disk-${count}`))) process.kill(pid, 'SIGKILL');
  disk?.unmount();
  disk = null;
});

/** A test on a small disk; where none can be mounted it has nothing to say. */
function onSmallDisk(what: string, test: (disk: SmallDisk) => Promise<void>): void {
  it(what, async () => {
    if (disk !== null) await test(disk);
  });
}

async function start(on: SmallDisk, env: Record<string, string> = {}): Promise<AiKoreProcess> {
  const aikore = await lab.start(
    env,
    existsSync(join(on.path, 'custom_blueprints')) ? on.path : dataDirOn(on),
  );
  started.push(aikore);
  return aikore;
}

function dataDirOn(on: SmallDisk): string {
  return lab.dataDir(on.path.slice(lab.root.length + 1));
}

const step = (): number =>
  Number(existsSync(join(steps, 'at')) ? readFileSync(join(steps, 'at'), 'utf8') : 0);
const hold = (at: number): void => writeFileSync(join(steps, `hold-${at}`), '');
const go = (at: number): void => rmSync(join(steps, `hold-${at}`));

const codes = async (answer: Promise<{ status: number; body: unknown }>): Promise<[number, string]> => {
  const { status, body } = await answer;
  return [status, (body as Partial<ErrorBody> | undefined)?.code ?? ''];
};
const FULL: [number, string] = [507, 'DISK_FULL'];

const info = (aikore: AiKoreProcess): Promise<SystemInfo> => aikore.api.expect(200, 'GET', 'api/system/info');
const stats = (aikore: AiKoreProcess): Promise<SystemStats> =>
  aikore.api.expect(200, 'GET', 'api/system/stats');
const runs = (aikore: AiKoreProcess, id: number): Promise<Run[]> =>
  aikore.api.expect(200, 'GET', `api/instances/${id}/runs`);

function query<T>(aikore: AiKoreProcess, sql: string): T[] {
  const database = new Database(aikore.path('aikore.db'), { readonly: true, timeout: 1000 });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}

const expectSound = (aikore: AiKoreProcess): void =>
  expect(query(aikore, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);

describe('an instance on a full disk', () => {
  onSmallDisk(
    'reaches its last step; what was lost is said in its log, its warnings and its history',
    async (on) => {
      const aikore = await start(on);
      for (const at of [10, 30, 39]) hold(at);
      const wish = { name: 'stepping', base_blueprint: 'steps.sh', env: { STEPS_DIR: steps } };
      const { id } = await aikore.api.create(wish);
      const { pid } = await aikore.api.startUp(id);
      await waitFor('step 10', () => step() === 10);
      on.fill();
      const viewer = await EventsClient.open(aikore);
      go(10);
      await waitFor('step 30', () => step() === 30);
      expect(isAlive(pid ?? 0)).toBe(true);
      const lost = await waitFor('the loss is shown', async () => {
        const [warning] = (await aikore.api.instance(id)).warnings;
        return warning;
      });
      expect(lost).toMatch(/^\d+ kB of its output were dropped, because the disk did not take them/);
      await waitFor('viewers hear of it', () =>
        viewer.events.some((event) => event.type === 'instance.updated' && event.data.warnings.length > 0),
      );
      on.empty();
      go(30);
      await waitFor('step 39', () => step() === 39);
      await waitFor('the log goes on', () =>
        readFileSync(aikore.home('stepping', 'output.log'), 'utf8').includes('step 39'),
      );
      go(39);

      const ended = await aikore.api.reaches(id, 'error');
      expect(ended).toMatchObject({ exit_code: 7, exit_signal: null, warnings: [] });
      expect(step()).toBe(40);
      expect(ended.status_reason).toMatch(/code 7.*kB of its output were dropped/);
      const log = readFileSync(aikore.home('stepping', 'output.log'), 'utf8');
      expect(log).toMatch(
        /\n\[aikore\] \d+ bytes of output dropped from \S+ to \S+: No space left on device/,
      );
      expect(log).toContain('step 9 ');
      expect(log).not.toContain('step 20 ');
      await waitFor(
        'the history is stored',
        async () => (await runs(aikore, id))[0]?.reason.includes('dropped'),
        RECOVERY_LIMIT_MS,
      );
      viewer.end();
      expectSound(aikore);
    },
  );
});

describe('AiKore on a full disk', () => {
  onSmallDisk('says so, also to who comes later, and says when there is room again', async (on) => {
    const aikore = await start(on);
    expect((await info(aikore)).warnings).toEqual([expect.stringMatching(/^Only \d\S* MB are free/)]);
    const viewer = await EventsClient.open(aikore);
    on.fill();
    await waitFor('it is said', () => viewer.notices().some((text) => text.includes('is full')), 15_000);
    expect((await info(aikore)).warnings).toEqual([
      expect.stringContaining('The disk of the data directory is full'),
    ]);
    await waitFor('the figures say so', async () => (await stats(aikore)).disk_state === 'full');
    const late = await EventsClient.open(aikore);
    expect(late.snapshot.system.warnings[0]).toContain('is full');
    on.empty();
    await waitFor('it is said too', () =>
      viewer.notices().some((text) => text.startsWith('There is room again')),
    );
    await waitFor('the figures say so too', async () => (await stats(aikore)).disk_state === 'low');
    expect(viewer.notices()).toHaveLength(2);
    viewer.end();
    late.end();
  });

  onSmallDisk('serves every read, refuses every write with 507 and changes nothing', async (on) => {
    const aikore = await start(on, { AIKORE_PASSWORD: '' });
    const { api } = aikore;
    const kept = await api.create({ name: 'kept', base_blueprint: 'idles.sh' });
    const other = await api.create({ name: 'other', base_blueprint: 'idles.sh' });
    await api.expect(204, 'DELETE', `api/instances/${other.id}`);
    await api.create({ name: 'Other', base_blueprint: 'idles.sh' }).then(({ id }) => (other.id = id));
    const running = await api.create({ name: 'running', base_blueprint: 'counter.sh' });
    const { pid } = await api.startUp(running.id);
    on.fill();
    const before = { instances: await api.instances(), trash: await api.expect(200, 'GET', 'api/trash') };
    const folders = (): string[] =>
      ['instances', 'trashcan', 'custom_blueprints'].flatMap((name) => readdirSync(aikore.path(name)).sort());
    const names = folders();
    const kit = { name: 'new', base_blueprint: 'idles.sh' };
    const writes: [string, string, unknown?][] = [
      ['POST', 'api/instances', kit],
      ['PATCH', `api/instances/${kept.id}`, { name: 'renamed' }],
      ['PATCH', `api/instances/${kept.id}`, { env: { A: 'b'.repeat(9000) } }],
      ['DELETE', `api/instances/${kept.id}`],
      ['DELETE', `api/instances/${other.id}?overwrite=true`],
      ['POST', 'api/trash/other/restore'],
      ['POST', 'api/system/blueprints/custom', { filename: 'mine.sh', content: 'echo mine\n' }],
      ['PUT', 'api/system/blueprints/custom/idles.sh', { content: 'echo other\n' }],
      ['POST', 'api/auth/tokens', { name: 'mine', scopes: ['read'] }],
      ['PUT', 'api/auth/password', { current_password: null, password: PASSWORD }],
      ['POST', `api/instances/${kept.id}/start`],
      ['POST', `api/instances/${running.id}/restart`],
    ];
    for (const [method, path, body] of writes) {
      const answer = api.refused(method, path, body);
      expect([method, path, ...(await codes(answer))]).toEqual([
        method,
        path,
        ...(path === 'api/trash/other/restore' ? [409, 'INSTANCE_NAME_TAKEN'] : FULL),
      ]);
    }
    expect(folders()).toEqual(names);
    expect(readdirSync(aikore.home('kept')).sort()).toEqual(['launch.sh']);
    expect(await api.instances()).toEqual(before.instances);
    expect(await api.expect(200, 'GET', 'api/trash')).toEqual(before.trash);
    expect(await api.expect(200, 'GET', 'api/auth/tokens')).toEqual([]);
    for (const path of [
      'api/status',
      'api/instances',
      `api/instances/${running.id}/logs`,
      `api/instances/${kept.id}/runs`,
      'api/system/info',
      'api/system/blueprints',
      'api/openapi.json',
    ])
      expect((await api.send('GET', path)).status).toBe(200);
    expect(isAlive(pid ?? 0)).toBe(true);

    on.empty();
    await api.expect(200, 'PATCH', `api/instances/${kept.id}`, { name: 'renamed' });
    await api.create(kit);
    await api.startUp(kept.id);
    expectSound(aikore);
  });

  onSmallDisk('says "saved" of nothing that is not, however little room there is', async (on) => {
    const aikore = await start(on);
    const acknowledged: string[] = [];
    for (let blocks = 0; blocks <= 12; blocks += 1) {
      on.empty();
      on.fill(blocks * 4096);
      const wish = { name: `with ${blocks}`, base_blueprint: 'idles.sh' };
      const { status } = await aikore.api.send('POST', 'api/instances', wish);
      expect([201, 507]).toContain(status);
      if (status === 201) acknowledged.push(wish.name);
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(13);
    const names = async (of: AiKoreProcess): Promise<string[]> =>
      (await of.api.instances()).map(({ name }) => name).sort();
    expect(await names(aikore)).toEqual([...acknowledged].sort());
    expect(readdirSync(aikore.path('instances')).sort()).toEqual([...acknowledged].sort());
    on.empty();
    await aikore.api.create({ name: 'after', base_blueprint: 'idles.sh' });
    await aikore.signal('SIGKILL');
    const again = await start(on);
    expect(await names(again)).toEqual([...acknowledged, 'after'].sort());
    expectSound(again);
  });

  onSmallDisk('lets operators sign in and out, and keeps their sessions once there is room', async (on) => {
    const aikore = await start(on, { AIKORE_PASSWORD: PASSWORD });
    on.fill();
    const browser = await aikore.signIn(PASSWORD);
    expect((await browser.send('GET', 'api/instances')).status).toBe(200);
    const leaving = await aikore.signIn(PASSWORD);
    expect((await leaving.send('POST', 'api/auth/logout')).status).toBe(204);
    expect((await leaving.send('GET', 'api/instances')).status).toBe(401);
    on.empty();
    await aikore.signIn(PASSWORD);
    const { cookie } = browser;
    await aikore.signal('SIGKILL');
    const again = await start(on, { AIKORE_PASSWORD: PASSWORD });
    expect((await again.browser(cookie).send('GET', 'api/instances')).status).toBe(200);
    expect((await again.browser(leaving.cookie).send('GET', 'api/instances')).status).toBe(401);
  });

  onSmallDisk('stops and kills, shows logs, and deletes for good, which makes room', async (on) => {
    const aikore = await start(on);
    const { api } = aikore;
    const [stopped, killed, doomed, trashed] = await Promise.all(
      ['stopped', 'killed', 'doomed', 'trashed'].map((name) =>
        api.create({ name, base_blueprint: 'counter.sh' }),
      ),
    );
    const id = (instance: { id: number } | undefined): number => instance?.id ?? 0;
    await api.startUp(id(stopped));
    await api.startUp(id(killed));
    await api.expect(204, 'DELETE', `api/instances/${id(trashed)}`);
    for (const folder of [aikore.home('doomed'), aikore.path('trashcan', 'trashed')])
      writeFileSync(join(folder, 'model'), Buffer.alloc(500_000));
    on.fill();
    await api.command(id(stopped), 'stop');
    expect(await api.reaches(id(stopped), 'stopped')).toMatchObject({ pid: null });
    await api.command(id(killed), 'kill');
    await api.reaches(id(killed), 'stopped');
    expect((await api.send('GET', `api/instances/${id(stopped)}/logs`)).status).toBe(200);
    expect(on.freeBytes).toBe(0);

    await api.expect(204, 'DELETE', `api/instances/${id(doomed)}?mode=permanent`);
    expect((await api.send('GET', `api/instances/${id(doomed)}`)).status).toBe(404);
    expect(existsSync(aikore.home('doomed'))).toBe(false);
    await waitFor('its room is free', () => on.freeBytes >= 400_000);
    on.fill();
    await api.expect(204, 'DELETE', 'api/trash/trashed');
    await waitFor('that room is free too', () => on.freeBytes >= 400_000);
    await waitFor(
      'all is stored',
      () => {
        const rows = query<{ name: string; status: string }>(
          aikore,
          'SELECT name, status FROM instances ORDER BY name',
        );
        return (
          JSON.stringify(rows) ===
          '[{"name":"killed","status":"stopped"},{"name":"stopped","status":"stopped"}]'
        );
      },
      RECOVERY_LIMIT_MS,
    );
    expectSound(aikore);
  });

  onSmallDisk('stores what happened meanwhile as soon as there is room, without a restart', async (on) => {
    const aikore = await start(on);
    const { id } = await aikore.api.create({ name: 'counter', base_blueprint: 'counter.sh' });
    await aikore.api.startUp(id);
    on.fill();
    writeFileSync(aikore.home('counter', 'end'), '');
    expect(await aikore.api.reaches(id, 'error')).toMatchObject({ exit_code: 5 });
    const stored = (): unknown => query(aikore, 'SELECT status, exit_code, pid FROM instances')[0];
    expect(stored()).toMatchObject({ status: 'started', exit_code: null });
    on.empty();
    const end = { status: 'error', exit_code: 5, pid: null };
    await waitFor('it is stored', () => JSON.stringify(stored()) === JSON.stringify(end), RECOVERY_LIMIT_MS);
    const [run] = await runs(aikore, id);
    expect(run).toMatchObject({ run: 1, exit_code: 5, ended_at: expect.any(String) });
    expect(aikore.stderr).toContain('the state of an instance is stored again');
    expectSound(aikore);
  });

  onSmallDisk('finds the truth after its death with state that was never stored', async (on) => {
    const aikore = await start(on);
    const { api } = aikore;
    const { id } = await api.create({ name: 'ended', base_blueprint: 'counter.sh' });
    const alive = await api.create({ name: 'alive', base_blueprint: 'counter.sh' });
    await api.startUp(id);
    const { pid } = await api.startUp(alive.id);
    const ticks = startTicksOf(pid ?? 0);
    on.fill();
    writeFileSync(aikore.home('ended', 'end'), '');
    await api.reaches(id, 'error');
    await aikore.signal('SIGKILL');

    const again = await start(on);
    expect(on.freeBytes).toBe(0);
    expect(await again.api.instance(id)).toMatchObject({ status: 'error', exit_code: 5, pid: null });
    expect(await again.api.instance(alive.id)).toMatchObject({ status: 'started', pid });
    expect(await codes(again.api.refused('POST', `api/instances/${id}/start`))).toEqual(FULL);
    expect(startTicksOf(pid ?? 0)).toBe(ticks);
    on.empty();
    rmSync(again.home('ended', 'end'));
    expect((await again.api.startUp(id)).run).toBe(2);
    expect((await runs(again, id)).map(({ run }) => run)).toEqual([2, 1]);
    await again.api.shutDown(alive.id);
    expectSound(again);
  });
});

describe('a start of AiKore on a full disk', () => {
  onSmallDisk('succeeds after an end in order, and all recovers without another start', async (on) => {
    const first = await start(on);
    const { id } = await first.api.create({ name: 'idle', base_blueprint: 'idles.sh' });
    await first.stop();
    on.fill();
    const aikore = await start(on);
    expect((await info(aikore)).warnings[0]).toContain('is full');
    expect(await codes(aikore.api.refused('PATCH', `api/instances/${id}`, { name: 'other' }))).toEqual(FULL);
    on.empty();
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { name: 'other' });
    await aikore.api.startUp(id);
    await aikore.stop();
    expectSound(aikore);
  });

  onSmallDisk('on a new directory stops with a sentence', async (on) => {
    dataDirOn(on);
    on.fill();
    const aikore = lab.launch(on.path);
    started.push(aikore);
    expect(await aikore.exited).toEqual({ code: 1, signal: null });
    expect(aikore.stderr).toMatch(/^aikore: .+ is full.+\n$/);
    on.empty();
    const again = await start(on);
    expect(await again.api.instances()).toEqual([]);
  });
});

describe('an automatic start on a full disk', () => {
  onSmallDisk('is refused with a sentence, leaves no process and is not noted as a run', async (on) => {
    const first = await start(on);
    const { id } = await first.api.create({ name: 'eager', base_blueprint: 'idles.sh', autostart: true });
    await first.stop();
    on.fill();
    const aikore = await start(on);
    const failed = await aikore.api.reaches(id, 'error');
    expect(failed.status_reason).toBe(
      'It could not be started: the disk of the data directory is full. Free some space, then start it again.',
    );
    await staysTrue('nothing runs', () => processesMentioning(join(on.path, 'instances')).length === 0, 300);
    expect(statSync(aikore.home('eager')).isDirectory()).toBe(true);
    on.empty();
    expect((await aikore.api.startUp(id)).run).toBe(1);
  });
});
