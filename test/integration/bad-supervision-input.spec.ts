import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance, LogSlice } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { parseEnvironment } from '../support/processes.js';
import { sendRequest } from '../support/raw-request.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;
let aikore: AiKoreProcess;
let present: Instance;

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_STOP_GRACE: '1' });
  present = await aikore.api.create({ name: 'Present', base_blueprint: 'environment.sh' });
});

/** Refused in a creation and in both kinds of change, each time with a sentence for the field, and nothing is stored. */
async function expectRefused(field: string, value: unknown): Promise<string> {
  const wish = { name: 'x', base_blueprint: 'idles.sh', [field]: value };
  const requests: [string, string, unknown][] = [
    ['POST', 'api/instances', wish],
    ['PATCH', `api/instances/${present.id}`, { [field]: value }],
    ['PUT', `api/instances/${present.id}`, { [field]: value }],
  ];
  let sentence = '';
  for (const [method, path, body] of requests) {
    const answer = await aikore.api.refused(method, path, body);
    expect([method, answer.status, answer.body.code]).toEqual([method, 422, 'VALIDATION_FAILED']);
    expect(Object.keys(answer.body.details)).toEqual([field]);
    sentence = String(answer.body.details[field]);
    expect(sentence).toMatch(/^[^\n]{10,300}\.$/);
  }
  expect(await aikore.api.instances()).toEqual([present]);
  return sentence;
}

const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`NAME_${index}`, 'x']));

describe('restart_policy', () => {
  const bad = [
    'sometimes',
    '',
    'No',
    'ALWAYS',
    'on_failure',
    'on-failure ',
    null,
    true,
    0,
    1,
    [],
    ['always'],
    {},
  ];
  it.each(bad)('%j is refused', (value) => expectRefused('restart_policy', value));
});

describe('env', () => {
  const bad: [what: string, value: unknown, gist: RegExp][] = [
    ['a list', ['A=1'], /object/],
    ['text', 'A=1', /object/],
    ['a number', 7, /object/],
    ['null', null, /object/],
    ['true', true, /object/],
    ['a name that begins with a digit', { '1A': 'x' }, /not a name/],
    ['an empty name', { '': 'x' }, /not a name/],
    ['a name with a space', { 'A B': 'x' }, /not a name/],
    ['a name with =', { 'A=B': 'x' }, /not a name/],
    ['a name with a NUL', { 'A\0': 'x' }, /not a name/],
    ['a name with a line break', { 'A\nB': 'x' }, /not a name/],
    ['a name beyond ASCII', { GRÖSSE: 'x' }, /not a name/],
    ['a shell function', { 'BASH_FUNC_ls%%': '() { true; }' }, /not a name/],
    ['a name of 129 characters', { ['A'.repeat(129)]: 'x' }, /not a name/],
    ['a line break', { A: 'a\nb' }, /line break/],
    ['a carriage return', { A: 'a\rb' }, /line break/],
    ['a NUL', { A: 'a\0b' }, /NUL/],
    ['the name constructor', { constructor: 'x' }, /"constructor" cannot be used/],
    ['the name prototype', { prototype: 'x' }, /"prototype" cannot be used/],
    ['a number as a value', { A: 1 }, /must be text/],
    ['null as a value', { A: null }, /must be text/],
    ['a list as a value', { A: ['x'] }, /must be text/],
    ['an object as a value', { A: { B: 'x' } }, /must be text/],
    ['a megabyte', { A: 'x'.repeat(1_000_000) }, /32768 characters/],
    [
      'much altogether',
      Object.fromEntries(Object.keys(entries(100)).map((name) => [name, 'x'.repeat(9000)])),
      /altogether|together/,
    ],
    ['201 entries', entries(201), /200 variables/],
    ...['LD_PRELOAD', 'LD_AUDIT', 'BASH_ENV', 'ENV', 'SHELLOPTS', 'BASHOPTS', 'PROMPT_COMMAND'].map(
      (name): [string, unknown, RegExp] => [name, { [name]: '/tmp/x' }, /would load code/],
    ),
    ...[
      'WEBUI_PORT',
      'INSTANCE_NAME',
      'INSTANCE_CONF_DIR',
      'INSTANCE_OUTPUT_DIR',
      'BLUEPRINT_ID',
      'SUBFOLDER',
      'BASE_DIR',
    ].map((name): [string, unknown, RegExp] => [name, { [name]: 'x' }, /set by AiKore/]),
    ...[
      'CUDA_VISIBLE_DEVICES',
      'CUDA_DEVICE_ORDER',
      'AIKORE_INSTANCE_MARKER',
      'AIKORE_TOKEN',
      'AIKORE_X',
    ].map((name): [string, unknown, RegExp] => [name, { [name]: 'x' }, /set by AiKore/]),
  ];
  it.each(bad)('with %s is refused', async (_what, value, gist) => {
    expect(await expectRefused('env', value)).toMatch(gist);
  });

  it('with __proto__ is no JSON that is accepted', async () => {
    const body = '{"name":"x","base_blueprint":"idles.sh","env":{"__proto__":{"A":"1"}}}';
    const type = 'Content-Type: application/json';
    const answer = await sendRequest(aikore.port, 'POST /api/instances', [AUTHORIZATION, type], body);
    expect(answer.status).toBe(400);
    expect((JSON.parse(answer.body) as ErrorBody).message).toMatch(/\.$/);
    expect(await aikore.api.instances()).toEqual([present]);
  });
});

describe('launch_args', () => {
  const bad: unknown[] = [
    null,
    7,
    true,
    {},
    ['--x'],
    'an "open quote',
    "an 'open quote",
    'a\0b',
    'x'.repeat(8193),
  ];
  it.each(bad)('%j is refused', (value) => expectRefused('launch_args', value));
});

describe('probe', () => {
  const bad: unknown[] = [
    '',
    ' ',
    'ftp',
    'tcp 80',
    'process now',
    'http //elsewhere/',
    'http /\\elsewhere',
    'http http://elsewhere/',
    'http path',
    'http /a /b',
    'http /a b',
    'http /line\nbreak',
    'http /cr\r\nHost: x',
    'http /nul\0',
    'http /ü',
    'http /#part',
    'http ${SUBFOLDER}/../x\n',
    `http /${'x'.repeat(5000)}`,
    7,
    true,
    {},
    ['tcp'],
  ];
  it.each(bad)('%j is refused', (value) => expectRefused('probe', value));
});

describe('a piece of a log', () => {
  const numbers = [
    'x',
    '',
    ' ',
    '1.5',
    '1e3',
    '0x10',
    '--1',
    '+1',
    '٣',
    '9'.repeat(16),
    'NaN',
    'Infinity',
    '1,2',
    'null',
  ];
  const bad = ['offset', 'limit', 'run'].flatMap((field) =>
    numbers.map((text): [string, string] => [field, text]),
  );
  it.each([...bad, ['limit', '0'], ['limit', '-1'], ['run', '-1']])(
    'with %s=%j is refused',
    async (field, text) => {
      const path = `api/instances/${present.id}/logs?${field}=${encodeURIComponent(text)}`;
      const { status, body } = await aikore.api.refused('GET', path);
      expect([status, Object.keys(body.details)]).toEqual([422, [field]]);
    },
  );

  it('with a value twice is refused', async () => {
    const { status } = await aikore.api.refused('GET', `api/instances/${present.id}/logs?offset=1&offset=2`);
    expect(status).toBe(422);
  });

  it('of a run that never was is not found', async () => {
    const { status } = await aikore.api.refused('GET', `api/instances/${present.id}/logs?run=999999`);
    expect(status).toBe(404);
  });
});

describe('values at the edge of what is accepted', () => {
  it('reach the script exactly as they were given', async () => {
    const env: Record<string, string> = {
      EMPTY: '',
      SPACES: '  a  b  ',
      QUOTES: `'"\`$HOME $(id) \\n;&|`,
      WIDE: 'größer 🙂 洪水 \u202e',
      TAB: 'a\tb',
      _: 'underscore',
      toString: 'a name like any other',
      hasOwnProperty: 'another',
      ['L'.repeat(128)]: 'long name',
      LONG: 'x'.repeat(32_768),
      PYTHONUNBUFFERED: '0',
    };
    const launch_args = `--empty '' --quoted "two words" --dollar $HOME * ; \\$(id) "a\\"b" 'c"d' größer\tend`;
    const { id } = await aikore.api.create({
      name: 'edge',
      base_blueprint: 'environment.sh',
      env,
      launch_args,
    });
    expect(await aikore.api.instance(id)).toMatchObject({ env, launch_args });
    await aikore.api.startUp(id);
    const path = aikore.home('edge', 'environment');
    const given = await waitFor('it is written', () => {
      const found = parseEnvironment(readFileSync(path, 'utf8'));
      return found.has('WEBUI_PORT') && found;
    });
    // Bash sets `_` to the program that it calls.
    for (const [name, value] of Object.entries(env))
      if (name !== '_') expect([name, given.get(name)]).toEqual([name, value]);
    const args = readFileSync(aikore.home('edge', 'arguments'), 'utf8').split('\0').slice(0, -1);
    expect(args).toEqual([
      '--empty',
      '',
      '--quoted',
      'two words',
      '--dollar',
      '$HOME',
      '*',
      ';',
      '$(id)',
      'a"b',
      'c"d',
      'größer',
      'end',
    ]);
    await aikore.api.shutDown(id);
  });

  it('may be as many and as long as the limits say, and it still starts', async () => {
    const most = Object.fromEntries(Object.keys(entries(200)).map((name) => [name, '語'.repeat(1310)]));
    const launch_args = '語'.repeat(8192);
    const wish = { name: 'most', base_blueprint: 'environment.sh', env: most, launch_args };
    const { id } = await aikore.api.create(wish);
    await aikore.api.startUp(id);
    await waitFor('it is written', () => {
      const given = parseEnvironment(readFileSync(aikore.home('most', 'environment'), 'utf8'));
      return Object.entries(most).every(([name, value]) => given.get(name) === value);
    });
    expect(readFileSync(aikore.home('most', 'arguments'), 'utf8')).toBe(`${launch_args}\0`);
    await aikore.api.shutDown(id);
  });

  it.each(['no', 'on-failure', 'always'])('restart_policy %s is stored', async (restart_policy) => {
    const answer = await aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${present.id}`, {
      restart_policy,
    });
    expect(answer).toMatchObject({ restart_policy });
    // What happens at the next end is decided then: nothing needs a restart.
    expect(answer.pending_restart).toBe(false);
  });

  it.each([
    'http',
    'HTTP /x',
    'http /a?b=c&d=%20',
    'http ${SUBFOLDER}',
    '/only/a/path',
    'tcp',
    'process',
    null,
  ])('probe %j is stored as it was given', async (probe) => {
    const answer = await aikore.api.expect<Instance>(200, 'PATCH', `api/instances/${present.id}`, { probe });
    expect(answer.probe).toBe(probe);
  });

  it('offsets beyond both ends of a log give what there is', async () => {
    const { id } = await aikore.api.create({ name: 'short', base_blueprint: 'environment.sh' });
    await aikore.api.startUp(id);
    const slice = (query: string) =>
      aikore.api.expect<LogSlice>(200, 'GET', `api/instances/${id}/logs?${query}`);
    await waitFor('it has printed', async () => (await slice('')).size === 8);
    expect(await slice('offset=-999999999999999')).toMatchObject({ content: 'written\n', offset: 0 });
    expect(await slice('offset=999999999999999')).toMatchObject({ content: '', size: 8 });
    expect(await slice('offset=-1&limit=999999999999999')).toMatchObject({ content: '\n', offset: 7 });
    expect(await slice('limit=1')).toMatchObject({ content: 'writ', next_offset: 4 });
    await aikore.api.shutDown(id);
  });
});
