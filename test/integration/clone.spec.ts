import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { Instance } from '../../src/contracts/instance.js';
import type { Operation } from '../../src/contracts/operation.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { createInline, SERVES, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { done, ended, operations, picture, unfinished } from '../support/transfers.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
let aikore: AiKoreProcess;

beforeAll(async () => {
  aikore = await lab.start();
});

const copy = (id: number, body: object): Promise<Operation> => done(aikore, `api/instances/${id}/copy`, body);

/** An instance whose folder holds some of everything. */
async function furnished(): Promise<{ instance: Instance; home: string }> {
  const instance = await createInline(aikore, `${withVenv('./env')}${SERVES}`);
  const home = aikore.home(instance.name);
  mkdirSync(`${home}/app/deep/er`, { recursive: true });
  mkdirSync(aikore.path('outputs', instance.name), { recursive: true });
  writeFileSync(aikore.path('outputs', instance.name, 'picture.png'), 'drawn');
  writeFileSync(`${home}/app/plain`, 'text');
  writeFileSync(`${home}/app/tool`, '#!/bin/sh\n');
  chmodSync(`${home}/app/tool`, 0o755);
  writeFileSync(Buffer.from(`${home}/app/odd-\xff\xfe name`, 'latin1'), 'no text in UTF-8');
  writeFileSync(`${home}/app/large`, Buffer.alloc(20 * 1024 * 1024, 'x'));
  utimesSync(`${home}/app/plain`, 1_600_000_000, 1_600_000_000);
  symlinkSync('plain', `${home}/app/beside`);
  symlinkSync(`${home}/app`, `${home}/app/deep/absolute`);
  symlinkSync(`../../../../${instance.name}/app/plain`, `${home}/app/deep/er/around`);
  symlinkSync(aikore.path('outputs', instance.name), `${home}/app/pictures`);
  symlinkSync(aikore.path('models'), `${home}/app/models`);
  symlinkSync('/etc/hostname', `${home}/app/elsewhere`);
  mkdirSync(`${home}/app/closed`);
  writeFileSync(`${home}/app/closed/inside`, 'kept');
  chmodSync(`${home}/app/closed`, 0o555);
  execFileSync('mkfifo', [`${home}/app/pipe`]);
  writeFileSync(`${home}/output.log`, 'of the original');
  writeFileSync(`${home}/.rebuild-env`, '');
  mkdirSync(`${home}/logs`);
  return { instance, home };
}

describe('a clone', () => {
  it('has the files of its source, and nothing of its runs', async () => {
    const { instance, home } = await furnished();
    const operation = await copy(instance.id, { new_name: 'copied' });
    const clone = aikore.home('copied');
    const own = ['app/deep/absolute', 'app/deep/er/around', 'app/pictures'];
    const left = ['output.log', 'logs', '.rebuild-env', 'app/pipe'];
    expect(picture(clone, own)).toEqual(picture(home, [...own, ...left]));
    expect(own.map((path) => readlinkSync(`${clone}/${path}`))).toEqual([
      `${clone}/app`,
      '../../plain',
      aikore.path('outputs', 'copied'),
    ]);
    expect(readFileSync(`${clone}/app/deep/er/around`, 'utf8')).toBe('text');
    expect(statSync(`${clone}/app/plain`).mtimeMs).toBe(1_600_000_000_000);
    expect(readFileSync(Buffer.from(`${clone}/app/odd-\xff\xfe name`, 'latin1'), 'utf8')).toContain('UTF-8');
    expect(existsSync(aikore.path('outputs', 'copied'))).toBe(false);
    expect(operation).toMatchObject({ subject: 'copied', source: instance.name, source_id: instance.id });
    expect(operation.done_bytes).toBe(operation.total_bytes);
    expect(unfinished(aikore)).toEqual([]);
  });

  it('has the settings of its source, but ports of its own, no hostname, and starts by nobody', async () => {
    const { instance } = await furnished();
    await aikore.api.expect(200, 'PATCH', `api/instances/${instance.id}`, {
      env: { GREETING: 'hello' },
      launch_args: '--some "thing else"',
      gpu_ids: '0',
      autostart: true,
      restart_policy: 'on-failure',
      hostname: 'only.one.lan',
      use_custom_hostname: true,
      access_mode: 'port',
    });
    const source = await aikore.api.instance(instance.id);
    const { instance_id: id } = await copy(instance.id, { new_name: 'settled' });
    const clone = await aikore.api.instance(id ?? 0);
    expect(clone).toMatchObject({
      name: 'settled',
      env: { GREETING: 'hello' },
      launch_args: '--some "thing else"',
      gpu_ids: '0',
      restart_policy: 'on-failure',
      access_mode: 'port',
      autostart: false,
      hostname: null,
      use_custom_hostname: false,
      status: 'stopped',
      run: 0,
      parent_instance_id: null,
    });
    expect(clone.port).not.toBe(source.port);
    expect(clone.public_port).not.toBe(source.public_port);
  });

  it('takes outputs and environment along as it is asked to', async () => {
    const { instance, home } = await furnished();
    mkdirSync(`${home}/env/bin`, { recursive: true });
    writeFileSync(`${home}/env/bin/python`, '');
    await copy(instance.id, { new_name: 'bare', environment: false });
    expect(existsSync(`${aikore.home('bare')}/env`)).toBe(false);
    await copy(instance.id, { new_name: 'rich', outputs: true });
    expect(existsSync(`${aikore.home('rich')}/env/bin/python`)).toBe(true);
    expect(readFileSync(aikore.path('outputs', 'rich', 'picture.png'), 'utf8')).toBe('drawn');
  });

  it('shares what packages have installed, and nothing that is written to', async () => {
    const { instance, home } = await furnished();
    const packages = `${home}/env/lib/python3.11/site-packages`;
    mkdirSync(`${packages}/thing-1.0.dist-info`, { recursive: true });
    mkdirSync(`${packages}/thing/__pycache__`, { recursive: true });
    mkdirSync(`${home}/env/bin`, { recursive: true });
    mkdirSync(`${home}/cache`);
    const files = ['thing/code.py', 'thing/edited.py', 'thing/__pycache__/code.pyc', 'thing.pth'];
    for (const file of files) writeFileSync(`${packages}/${file}`, 'as installed');
    writeFileSync(`${packages}/thing/edited.py`, 'edited since, by hand');
    writeFileSync(`${packages}/thing/unlisted.json`, 'written at run time');
    writeFileSync(`${home}/env/bin/thing`, '#!/x');
    linkSync(`${packages}/thing/code.py`, `${home}/cache/code`);
    const lines = [...files, '../../../bin/thing'].map((file) => `${file},sha256=abc_-1,12`);
    writeFileSync(`${packages}/thing-1.0.dist-info/RECORD`, `${lines.join('\n')}\n`);
    await copy(instance.id, { new_name: 'sharing' });
    const isShared = (path: string): boolean =>
      statSync(`${home}/${path}`).ino === statSync(`${aikore.home('sharing')}/${path}`).ino;
    const inside = 'env/lib/python3.11/site-packages';
    expect(isShared(`${inside}/thing/code.py`)).toBe(true);
    expect(isShared('cache/code')).toBe(true);
    const own = [...files.slice(1), 'thing/unlisted.json'].map((file) => `${inside}/${file}`);
    expect([...own, 'env/bin/thing', 'app/plain', 'launch.sh'].filter(isShared)).toEqual([]);
  });

  it('has an environment that is its own: it runs, and knows nothing of its source', async () => {
    const script = `${withVenv('./env')}
[ -x env/bin/python ] || python3 -m venv --without-pip env
source env/bin/activate
exec tell`;
    const instance = await createInline(aikore, script);
    const home = aikore.home(instance.name);
    execFileSync('python3', ['-m', 'venv', '--without-pip', `${home}/env`]);
    const tell = `#!${home}/env/bin/python
import http.server, os, sys
class Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write((sys.prefix + " " + os.environ["VIRTUAL_ENV"]).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["WEBUI_PORT"])), Tell).serve_forever()
`;
    writeFileSync(`${home}/env/bin/tell`, tell, { mode: 0o755 });
    const before = picture(home);
    const { instance_id: id } = await copy(instance.id, { new_name: 'running clone' });
    const { port } = await aikore.api.startUp(id ?? 0);
    const own = `${aikore.home('running clone')}/env`;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe(`${own} ${own}`);
    await aikore.api.shutDown(id ?? 0);
    expect(picture(home)).toEqual(before);
  });

  it('of a satellite is an instance of its own with the files of the parent', async () => {
    const { instance } = await furnished();
    const satellite = await aikore.api.expect<Instance>(
      201,
      'POST',
      `api/instances/${instance.id}/instantiate`,
      { new_name: 'beside it', gpu_ids: '1' },
    );
    const { instance_id: id } = await copy(satellite.id, { new_name: 'out of it' });
    expect(await aikore.api.instance(id ?? 0)).toMatchObject({ parent_instance_id: null, gpu_ids: '1' });
    expect(readFileSync(`${aikore.home('out of it')}/app/plain`, 'utf8')).toBe('text');
    await aikore.api.startUp(satellite.id);
    const refused = await aikore.api.refused('POST', `api/instances/${instance.id}/copy`, { new_name: 'no' });
    expect([refused.status, refused.body.message]).toEqual([409, expect.stringContaining('beside it')]);
    await aikore.api.shutDown(satellite.id);
  });

  it('is refused while its source runs, and for a name that is none or taken', async () => {
    const { instance } = await furnished();
    await aikore.api.startUp(instance.id);
    const path = `api/instances/${instance.id}/copy`;
    expect((await aikore.api.refused('POST', path, { new_name: 'too early' })).body).toMatchObject({
      code: 'INSTANCE_ACTIVE',
      message: expect.stringContaining('Stop it before cloning it'),
    });
    await aikore.api.shutDown(instance.id);
    expect((await aikore.api.refused('POST', path, { new_name: '../up' })).status).toBe(422);
    const taken = await aikore.api.refused('POST', path, { new_name: instance.name.toUpperCase() });
    expect([taken.status, taken.body.code]).toEqual([409, 'INSTANCE_NAME_TAKEN']);
    mkdirSync(aikore.path('outputs', 'has outputs'));
    const full = await aikore.api.refused('POST', path, { new_name: 'has outputs', outputs: true });
    expect(full.status).toBe(409);
    // Nothing of all that holds it.
    await aikore.api.startUp(instance.id);
    await aikore.api.shutDown(instance.id);
  });
});

describe('operations', () => {
  /** A source that takes a while. */
  async function slow(): Promise<Instance> {
    const { instance, home } = await furnished();
    mkdirSync(`${home}/many`);
    for (let at = 0; at < 20; at += 1)
      writeFileSync(`${home}/many/${at}`, Buffer.alloc(12 * 1024 * 1024, String(at)));
    return instance;
  }
  const begin = (id: number, new_name: string): Promise<Operation> =>
    aikore.api.expect(202, 'POST', `api/instances/${id}/copy`, { new_name });

  it('wait for one another, keep their names and hold their sources', async () => {
    const source = await slow();
    const viewer = await EventsClient.open(aikore);
    const [first, second] = [await begin(source.id, 'one of two'), await begin(source.id, 'two of two')];
    expect((await operations(aikore))[0]).toMatchObject({ subject: 'two of two', phase: 'waiting' });
    const again = await aikore.api.refused('POST', `api/instances/${source.id}/copy`, {
      new_name: 'TWO of two',
    });
    expect([again.status, again.body.code]).toEqual([409, 'INSTANCE_NAME_TAKEN']);
    const created = await aikore.api.refused('POST', 'api/instances', {
      name: 'Two of Two',
      base_blueprint: 'answers.sh',
    });
    expect(created.body.code).toBe('INSTANCE_NAME_TAKEN');
    const held: [string, string, unknown][] = [
      ['POST', `api/instances/${source.id}/start`, undefined],
      ['PATCH', `api/instances/${source.id}`, { name: 'moved away' }],
      ['DELETE', `api/instances/${source.id}`, undefined],
    ];
    for (const [method, path, body] of held)
      expect((await aikore.api.refused(method, path, body)).body.code).toBe('INSTANCE_BUSY');
    expect((await ended(aikore, first)).phase).toBe('done');
    expect((await ended(aikore, second)).phase).toBe('done');
    const told = viewer.events.flatMap((event) => (event.type === 'operations.changed' ? event.data : []));
    const phases = new Set(told.filter(({ id }) => id === first.id).map(({ phase }) => phase));
    expect([...phases]).toEqual(expect.arrayContaining(['counting', 'copying', 'finishing', 'done']));
    expect((await EventsClient.open(aikore)).snapshot.operations.map(({ id }) => id)).toContain(second.id);
    viewer.end();
    await aikore.api.startUp(source.id);
    await aikore.api.shutDown(source.id);
  });

  it('take no place that somebody has taken by hand meanwhile', async () => {
    const operation = await begin((await slow()).id, 'by hand');
    mkdirSync(aikore.home('by hand'));
    writeFileSync(`${aikore.home('by hand')}/mine`, 'kept');
    expect(await ended(aikore, operation)).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('instances/by hand exists already'),
    });
    expect(readFileSync(`${aikore.home('by hand')}/mine`, 'utf8')).toBe('kept');
    expect(unfinished(aikore)).toEqual([]);
  });

  it('leave nothing when they are cancelled, under way or waiting', async () => {
    const source = await slow();
    const under = await begin(source.id, 'never');
    const waiting = await begin(source.id, 'never ever');
    await aikore.api.expect(204, 'DELETE', `api/operations/${waiting.id}`);
    expect((await ended(aikore, waiting)).phase).toBe('cancelled');
    await waitFor('bytes are copied', async () =>
      (await operations(aikore)).some(({ id, done_bytes }) => id === under.id && done_bytes > 0),
    );
    await aikore.api.expect(204, 'DELETE', `api/operations/${under.id}`);
    expect((await ended(aikore, under)).phase).toBe('cancelled');
    expect(unfinished(aikore)).toEqual([]);
    expect(existsSync(aikore.home('never'))).toBe(false);
    // The name is free again, and the ended one is dismissed.
    await copy(source.id, { new_name: 'never' });
    await aikore.api.expect(204, 'DELETE', `api/operations/${under.id}`);
    expect((await operations(aikore)).map(({ id }) => id)).not.toContain(under.id);
    expect((await aikore.api.refused('DELETE', `api/operations/${under.id}`)).status).toBe(404);
  });
});
