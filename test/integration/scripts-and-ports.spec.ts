import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
});

const PROCESS_PROBE =
  '### AIKORE-METADATA-START ###\n# aikore.probe = process\n### AIKORE-METADATA-END ###\n';

describe("an instance's script", () => {
  it('is a copy of the blueprint from its creation, which later changes of the blueprint do not touch', async () => {
    const blueprint = aikore.path('custom_blueprints', 'mine.sh');
    writeFileSync(blueprint, `${PROCESS_PROBE}echo first; sleep 60\n`);
    const { id } = await aikore.api.create({ name: 'copied', base_blueprint: 'mine.sh' });
    const script = aikore.home('copied', 'launch.sh');
    const before = readFileSync(script);
    expect(before).toEqual(readFileSync(blueprint));
    writeFileSync(blueprint, `${PROCESS_PROBE}echo second; sleep 60\n`);
    await aikore.api.startUp(id);
    await aikore.api.shutDown(id);
    expect(readFileSync(script)).toEqual(before);
    expect(readFileSync(aikore.home('copied', 'output.log'), 'utf8')).toBe('first\n');
  });

  it('is never overwritten by a start, and edits count at the next one', async () => {
    const { id } = await aikore.api.create({ name: 'edited', base_blueprint: 'idles.sh' });
    const script = aikore.home('edited', 'launch.sh');
    await aikore.api.startUp(id);
    writeFileSync(script, `${PROCESS_PROBE}echo my own line; exec sleep 60\n`);
    const { ino, mtimeMs } = statSync(script);
    const log = aikore.home('edited', 'output.log');
    expect(readFileSync(log, 'utf8')).toBe('idling\n');
    await aikore.api.command(id, 'restart');
    await waitFor(
      'the second run prints',
      () => existsSync(log) && readFileSync(log, 'utf8') === 'my own line\n',
    );
    await aikore.api.reaches(id, 'started');
    await aikore.api.shutDown(id);
    expect(statSync(script)).toMatchObject({ ino, mtimeMs });
  });

  it('that is missing is copied from the blueprint', async () => {
    const { id } = await aikore.api.create({ name: 'missing', base_blueprint: 'idles.sh' });
    const script = aikore.home('missing', 'launch.sh');
    rmSync(script);
    await aikore.api.startUp(id);
    expect(readFileSync(script)).toEqual(readFileSync(aikore.path('custom_blueprints', 'idles.sh')));
    await aikore.api.shutDown(id);
  });

  it('that has been replaced by a link is refused and stays what it is', async () => {
    const { id } = await aikore.api.create({ name: 'linked', base_blueprint: 'idles.sh' });
    const script = aikore.home('linked', 'launch.sh');
    rmSync(script);
    symlinkSync('/etc/hostname', script);
    await aikore.api.command(id, 'start');
    const failed = await aikore.api.reaches(id, 'error');
    expect(failed.status_reason).toBe(
      'It could not be started: its launch.sh is not an ordinary file. Put a script in its place.',
    );
  });

  it('whose blueprint is gone too cannot be started, and the reason says so', async () => {
    writeFileSync(aikore.path('custom_blueprints', 'brief.sh'), 'sleep 1\n');
    const { id } = await aikore.api.create({ name: 'orphan', base_blueprint: 'brief.sh' });
    rmSync(aikore.path('custom_blueprints', 'brief.sh'));
    rmSync(aikore.home('orphan', 'launch.sh'));
    await aikore.api.command(id, 'start');
    expect((await aikore.api.reaches(id, 'error')).status_reason).toMatch(/no blueprint of that name/);
  });
});

describe("an instance's port", () => {
  it('is replaced at a start when another program holds it, and the reason names that program', async () => {
    const { id, port } = await aikore.api.create({ name: 'displaced', base_blueprint: 'answers.sh' });
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const started = await aikore.api.command(id, 'start');
    expect(started.status).toBe('starting');
    const moved = await waitFor('it has another port', async () => {
      const instance = await aikore.api.instance(id);
      return instance.port !== port && instance;
    });
    expect(moved.status_reason).toContain(`(pid ${process.pid})`);
    expect(moved.status_reason).toContain(String(moved.port));
    await aikore.api.reaches(id, 'started');
    expect(await (await fetch(`http://127.0.0.1:${moved.port}/`)).text()).toBe('answered');
    holder.close();
    await aikore.api.shutDown(id);
  });

  it('that is changed while it runs leaves the running application reachable until the restart', async () => {
    const { id, slug, port } = await aikore.api.create({ name: 'moving', base_blueprint: 'answers.sh' });
    await aikore.api.startUp(id);
    const through = (of: AiKoreProcess) =>
      fetch(new URL(`instance/${slug}/`, of.appsUrl), {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
    expect((await through(aikore)).status).toBe(200);
    const later = await freePort();
    const changed = await aikore.api.expect<{ port: number; pending_restart: boolean }>(
      200,
      'PATCH',
      `api/instances/${id}`,
      { port: later },
    );
    expect(changed).toMatchObject({ port: later, pending_restart: true });
    expect(await (await through(aikore)).text()).toBe('answered');
    expect((await aikore.api.instance(id)).status).toBe('started');
    // The change may be taken back, though the application itself holds that port.
    for (const wish of [port, later]) {
      await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { port: wish });
    }

    await aikore.signal('SIGKILL');
    aikore = await lab.start({ AIKORE_STOP_GRACE: '1', AIKORE_STALLED_AFTER: '1' }, aikore.dataDir);
    expect(await aikore.api.instance(id)).toMatchObject({
      status: 'started',
      port: later,
      pending_restart: true,
    });
    expect(await (await through(aikore)).text()).toBe('answered');

    await aikore.api.command(id, 'restart');
    await waitFor('it answers at the new port', async () => {
      const instance = await aikore.api.instance(id);
      return instance.run === 2 && instance.status === 'started';
    });
    expect(await (await fetch(`http://127.0.0.1:${later}/`)).text()).toBe('answered');
    expect(await (await through(aikore)).text()).toBe('answered');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect((await aikore.api.instance(id)).pending_restart).toBe(false);
    await aikore.api.shutDown(id);
  });

  it('is not given to two instances, also when a program held the first choice', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const answer = await aikore.api.refused('POST', 'api/instances', {
      name: 'held',
      base_blueprint: 'idles.sh',
      port,
    });
    expect(answer.status).toBe(409);
    holder.close();
    await once(holder, 'close');
    const wish = { name: 'held', base_blueprint: 'idles.sh', port };
    expect(await aikore.api.create(wish)).toMatchObject({ port });
  });
});

describe('a row without a folder, as a crash leaves it', () => {
  it('can be started, which makes folder and script anew', async () => {
    const { id } = await aikore.api.create({ name: 'bodiless', base_blueprint: 'idles.sh' });
    rmSync(aikore.home('bodiless'), { recursive: true });
    await aikore.api.startUp(id);
    expect(existsSync(aikore.home('bodiless', 'launch.sh'))).toBe(true);
    await aikore.api.shutDown(id);
  });

  it('can be renamed and deleted', async () => {
    const { id } = await aikore.api.create({ name: 'ghost', base_blueprint: 'idles.sh' });
    rmSync(aikore.home('ghost'), { recursive: true });
    expect((await aikore.api.send('PATCH', `api/instances/${id}`, { name: 'spirit' })).status).toBe(200);
    expect((await aikore.api.send('GET', `api/instances/${id}/logs`)).status).toBe(200);
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    expect((await aikore.api.instances()).map(({ name }) => name)).not.toContain('spirit');
  });
});

describe('a folder without a row', () => {
  it('is not taken over by a new instance of its name', async () => {
    mkdirSync(aikore.home('left behind'));
    writeFileSync(aikore.home('left behind', 'precious'), 'data');
    const answer = await aikore.api.refused('POST', 'api/instances', {
      name: 'left behind',
      base_blueprint: 'idles.sh',
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'FOLDER_EXISTS']);
    expect(readFileSync(aikore.home('left behind', 'precious'), 'utf8')).toBe('data');
    expect(existsSync(aikore.home('left behind', 'launch.sh'))).toBe(false);
  });
});
