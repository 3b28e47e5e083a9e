import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import type { Instance, InstanceCreate, TrashEntry } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const entries = () => aikore.api.expect<TrashEntry[]>(200, 'GET', 'api/trash');
const names = async () => (await entries()).map(({ name }) => name);
const remove = (id: number, query = '') => aikore.api.expect(204, 'DELETE', `api/instances/${id}${query}`);
const restore = (name: string) =>
  aikore.api.expect<Instance>(200, 'POST', `api/trash/${encodeURIComponent(name)}/restore`);

/** An instance with an installation of its own and outputs. */
async function lived(wish: InstanceCreate): Promise<Instance> {
  const created = await aikore.api.create(wish);
  mkdirSync(aikore.home(wish.name, 'env'));
  writeFileSync(aikore.home(wish.name, 'env', 'installed'), 'gigabytes');
  mkdirSync(aikore.path('outputs', wish.name), { recursive: true });
  writeFileSync(aikore.path('outputs', wish.name, 'picture.png'), 'pixels');
  return created;
}

describe('deleting', () => {
  it('means the trash can, from which everything comes back; outputs stay where they are', async () => {
    const before = await lived({
      name: 'Comes Back',
      base_blueprint: 'idles.sh',
      gpu_ids: '1',
      env: { A: 'b c' },
      launch_args: '--x "y z"',
      autostart: true,
    });
    await remove(before.id);
    expect((await aikore.api.refused('GET', `api/instances/${before.id}`)).status).toBe(404);
    expect(existsSync(aikore.home('Comes Back'))).toBe(false);
    expect(readFileSync(aikore.path('outputs', 'Comes Back', 'picture.png'), 'utf8')).toBe('pixels');
    const [entry] = await entries();
    expect(entry).toMatchObject({
      name: 'Comes Back',
      instance_name: 'Comes Back',
      base_blueprint: 'idles.sh',
    });
    expect(Date.now() - Date.parse(entry?.deleted_at ?? '')).toBeLessThan(60_000);

    const after = await restore('Comes Back');
    const { name, gpu_ids, env, launch_args, autostart, port, base_blueprint, slug } = before;
    expect(after).toMatchObject({
      ...{ name, gpu_ids, env, launch_args, autostart, port, base_blueprint, slug },
      ...{ status: 'stopped', pid: null },
    });
    expect(readFileSync(aikore.home('Comes Back', 'env', 'installed'), 'utf8')).toBe('gigabytes');
    expect(readdirSync(aikore.home('Comes Back')).filter((file) => file.startsWith('.'))).toEqual([]);
    expect(await names()).not.toContain('Comes Back');
    await aikore.api.startUp(after.id);
    await aikore.api.shutDown(after.id);
  });

  it('keeps the logs of its runs apart after it has come back', async () => {
    const { id } = await aikore.api.create({ name: 'chatty', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    await remove(id);
    const back = await restore('chatty');
    await aikore.api.startUp(back.id);
    await aikore.api.shutDown(back.id);
    expect(readFileSync(aikore.home('chatty', 'output.log'), 'utf8')).toBe('idling\n');
    expect(readFileSync(aikore.home('chatty', 'logs', '1.log'), 'utf8')).toBe('idling\n');
  });

  it('for ever removes the folder and leaves the outputs and the trash can alone', async () => {
    const { id } = await lived({ name: 'gone', base_blueprint: 'idles.sh' });
    await remove(id, '?mode=permanent');
    expect(existsSync(aikore.home('gone'))).toBe(false);
    expect(await names()).not.toContain('gone');
    expect(existsSync(aikore.path('outputs', 'gone', 'picture.png'))).toBe(true);
    await waitFor('nothing lies about', () =>
      readdirSync(aikore.path('trashcan')).every((file) => !file.startsWith('.')),
    );
    expect(existsSync(aikore.path('run', 'instances', String(id)))).toBe(false);
  });

  it('takes its mode from a body as well, and refuses one that it does not know', async () => {
    const { id } = await aikore.api.create({ name: 'by body', base_blueprint: 'idles.sh' });
    expect((await aikore.api.refused('DELETE', `api/instances/${id}?mode=gently`)).status).toBe(422);
    expect((await aikore.api.refused('DELETE', `api/instances/${id}`, { mode: 'gently' })).status).toBe(422);
    expect((await aikore.api.refused('DELETE', `api/instances/${id}?mode=trash&mode=permanent`)).status).toBe(
      422,
    );
    expect(existsSync(aikore.home('by body'))).toBe(true);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`, { mode: 'permanent' });
    expect(await names()).not.toContain('by body');
  });

  it('refuses a name that lies in the trash can already, regardless of case, unless told to overwrite', async () => {
    const first = await lived({ name: 'Double', base_blueprint: 'idles.sh' });
    await remove(first.id);
    const second = await aikore.api.create({ name: 'double', base_blueprint: 'idles.sh' });
    const refused = await aikore.api.refused('DELETE', `api/instances/${second.id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'TRASH_NAME_TAKEN']);
    expect(existsSync(aikore.home('double', 'launch.sh'))).toBe(true);
    expect(existsSync(aikore.path('trashcan', 'Double', 'env', 'installed'))).toBe(true);
    await remove(second.id, '?overwrite=true');
    expect(await names()).toContain('double');
    expect(await names()).not.toContain('Double');

    const third = await aikore.api.create({ name: 'DOUBLE', base_blueprint: 'idles.sh' });
    await aikore.api.expect(204, 'DELETE', `api/instances/${third.id}`, { overwrite: true });
    expect((await names()).filter((name) => name.toLowerCase() === 'double')).toEqual(['DOUBLE']);
  });

  it('takes the slug and the port along, so that they are free again', async () => {
    const { id, port, slug } = await aikore.api.create({ name: 'reusable', base_blueprint: 'idles.sh' });
    await remove(id, '?mode=permanent');
    const again = await aikore.api.create({ name: 'reusable', base_blueprint: 'idles.sh', port });
    expect(again).toMatchObject({ port, slug });
    expect(again.id).not.toBe(id);
  });
});

describe('restoring', () => {
  it('onto a name that is taken again is refused and loses nothing', async () => {
    const { id } = await lived({ name: 'wanted', base_blueprint: 'idles.sh' });
    await remove(id);
    await aikore.api.create({ name: 'Wanted', base_blueprint: 'idles.sh' });
    const refused = await aikore.api.refused('POST', 'api/trash/wanted/restore');
    expect([refused.status, refused.body.code]).toEqual([409, 'INSTANCE_NAME_TAKEN']);
    expect(existsSync(aikore.path('trashcan', 'wanted', 'env', 'installed'))).toBe(true);
    expect((await aikore.api.instances()).filter(({ name }) => name.toLowerCase() === 'wanted')).toHaveLength(
      1,
    );
  });

  it('chooses another port when the old one has been given away', async () => {
    const first = await aikore.api.create({ name: 'portless', base_blueprint: 'idles.sh' });
    await remove(first.id);
    await aikore.api.create({ name: 'squatter', base_blueprint: 'idles.sh', port: first.port });
    expect((await restore('portless')).port).not.toBe(first.port);
  });

  it('believes nothing of the file in the folder that a setting may not hold', async () => {
    const { id } = await aikore.api.create({ name: 'forged', base_blueprint: 'idles.sh' });
    await remove(id);
    const file = aikore.path('trashcan', 'forged', '.aikore-instance.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    for (const forgery of [
      { name: '../../escaped' },
      { output_path: '../../etc' },
      { env: { LD_PRELOAD: '/tmp/x.so' } },
      { launch_args: '"' },
    ]) {
      writeFileSync(file, JSON.stringify({ ...manifest, ...forgery }));
      expect((await aikore.api.refused('POST', 'api/trash/forged/restore')).status).toBe(422);
      expect(existsSync(aikore.path('trashcan', 'forged', 'launch.sh'))).toBe(true);
    }
    for (const nonsense of ['', '[]', 'null', '{"name":7}', '\0']) {
      writeFileSync(file, nonsense);
      expect(await names()).toContain('forged');
    }
    writeFileSync(file, JSON.stringify({ ...manifest, port: 80, run: 1.5 }));
    const back = await restore('forged');
    expect(back.port).toBeGreaterThan(1023);
  });

  it('accepts a folder without that file, as the original leaves them', async () => {
    mkdirSync(aikore.path('trashcan', 'Foreign'));
    writeFileSync(
      aikore.path('trashcan', 'Foreign', 'launch.sh'),
      '### AIKORE-METADATA-START ###\n# aikore.probe = process\n### AIKORE-METADATA-END ###\nexec sleep 60\n',
    );
    expect((await entries()).find(({ name }) => name === 'Foreign')).toMatchObject({ base_blueprint: null });
    const back = await restore('Foreign');
    await aikore.api.startUp(back.id);
    await aikore.api.shutDown(back.id);
  });
});

describe('the trash can', () => {
  it('deletes an entry for ever', async () => {
    const { id } = await aikore.api.create({ name: 'litter', base_blueprint: 'idles.sh' });
    await remove(id);
    await aikore.api.expect(204, 'DELETE', 'api/trash/litter');
    expect(await names()).not.toContain('litter');
    expect(existsSync(aikore.path('trashcan', 'litter'))).toBe(false);
    expect((await aikore.api.refused('DELETE', 'api/trash/litter')).status).toBe(404);
  });

  it.each([
    '..',
    '.',
    '%2e%2e',
    '..%2finstances',
    '..%2Finstances%2FWanted',
    '%00',
    'no such',
    '.deleting-x',
  ])('has no entry %s', async (name) => {
    const before = readdirSync(aikore.path('instances')).sort();
    for (const [method, path] of [
      ['DELETE', `api/trash/${name}`],
      ['POST', `api/trash/${name}/restore`],
    ] as const) {
      expect((await aikore.api.refused(method, path)).status).toBe(404);
    }
    expect(readdirSync(aikore.path('instances')).sort()).toEqual(before);
  });

  it('lists the last one first', async () => {
    for (const name of ['older', 'newer']) {
      const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
      await remove(id);
    }
    const order = (await names()).filter((name) => name === 'older' || name === 'newer');
    expect(order).toEqual(['newer', 'older']);
  });

  it('finishes a deletion that a crash interrupted', async () => {
    const first = await lab.start();
    mkdirSync(first.path('trashcan', '.deleting-half', 'env'), { recursive: true });
    await first.stop();
    const second = await lab.start({}, first.dataDir);
    await waitFor('it is swept', () => !existsSync(second.path('trashcan', '.deleting-half')));
    await second.stop();
  });
});

describe('a move that AiKore did not survive', () => {
  const again = async (): Promise<void> => {
    aikore = await lab.start({ AIKORE_STOP_GRACE: '1' }, aikore.dataDir);
  };

  it('to the trash can is finished by the next start', async () => {
    const { name, id } = await lived({ name: 'half gone', base_blueprint: 'idles.sh' });
    await remove(id);
    const row = await aikore.api.create({ name: 'stand in', base_blueprint: 'idles.sh' });
    await aikore.signal('SIGKILL');
    // The folder has moved, the row is still there: the state between the two steps.
    renameSync(aikore.home('stand in'), aikore.path('trashcan', 'stand in'));
    const manifest = JSON.parse(
      readFileSync(aikore.path('trashcan', name, '.aikore-instance.json'), 'utf8'),
    ) as object;
    writeFileSync(
      aikore.path('trashcan', 'stand in', '.aikore-instance.json'),
      JSON.stringify({ ...manifest, name: 'stand in', deleted_at: new Date().toISOString() }),
    );
    await again();
    expect((await aikore.api.instances()).map((instance) => instance.id)).not.toContain(row.id);
    expect(await names()).toContain('stand in');
    expect(await restore('stand in')).toMatchObject({ name: 'stand in', status: 'stopped' });
  });

  it('out of the trash can is undone, and can be done again', async () => {
    const { id, name } = await lived({ name: 'half back', base_blueprint: 'idles.sh' });
    await remove(id);
    await aikore.signal('SIGKILL');
    renameSync(aikore.path('trashcan', name), aikore.home(name));
    await again();
    expect(await names()).toContain(name);
    expect(existsSync(aikore.home(name))).toBe(false);
    await restore(name);
    expect(readFileSync(aikore.home(name, 'env', 'installed'), 'utf8')).toBe('gigabytes');
  });
});
