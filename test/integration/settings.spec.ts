import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const change = (id: number, wish: unknown, method = 'PATCH') =>
  aikore.api.expect<Instance>(200, method, `api/instances/${id}`, wish);

describe.each(['PATCH', 'PUT'])('%s', (method) => {
  it('stores the fields that it names and leaves the others', async () => {
    const created = await aikore.api.create({
      name: `subset ${method}`,
      base_blueprint: 'idles.sh',
      gpu_ids: '0',
      env: { A: '1' },
      launch_args: '--a',
      autostart: false,
      output_path: 'shared/out',
    });
    const after = await change(created.id, { gpu_ids: null, autostart: true }, method);
    expect(after).toEqual({
      ...created,
      gpu_ids: null,
      autostart: true,
      warnings: [],
      updated_at: after.updated_at,
    });
    expect(await change(created.id, { env: {} }, method)).toMatchObject({ env: {}, launch_args: '--a' });
    expect(await change(created.id, { output_path: null }, method)).toMatchObject({ output_path: null });
    expect(await change(created.id, { launch_args: '' }, method)).toMatchObject({ launch_args: '' });
    expect(await aikore.api.instance(created.id)).toMatchObject({ gpu_ids: null, env: {}, launch_args: '' });
  });

  it('with nothing, or with what is so already, changes nothing', async () => {
    const created = await aikore.api.create({ name: `same ${method}`, base_blueprint: 'idles.sh' });
    expect(await change(created.id, {}, method)).toEqual(created);
    expect(await change(created.id, { name: created.name, port: created.port, env: {} }, method)).toEqual(
      created,
    );
  });

  it('accepts an answer of its own, unchanged parts of it at least', async () => {
    const created = await aikore.api.create({ name: `echo ${method}`, base_blueprint: 'idles.sh' });
    const { name, base_blueprint, gpu_ids, autostart, port, hostname, use_custom_hostname, public_port } =
      created;
    const { access_mode, restart_policy, persistent_mode, python_version, cuda_version, torch_version } =
      created;
    const form = {
      ...{ name, base_blueprint, gpu_ids, autostart, port, hostname, use_custom_hostname, public_port },
      ...{ access_mode, restart_policy, persistent_mode, python_version, cuda_version, torch_version },
    };
    expect(await change(created.id, form, method)).toEqual(created);
  });
});

describe('a change while the instance runs', () => {
  it('restarts nothing; what needs a restart says so until there was one', async () => {
    const { id } = await aikore.api.create({ name: 'running', base_blueprint: 'environment.sh' });
    await aikore.api.startUp(id);
    expect((await change(id, { autostart: true })).pending_restart).toBe(false);
    const wishes = [
      { gpu_ids: '' },
      { env: { COLOUR: 'green' } },
      { launch_args: '--new' },
      { output_path: 'elsewhere' },
      { port: await freePort() },
    ];
    for (const [index, wish] of wishes.entries()) {
      const { pid } = await aikore.api.instance(id);
      expect(await change(id, wish)).toMatchObject({
        ...wish,
        pending_restart: true,
        pid,
        status: 'started',
      });
      await aikore.api.command(id, 'restart');
      const after = await waitFor('the next run', async () => {
        const instance = await aikore.api.instance(id);
        return instance.run === index + 2 && instance.status === 'started' && instance;
      });
      expect(after).toMatchObject({ ...wish, pending_restart: false });
    }
    await waitFor(
      'the last run has written',
      () => readFileSync(aikore.home('running', 'output.log')).length > 0,
    );
    expect(readFileSync(aikore.home('running', 'arguments'), 'utf8')).toBe('--new\0');
    expect(readFileSync(aikore.home('running', 'environment'), 'utf8')).toContain('COLOUR=green\0');
    await aikore.api.shutDown(id);
  });

  it('of an instance that rests is never pending', async () => {
    const { id } = await aikore.api.create({ name: 'resting', base_blueprint: 'idles.sh' });
    expect(await change(id, { gpu_ids: '', launch_args: '-x' })).toMatchObject({ pending_restart: false });
  });
});

describe('the ETag', () => {
  it('changes with the settings, not with the state, and If-Match is honoured', async () => {
    const { id } = await aikore.api.create({ name: 'tagged', base_blueprint: 'idles.sh' });
    const path = `api/instances/${id}`;
    const tag = async () => (await aikore.api.send('GET', path)).headers.get('etag') ?? '';
    const first = await tag();
    expect(first).toMatch(/^"[^"]+"$/);
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    expect(await tag()).toBe(first);

    const matching = await aikore.api.send('PATCH', path, { autostart: true }, { 'if-match': first });
    expect(matching.status).toBe(200);
    const second = matching.headers.get('etag');
    expect(second).not.toBe(first);
    expect(await tag()).toBe(second);

    for (const stale of [first, '"999"', 'W/"1"', 'nonsense', '1']) {
      const answer = await aikore.api.send<ErrorBody>('PUT', path, { gpu_ids: '' }, { 'if-match': stale });
      expect([stale, answer.status, answer.body.code]).toEqual([stale, 412, 'INSTANCE_CHANGED']);
    }
    expect((await aikore.api.instance(id)).gpu_ids).toBeNull();
    expect((await aikore.api.send('PATCH', path, { gpu_ids: '' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('lets one of many simultaneous changes through', async () => {
    const { id } = await aikore.api.create({ name: 'contested', base_blueprint: 'idles.sh' });
    const path = `api/instances/${id}`;
    const etag = (await aikore.api.send('GET', path)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        aikore.api.send('PATCH', path, { launch_args: `--n ${index}` }, { 'if-match': etag }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });
});

describe('renaming', () => {
  it('moves the folders along, keeps slug, script and logs', async () => {
    const { id, slug } = await aikore.api.create({ name: 'Old Name', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    writeFileSync(aikore.path('outputs', 'Old Name', 'picture.png'), 'pixels');
    writeFileSync(aikore.home('Old Name', 'mine'), 'data');
    const renamed = await change(id, { name: 'New Name' });
    expect(renamed).toMatchObject({ name: 'New Name', slug, run: 1 });
    expect(existsSync(aikore.home('Old Name'))).toBe(false);
    expect(existsSync(aikore.path('outputs', 'Old Name'))).toBe(false);
    expect(readFileSync(aikore.home('New Name', 'mine'), 'utf8')).toBe('data');
    expect(readFileSync(aikore.path('outputs', 'New Name', 'picture.png'), 'utf8')).toBe('pixels');
    expect(readFileSync(aikore.home('New Name', 'output.log'), 'utf8')).toBe('idling\n');
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    expect(readFileSync(aikore.home('New Name', 'logs', '1.log'), 'utf8')).toBe('idling\n');
  });

  it('may change the case only', async () => {
    const { id } = await aikore.api.create({ name: 'shout', base_blueprint: 'idles.sh' });
    expect((await change(id, { name: 'SHOUT' })).name).toBe('SHOUT');
    expect(existsSync(aikore.home('SHOUT', 'launch.sh'))).toBe(true);
  });

  it('to the name of another instance, or onto a folder, is refused and moves nothing', async () => {
    await aikore.api.create({ name: 'Settled', base_blueprint: 'idles.sh' });
    const { id } = await aikore.api.create({ name: 'nomad', base_blueprint: 'idles.sh' });
    const path = `api/instances/${id}`;
    expect((await aikore.api.refused('PATCH', path, { name: 'settled' })).body.code).toBe(
      'INSTANCE_NAME_TAKEN',
    );
    writeFileSync(aikore.home('plain file'), 'in the way');
    expect((await aikore.api.refused('PATCH', path, { name: 'plain file' })).status).toBe(409);
    expect(existsSync(aikore.home('nomad', 'launch.sh'))).toBe(true);
    expect((await aikore.api.instance(id)).name).toBe('nomad');
  });
});
