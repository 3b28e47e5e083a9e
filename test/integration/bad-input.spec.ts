import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { sendBytes, sendRequest } from '../support/raw-request.js';

const lab = useLab();
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;
const FIRST_PUBLISHED = 19_301;

let aikore: AiKoreProcess;
let present: Instance;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_INSTANCE_PORT_RANGE: `${FIRST_PUBLISHED}-${FIRST_PUBLISHED + 9}` });
  present = await aikore.api.create({ name: 'Present', base_blueprint: 'idles.sh' });
});

/** Whatever was refused left neither a row nor a folder. */
async function expectNothingMade(): Promise<void> {
  expect((await aikore.api.instances()).map(({ name }) => name)).toEqual(['Present']);
  expect(readdirSync(aikore.path('instances'))).toEqual(['Present']);
  // What is deleted for ever may still be on its way out of the trash can.
  const trashed = readdirSync(aikore.path('trashcan')).filter((name) => !name.startsWith('.deleting-'));
  expect(trashed).toEqual([]);
}

async function refusedCreation(wish: unknown): Promise<{ status: number; body: ErrorBody }> {
  const { status, body } = await aikore.api.refused('POST', 'api/instances', wish);
  await expectNothingMade();
  expectSentence(body);
  return { status, body };
}

function expectSentence(body: ErrorBody): void {
  expect(body.code).toMatch(/^[A-Z][A-Z_]+$/);
  expect(body.message).toMatch(/^[^\n]{10,}[.!]$/);
  expect(body.message).not.toMatch(/ at .+\.js|SQLITE|Error:/);
  expect(body.request_id).toMatch(/^[0-9a-f-]{36}$/);
}

describe('a name', () => {
  const bad: [string, unknown][] = [
    ['empty', ''],
    ['65 characters long', 'a'.repeat(65)],
    ['a way up', '../x'],
    ['a path', 'a/b'],
    ['two dots', '..'],
    ['one dot', '.'],
    ['with a line break', 'a\nb'],
    ['with a line break at its end', 'ab\n'],
    ['with a NUL', 'a\0b'],
    ['with a quote', 'a"b'],
    ['beyond ASCII', 'Bär'],
    ['with a space at its end', 'a '],
    ['with a dash at its beginning', '-rf'],
    ['null', null],
    ['a number', 7],
    ['a list', ['x']],
    ['an object', { toString: 'x' }],
    ['absent', undefined],
  ];
  it.each(bad)('is refused when it is %s', async (_what, name) => {
    const { status, body } = await refusedCreation({ name, base_blueprint: 'idles.sh' });
    expect(status).toBe(422);
    expect(body.code).toBe('VALIDATION_FAILED');
    expect(Object.keys(body.details)).toEqual(['name']);
    const renamed = await aikore.api.refused('PATCH', `api/instances/${present.id}`, { name });
    if (name !== undefined) expect(renamed.status).toBe(422);
    expect(await aikore.api.instance(present.id)).toMatchObject({ name: 'Present' });
  });

  it.each(['Present', 'present', 'PRESENT'])('is refused when it is taken, as %s', async (name) => {
    const { status, body } = await refusedCreation({ name, base_blueprint: 'idles.sh' });
    expect([status, body.code]).toEqual([409, 'INSTANCE_NAME_TAKEN']);
    expect(body.message).toContain('Present');
  });

  it('may have 64 characters', async () => {
    const { id } = await aikore.api.create({ name: 'x'.repeat(64), base_blueprint: 'idles.sh' });
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
    await expectNothingMade();
  });
});

describe('a blueprint', () => {
  const bad = [
    'none.sh',
    '../../etc/passwd',
    '/etc/passwd',
    'idles.sh/../idles.sh',
    '',
    '.',
    'idles.sh\0',
    'idles',
  ];
  it.each(bad)('is refused when it is %j', async (base_blueprint) => {
    const { status, body } = await refusedCreation({ name: 'x', base_blueprint });
    expect(status).toBe(422);
    expect(Object.keys(body.details)).toEqual(['base_blueprint']);
  });

  it('cannot be changed', async () => {
    const change = { base_blueprint: 'counter.sh' };
    expect((await aikore.api.refused('PATCH', `api/instances/${present.id}`, change)).status).toBe(422);
  });
});

describe('a pin', () => {
  const bad: [string, unknown][] = [
    ...[3.12, '', 'latest', '3.12; id', true, ['3.12']].map((value): [string, unknown] => [
      'python_version',
      value,
    ]),
    ...[12, '12', '12.8 ', 'cu128'].map((value): [string, unknown] => ['cuda_version', value]),
    ...['2', '2.7.1+cpu', '>=2'].map((value): [string, unknown] => ['torch_version', value]),
    ...['', '--upload-pack=id', 'a..b', 'a\u202Eb', 1].map((value): [string, unknown] => ['git_ref', value]),
    ...[null, 'x'.repeat(16_385), '-r /etc/passwd', 'a\0', []].map((value): [string, unknown] => [
      'extra_requirements',
      value,
    ]),
  ];
  it.each(bad)('%s is refused when it is %j', async (field, value) => {
    const created = await refusedCreation({ name: 'x', base_blueprint: 'idles.sh', [field]: value });
    expect([created.status, Object.keys(created.body.details)]).toEqual([422, [field]]);
    const patched = await aikore.api.refused('PATCH', `api/instances/${present.id}`, { [field]: value });
    expect([patched.status, Object.keys(patched.body.details)]).toEqual([422, [field]]);
  });

  it.each(['PYTHON_VERSION', 'GIT_REF', 'AIKORE_EXTRA_REQUIREMENTS', 'AIKORE_SATELLITE'])(
    'is no variable of an instance: %s',
    async (name) => {
      const { status, body } = await refusedCreation({
        name: 'x',
        base_blueprint: 'idles.sh',
        env: { [name]: '1' },
      });
      expect([status, Object.keys(body.details)]).toEqual([422, ['env']]);
    },
  );
});

describe('a port', () => {
  const refusedPort = (port: unknown) => refusedCreation({ name: 'x', base_blueprint: 'idles.sh', port });

  it.each([0, -1, 65_536, 1.5, '9000', null, true])('is refused when it is %j', async (port) => {
    const { status, body } = await refusedPort(port);
    expect([status, Object.keys(body.details)]).toEqual([422, ['port']]);
  });

  it.each([1, 22, 80, 1023])('is refused when it is privileged, as %d', async (port) => {
    const { status, body } = await refusedPort(port);
    expect([status, body.message]).toEqual([422, expect.stringContaining('privileged')]);
  });

  it.each([FIRST_PUBLISHED, FIRST_PUBLISHED + 9])(
    'is refused inside the published range, as %d',
    async (port) => {
      const { status, body } = await refusedPort(port);
      expect(status).toBe(422);
      expect(body.message).toContain(`${FIRST_PUBLISHED}-${FIRST_PUBLISHED + 9}`);
    },
  );

  it("is refused when it is AiKore's own", async () => {
    for (const port of [aikore.port, aikore.appsPort]) {
      const { status, body } = await refusedPort(port);
      expect([status, body.message]).toEqual([422, expect.stringContaining('AiKore itself')]);
    }
  });

  it("is refused when it is another instance's", async () => {
    const { status, body } = await refusedPort(present.port);
    expect([status, body.code]).toEqual([409, 'PORT_TAKEN']);
    expect(body.message).toContain('Present');
  });

  it('is refused when another program holds it, which is named', async () => {
    const holder = spawn(
      process.execPath,
      [
        '-e',
        "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })",
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [text] = (await once(holder.stdout, 'data')) as [Buffer];
      const { status, body } = await refusedPort(Number(text.toString()));
      expect([status, body.code]).toEqual([409, 'PORT_IN_USE']);
      expect(body.message).toContain(`(pid ${String(holder.pid)})`);
      expect(body.message).toMatch(/in use by \S*node\S* /i);
    } finally {
      holder.kill();
      await once(holder, 'exit');
    }
  });

  it('is refused when it is held on another address only', async () => {
    const server = createServer().listen(0, '127.0.0.9');
    await once(server, 'listening');
    const { status } = await refusedPort((server.address() as AddressInfo).port);
    server.close();
    expect(status).toBe(409);
  });

  it('is refused in a change as well', async () => {
    const patch = await aikore.api.refused('PATCH', `api/instances/${present.id}`, { port: aikore.port });
    expect(patch.status).toBe(422);
    expect((await aikore.api.instance(present.id)).port).toBe(present.port);
  });
});

describe('other values', () => {
  const bad: [string, unknown][] = [
    ['gpu_ids', 'all'],
    ['gpu_ids', '0,'],
    ['gpu_ids', '0,0'],
    ['gpu_ids', '-1'],
    ['gpu_ids', '0 1'],
    ['gpu_ids', [0, 1]],
    ['gpu_ids', 0],
    ['autostart', 'yes'],
    ['autostart', null],
    ['output_path', '../out'],
    ['output_path', '/tmp'],
    ['output_path', 'a//b'],
    ['output_path', ''],
    ['output_path', '.'],
    ['env', ['A=1']],
    ['env', 'A=1'],
    ['env', null],
    ['env', { 'A B': '1' }],
    ['env', { A: 1 }],
    ['env', { A: 'line\nbreak' }],
    ['env', { A: 'nul\0' }],
    ['env', { LD_PRELOAD: '/tmp/x.so' }],
    ['env', { AIKORE_TOKEN: 'x' }],
    ['env', { WEBUI_PORT: '1' }],
    ['launch_args', 'an "unclosed quote'],
    ['launch_args', 'nul\0'],
    ['launch_args', ['--x']],
    ['access_mode', 'carrier pigeon'],
    ['restart_policy', 'sometimes'],
    ['hostname', 7],
    ['no_such_field', 1],
    ['status', 'started'],
    ['id', 77],
  ];
  it.each(bad)('%s = %j is refused', async (field, value) => {
    const { status, body } = await refusedCreation({ name: 'x', base_blueprint: 'idles.sh', [field]: value });
    expect([status, Object.keys(body.details)]).toEqual([422, [field]]);
    expect(String(body.details[field])).toMatch(/[.]$/);
  });

  it('are refused all at once, one sentence a field', async () => {
    const wish = { name: '', base_blueprint: 'idles.sh', gpu_ids: 'x', launch_args: '"' };
    const { body } = await refusedCreation(wish);
    expect(Object.keys(body.details).sort()).toEqual(['gpu_ids', 'launch_args', 'name']);
  });
});

describe('a body', () => {
  const post = (body: string, type = 'application/json') =>
    sendRequest(aikore.port, 'POST /api/instances', [AUTHORIZATION, `Content-Type: ${type}`], body);

  const malformed: [string, string][] = [
    ['no JSON', '{"name":'],
    ['text', 'hello'],
    ['a list', '[]'],
    ['a list of wishes', '[{"name":"x","base_blueprint":"idles.sh"}]'],
    ['null', 'null'],
    ['a number', '7'],
    ['a string', '"x"'],
    ['true', 'true'],
    ['with a __proto__', '{"name":"x","base_blueprint":"idles.sh","__proto__":{"autostart":true}}'],
    ['with a constructor', '{"name":"x","constructor":{"prototype":{"autostart":true}}}'],
    ['nested without end', `{"name":"x","env":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ];
  it.each(malformed)('is refused when it is %s', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expectSentence(JSON.parse(answer.body) as ErrorBody);
    await expectNothingMade();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('is refused as %s', async (type) => {
    const answer = await post('{"name":"x","base_blueprint":"idles.sh"}', type);
    expect(answer.status).toBe(415);
    expectSentence(JSON.parse(answer.body) as ErrorBody);
    await expectNothingMade();
  });

  it('of 20 MB is refused before it is read', async () => {
    const announced = [AUTHORIZATION, 'Content-Type: application/json', 'Content-Length: 20000000'];
    const answer = await sendRequest(aikore.port, 'POST /api/instances', announced);
    expect(answer.status).toBe(413);
    expectSentence(JSON.parse(answer.body) as ErrorBody);
    await expectNothingMade();
  });

  it('of 20 MB without an announced length is refused as well', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const head = [
      'POST /api/instances HTTP/1.1',
      `Host: 127.0.0.1:${aikore.port}`,
      AUTHORIZATION,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ].join('\r\n');
    const answer = await sendBytes(aikore.port, `${head}\r\n\r\n${chunk.repeat(20)}0\r\n\r\n`);
    expect(answer.status).toBe(413);
    await expectNothingMade();
  });

  it('may be empty where none is needed, whatever its type claims to be', async () => {
    const path = `POST /api/instances/${present.id}/stop`;
    const answer = await sendRequest(aikore.port, path, [
      AUTHORIZATION,
      'Content-Type: application/json',
      'Content-Length: 0',
    ]);
    expect(answer.status).toBe(409);
  });
});

describe('an id', () => {
  const unknown = ['999999', '0', '-1', '1.0', '1e0', 'abc', '%31%20', '99999999999999999999', '1;x', '0x1'];
  it.each(unknown)('%s is not found, whatever is asked of it', async (id) => {
    const requests: [string, string, unknown?][] = [
      ['GET', `api/instances/${id}`],
      ['PATCH', `api/instances/${id}`, { autostart: true }],
      ['PUT', `api/instances/${id}`, { autostart: true }],
      ['DELETE', `api/instances/${id}`],
      ['POST', `api/instances/${id}/start`],
      ['POST', `api/instances/${id}/stop`],
      ['POST', `api/instances/${id}/restart`],
      ['POST', `api/instances/${id}/kill`],
      ['GET', `api/instances/${id}/runs`],
      ['GET', `api/instances/${id}/logs`],
      ['GET', `api/instances/${id}/logs/download`],
    ];
    for (const [method, path, body] of requests) {
      const answer = await aikore.api.refused(method, path, body);
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
      expectSentence(answer.body);
    }
  });
});

describe('ports chosen by AiKore', () => {
  it('differ, also when two wishes come at once', async () => {
    const made = await Promise.all(
      ['one', 'two', 'three', 'four'].map((name) =>
        aikore.api.expect<Instance>(201, 'POST', 'api/instances', { name, base_blueprint: 'idles.sh' }),
      ),
    );
    expect(new Set(made.map(({ port }) => port)).size).toBe(4);
    for (const { id } of made) await aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
  });

  it('of two wishes for the same name and port, one is met', async () => {
    const wish = { name: 'twin', base_blueprint: 'idles.sh', port: await freePort() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => aikore.api.send<Instance>('POST', 'api/instances', wish)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const { id } = await aikore.api.byName('twin');
    await aikore.api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
  });
});
