import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceEnvironment, PythonChoices } from '../../src/contracts/environment.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { SERVES, createInline, withVenv } from '../support/inline-blueprint.js';
import { recordFor, writeNote } from '../support/install-records.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

/** Its setup is never run here: the notes that it would leave are written by the tests. */
const REMEMBERS = `${withVenv('./env')}install() { :; }
false &&
aikore_setup install PRESET
${SERVES}`;

const environmentOf = ({ id }: Instance): Promise<InstanceEnvironment> =>
  aikore.api.expect(200, 'GET', `api/instances/${id}/environment`);
const homeOf = ({ name }: Instance): string => aikore.home(name);

async function installed(): Promise<Instance> {
  const instance = await createInline(aikore, REMEMBERS);
  const bin = aikore.home(instance.name, 'env', 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync('/bin/sh', join(bin, 'python'));
  writeNote(homeOf(instance), 'install.json', recordFor(homeOf(instance), instance.base_blueprint));
  writeNote(homeOf(instance), 'setup.done', 'key requirements \n');
  return instance;
}

describe('the state of an environment', () => {
  it('is none of a script that remembers nothing', async () => {
    const instance = await createInline(aikore, `${withVenv('./env')}sleep 1000`);
    expect(await environmentOf(instance)).toEqual({
      state: 'none',
      reasons: [],
      is_rebuild_due: false,
      is_update_due: false,
      record: null,
      history: [],
      owner_id: instance.id,
    });
  });

  it('is absent, then ready, then stale with the reason', async () => {
    const instance = await createInline(aikore, REMEMBERS);
    expect(await environmentOf(instance)).toMatchObject({
      state: 'absent',
      reasons: ['The next start installs it.'],
    });
    const ready = await installed();
    expect(await environmentOf(ready)).toMatchObject({
      state: 'ready',
      reasons: [],
      record: { took_seconds: 42, packages: { torch: '2.7.1' }, finished_at: '2026-11-20T10:00:00.000Z' },
    });
    writeFileSync(
      join(homeOf(ready), 'launch.sh'),
      `${readFileSync(join(homeOf(ready), 'launch.sh'), 'utf8')}\n:\n`,
    );
    expect((await environmentOf(ready)).reasons).toEqual([
      'The next start installs again: its script was changed.',
    ]);
    rmSync(aikore.home(ready.name, 'env'), { recursive: true });
    expect((await environmentOf(ready)).reasons).toContain(
      'The next start installs again: the environment ./env is not there.',
    );
  });

  it('is interrupted while an installation has no end, and being installed while its instance runs', async () => {
    const instance = await installed();
    writeNote(homeOf(instance), 'setup.begun', '');
    expect(await environmentOf(instance)).toMatchObject({
      state: 'interrupted',
      reasons: ['An installation was interrupted. The next start goes on with it.'],
    });
    await aikore.api.startUp(instance.id);
    expect(await environmentOf(instance)).toMatchObject({
      state: 'stale',
      reasons: ['It is being installed now.'],
    });
    await aikore.api.shutDown(instance.id);
  });

  it('tells earlier installations, newest first, ten at most', async () => {
    const instance = await installed();
    const record = recordFor(homeOf(instance), instance.base_blueprint);
    for (let day = 10; day < 25; day += 1)
      writeNote(homeOf(instance), `history/202611${day}T000000Z.json`, { ...record, took_seconds: day });
    const { history } = await environmentOf(instance);
    expect(history.map(({ took_seconds }) => took_seconds)).toEqual([24, 23, 22, 21, 20, 19, 18, 17, 16, 15]);
  });
});

describe('wishes for the next start', () => {
  it('a clean rebuild and an update are told, laid as files and kept through a restart', async () => {
    const own = await lab.start({ AIKORE_STOP_GRACE: '1' });
    const instance = await createInline(own, REMEMBERS);
    const path = `api/instances/${instance.id}`;
    await own.api.expect(202, 'POST', `${path}/rebuild`, { clean: true });
    const answer = await own.api.expect<Instance>(202, 'POST', `${path}/update`);
    const said = [
      'Its environment will be built anew at the next start, and everything for it downloaded again.',
      'It will be updated at the next start.',
    ];
    expect(answer.warnings).toEqual(said);
    // A plain rebuild does not take back the clean one.
    await own.api.expect(202, 'POST', `${path}/rebuild`);
    expect(readFileSync(own.home(instance.name, '.rebuild-env'), 'utf8')).toBe('clean\n');
    expect(existsSync(own.home(instance.name, '.aikore', 'update'))).toBe(true);
    await own.stop();
    const again = await lab.start({ AIKORE_STOP_GRACE: '1' }, own.dataDir);
    expect((await again.api.instance(instance.id)).warnings).toEqual(said);
    expect(await again.api.expect<InstanceEnvironment>(200, 'GET', `${path}/environment`)).toMatchObject({
      is_rebuild_due: true,
      is_update_due: true,
    });
    rmSync(again.home(instance.name, '.rebuild-env'));
    rmSync(again.home(instance.name, '.aikore', 'update'));
    await again.api.startUp(instance.id);
    // AiKore lays what it was asked for again, should another start have used it up.
    expect(existsSync(again.home(instance.name, '.rebuild-env'))).toBe(true);
    expect(existsSync(again.home(instance.name, '.aikore', 'update'))).toBe(true);
    await again.api.shutDown(instance.id);
    await again.stop();
  });

  it('an update restarts what runs', async () => {
    const instance = await installed();
    await aikore.api.startUp(instance.id);
    const answer = await aikore.api.expect<Instance>(202, 'POST', `api/instances/${instance.id}/update`);
    expect(answer.status).toBe('stopping');
    await aikore.api.reaches(instance.id, 'started', 30_000);
    expect((await aikore.api.instance(instance.id)).run).toBe(2);
    await aikore.api.shutDown(instance.id);
  });

  it('a rebuild without an environment lies in the folder of what remembers its installation', async () => {
    const { id, name } = await createInline(aikore, 'install() { :; }\naikore_setup install\nsleep 1000');
    await aikore.api.expect(202, 'POST', `api/instances/${id}/rebuild`, {});
    expect(readFileSync(aikore.home(name, '.rebuild-env'), 'utf8')).toBe('');
  });

  it('are refused where nothing would hear them, or with what is no wish', async () => {
    const { id } = await createInline(aikore, `${withVenv('./env')}sleep 1000`);
    expect(await aikore.api.refused('POST', `api/instances/${id}/update`)).toMatchObject({
      status: 422,
      body: { code: 'NO_UPDATES' },
    });
    const instance = await installed();
    const path = `api/instances/${instance.id}`;
    for (const body of [{ clean: 'yes' }, { clean: null }, { dirty: true }])
      expect((await aikore.api.refused('POST', `${path}/rebuild`, body)).status).toBe(422);
    for (const variables of [{ PATH: '1.0' }, { HF_TOKEN: 'x' }, [], 'x', null, { constructor: '1' }])
      expect([variables, (await aikore.api.refused('POST', `${path}/update`, { variables })).status]).toEqual(
        [variables, 422],
      );
    expect((await aikore.api.instance(instance.id)).warnings).toEqual([]);
    for (const route of ['update', 'update-check', 'rebuild'])
      expect((await aikore.api.refused('POST', `api/instances/4711/${route}`)).status).toBe(404);
    expect((await aikore.api.refused('GET', 'api/instances/4711/environment')).status).toBe(404);
  });

  it('something in the place of a flag is told', async () => {
    const instance = await installed();
    mkdirSync(aikore.home(instance.name, '.aikore', 'update'), { recursive: true });
    expect(await aikore.api.refused('POST', `api/instances/${instance.id}/update`)).toMatchObject({
      status: 409,
      body: { code: 'REBUILD_BLOCKED' },
    });
  });

  it('a notes folder that is a link leads nowhere', async () => {
    const instance = await createInline(aikore, REMEMBERS);
    const outside = join(lab.root, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, aikore.home(instance.name, '.aikore'));
    expect(
      (await aikore.api.refused('POST', `api/instances/${instance.id}/update`)).status,
    ).toBeGreaterThanOrEqual(400);
    expect(existsSync(join(outside, 'update'))).toBe(false);
  });
});

describe('notes that an application has written', () => {
  it.each<[string, string]>([
    [
      'ten megabytes',
      JSON.stringify({ finished_at: '2026-11-20T10:00:00Z', blueprint: 'x'.repeat(10_000_000) }),
    ],
    ['a deep nest', `{"finished_at":${'['.repeat(200_000)}`],
    ['another shape', '[{"finished_at":"2026-11-20T10:00:00Z"}]'],
    ['no time', '{"finished_at":"soon"}'],
    ['no JSON', '\u0000\u0001{{'],
  ])('count as none when they hold %s', async (_what, content) => {
    const instance = await createInline(aikore, REMEMBERS);
    writeNote(homeOf(instance), 'install.json', content);
    writeNote(homeOf(instance), 'history/2026.json', content);
    expect(await environmentOf(instance)).toMatchObject({ state: 'absent', record: null, history: [] });
  });

  it('are not read through links or pipes, and no answer waits for them', async () => {
    const secret = join(lab.root, 'secret.json');
    const one = await createInline(aikore, REMEMBERS);
    writeFileSync(secret, JSON.stringify(recordFor(homeOf(one), 'secret')));
    mkdirSync(aikore.home(one.name, '.aikore'));
    symlinkSync(secret, aikore.home(one.name, '.aikore', 'install.json'));
    symlinkSync(lab.root, aikore.home(one.name, '.aikore', 'history'));
    expect(await environmentOf(one)).toMatchObject({ state: 'absent', record: null, history: [] });
    const two = await createInline(aikore, REMEMBERS);
    mkdirSync(aikore.home(two.name, '.aikore', 'install.json'), { recursive: true });
    for (const name of ['setup.begun', 'update', 'history'])
      execFileSync('mkfifo', [aikore.home(two.name, '.aikore', name)]);
    execFileSync('mkfifo', [aikore.home(two.name, '.rebuild-env')]);
    expect(await environmentOf(two)).toMatchObject({
      state: 'absent',
      reasons: ['The next start installs it.'],
    });
    const three = await createInline(aikore, REMEMBERS);
    symlinkSync(join(lab.root), aikore.home(three.name, '.aikore'));
    linkSync(secret, aikore.home(three.name, 'linked'));
    expect(await environmentOf(three)).toMatchObject({ state: 'absent', history: [] });
  });

  it('are told without what fools a page, and without passwords', async () => {
    const instance = await createInline(aikore, REMEMBERS);
    const record = recordFor(homeOf(instance), '<img src=x onerror=alert(1)>\u202E\u001b[31m', {
      packages: JSON.parse('{"__proto__":"1","torch":"2\\u0007.7","-r x":"1","ok":7}') as Record<
        string,
        string
      >,
      repositories: [
        {
          path: 'app',
          url: 'https://me:hunter2@example.org/a.git',
          ref: 'main',
          commit: 'a'.repeat(40),
          subject: `fix\n\u001b]0;title\u0007 \u202E${'x'.repeat(10_000)}`,
          committed_at: 'never',
        },
        { ...recordFor(homeOf(instance), ''), path: 7 } as never,
      ],
    });
    writeNote(homeOf(instance), 'install.json', record);
    const { record: told } = await environmentOf(instance);
    expect(told).toMatchObject({ blueprint: '<img src=x onerror=alert(1)>', packages: { torch: '2.7' } });
    expect(told?.repositories).toHaveLength(1);
    expect(told?.repositories[0]).toMatchObject({ url: 'https://example.org/a.git', committed_at: null });
    expect(told?.repositories[0]?.subject).toMatch(/^fix x{190,}$/);
    expect(JSON.stringify(told)).not.toMatch(/hunter2|\\u001b|\\u202e/i);
  });
});

describe('the Pythons of this machine', () => {
  it('are those that run, each version once', async () => {
    const { pythons } = await aikore.api.expect<PythonChoices>(200, 'GET', 'api/system/pythons');
    const own = execFileSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    expect(pythons).toContainEqual({ version: own.trim(), source: 'machine', is_present: true });
    const keys = pythons.map(({ version, source }) => `${source} ${version}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
