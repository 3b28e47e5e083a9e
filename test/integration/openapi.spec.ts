import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import { ACCESS_MATRIX } from '../../src/app/access-matrix.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { TerminalClient } from '../support/terminal-client.js';

interface Schema {
  $ref?: string;
  /** How a reference is written that has words of its own beside it. */
  allOf?: Schema[];
  type?: string;
  items?: Schema;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Described {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string }[];
  security?: object[];
  responses: Record<string, Described>;
}

interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const lab = useLab();
let aikore: AiKoreProcess;
let document: ApiDocument;
let instance: Instance;

/** What the router has beside the API: files, pages for browsers, the document itself. */
const IS_API = /^\w+ \/(api\/(?!docs|openapi\.json)|metrics)/;
const routes = Object.keys(ACCESS_MATRIX).filter((key) => IS_API.test(key));

function operationOf(key: string): Operation | undefined {
  const [method = '', pattern = ''] = key.split(' ');
  return document.paths[pattern.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
}

const schemaOf = (described: Described | undefined): Schema | undefined =>
  Object.values(described?.content ?? {})[0]?.schema;

function resolved(schema: Schema): Schema {
  const [only] = schema.allOf ?? [];
  if (only) return resolved(only);
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

/** Where an answer has other fields than its schema, as paths. */
function differences(value: unknown, schema: Schema, at = 'answer'): string[] {
  const { type, items, properties, nullable } = resolved(schema);
  // A reference that may be null says so beside the reference.
  if (value === null) return (schema.nullable ?? nullable) === true ? [] : [`${at} is null`];
  if (type === 'array')
    return Array.isArray(value) && items
      ? value.flatMap((item, index) => differences(item, items, `${at}[${index}]`))
      : [`${at} is no list`];
  if (properties === undefined)
    return typeof value === (type === 'integer' ? 'number' : type) ? [] : [`${at}: ${type}`];
  const fields = value as Record<string, unknown>;
  const untold = Object.keys(fields).filter((name) => !(name in properties));
  return [
    ...untold.map((name) => `${at}.${name} is not described`),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      name in fields ? differences(fields[name], inner, `${at}.${name}`) : [`${at}.${name} is missing`],
    ),
  ];
}

beforeAll(async () => {
  aikore = await lab.start({ HOME: lab.root, AIKORE_STOP_GRACE: '1' });
  document = await aikore.api.expect<ApiDocument>(200, 'GET', 'api/openapi.json');
  const gone = await aikore.api.create({ name: 'gone', base_blueprint: 'idles.sh' });
  await aikore.api.expect(204, 'DELETE', `api/instances/${gone.id}`);
  instance = await aikore.api.create({ name: 'there', base_blueprint: 'idles.sh' });
  await aikore.api.startUp(instance.id);
});

describe('the OpenAPI document', () => {
  it.each(routes)('describes %s', (key) => {
    const operation = operationOf(key);
    expect(operation?.summary).toMatch(/^\S.{8,}/);
    expect(operation?.description).toMatch(/Scope: `\w+`\.|Needs no sign-in\./);
    const success = Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith('2'));
    expect(success).toBeDefined();
    const [status, described] = success ?? [];
    if (status !== '204') expect(schemaOf(described)).toBeDefined();
    const isPublic = ACCESS_MATRIX[key] === 'public';
    expect(operation?.security).toHaveLength(isPublic ? 0 : 2);
    expect(operation?.responses['401'] !== undefined || isPublic).toBe(true);
    for (const name of key.matchAll(/:(\w+)/g))
      expect(operation?.parameters?.map((parameter) => parameter.name)).toContain(name[1]);
  });

  it('names no shape that it does not hold', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
    const missing = names.filter(([, name = '']) => document.components.schemas[name] === undefined);
    expect([names.length > 50, missing]).toEqual([true, []]);
  });

  it.each([
    'GET /api/status',
    'GET /api/instances',
    'GET /api/instances/:id',
    'GET /api/instances/:id/runs',
    'GET /api/instances/:id/logs',
    'GET /api/instances/:id/logs/runs',
    'GET /api/instances/:id/logs/times',
    'GET /api/instances/:id/logs/search?q=e',
    'GET /api/instances/:id/script',
    'GET /api/instances/:id/script/blueprint',
    'GET /api/instances/:id/script/metadata',
    'GET /api/instances/:id/script/history',
    'GET /api/instances/:id/file?file_type=script',
    'GET /api/instances/:id/terminals',
    'GET /api/instances/:id/environment',
    'GET /api/system/pythons',
    'GET /api/trash',
    'GET /api/trash/gone/size',
    'GET /api/system/info',
    'GET /api/system/stats',
    'GET /api/system/stats/history',
    'GET /api/system/ports',
    'GET /api/system/available-ports',
    'GET /api/system/blueprints',
    'GET /api/audit',
    'GET /api/auth/session',
    'GET /api/auth/sessions',
    'GET /api/auth/tokens',
  ])('has the shape of what %s answers', async (call) => {
    const [key = ''] = call.split('?');
    const operation = operationOf(key.replace('/gone/', '/:name/'));
    const schema = schemaOf(operation?.responses['200']);
    const path = call.replace('GET /', '').replace(':id', String(instance.id));
    const answer = await aikore.api.expect<unknown>(200, 'GET', path);
    expect(differences(answer, schema ?? {})).toEqual([]);
  });

  it('has the shape of a terminal, of a save and of a token', async () => {
    const terminal = await TerminalClient.open(aikore, { id: instance.id });
    const listed = await aikore.api.expect(200, 'GET', `api/instances/${instance.id}/terminals`);
    const one = operationOf('GET /api/instances/:id/terminals')?.responses['200'];
    expect([(listed as unknown[]).length, differences(listed, schemaOf(one) ?? {})]).toEqual([1, []]);
    terminal.close();
    const { headers } = await aikore.api.send('GET', `api/instances/${instance.id}/script`);
    const saved = await aikore.api.send(
      'PUT',
      `api/instances/${instance.id}/script`,
      { content: 'sleep 1000\n' },
      { 'if-match': headers.get('etag') ?? '' },
    );
    const save = operationOf('PUT /api/instances/:id/script')?.responses['200'];
    expect([saved.status, differences(saved.body, schemaOf(save) ?? {})]).toEqual([200, []]);
    const token = await aikore.api.expect(201, 'POST', 'api/auth/tokens', {
      name: 'shape',
      scopes: ['read'],
    });
    const made = operationOf('POST /api/auth/tokens')?.responses['201'];
    expect(differences(token, schemaOf(made) ?? {})).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each<{ key: string; path: string; body?: object }>([
    { key: 'GET /api/instances/:id', path: '/api/instances/99' },
    { key: 'POST /api/instances', path: '/api/instances', body: { name: '', base_blueprint: 'idles.sh' } },
    {
      key: 'POST /api/instances',
      path: '/api/instances',
      body: { name: 'there', base_blueprint: 'idles.sh' },
    },
    { key: 'PATCH /api/instances/:id', path: '/api/instances/:id', body: { name: 'elsewhere' } },
    { key: 'DELETE /api/instances/:id', path: '/api/instances/:id' },
    { key: 'POST /api/instances/:id/:command', path: '/api/instances/:id/start' },
    { key: 'POST /api/instances/:id/rebuild', path: '/api/instances/:id/rebuild' },
    { key: 'POST /api/instances/:id/update', path: '/api/instances/:id/update' },
    { key: 'POST /api/instances/:id/:command', path: '/api/instances/:id/dance' },
    { key: 'PUT /api/instances/order', path: '/api/instances/order', body: { ids: [99] } },
    { key: 'GET /api/instances/:id/logs', path: '/api/instances/:id/logs?run=99' },
    { key: 'GET /api/instances/:id/logs/search', path: '/api/instances/:id/logs/search' },
    { key: 'PUT /api/instances/:id/script', path: '/api/instances/:id/script', body: { content: 'true\n' } },
    { key: 'GET /api/instances/:id/script/history/:version', path: '/api/instances/:id/script/history/9' },
    { key: 'GET /api/instances/:id/file', path: '/api/instances/:id/file?file_type=secrets' },
    { key: 'POST /api/scripts/check', path: '/api/scripts/check', body: { content: 7 } },
    { key: 'DELETE /api/instances/:id/terminals/:session', path: '/api/instances/:id/terminals/none' },
    { key: 'GET /api/trash/:name/size', path: '/api/trash/nobody/size' },
    { key: 'POST /api/trash/:name/restore', path: '/api/trash/nobody/restore' },
    { key: 'GET /api/audit', path: '/api/audit?limit=0' },
    { key: 'GET /api/system/stats/history', path: '/api/system/stats/history?instance=x' },
    { key: 'GET /api/system/blueprints/custom/:filename', path: '/api/system/blueprints/custom/none.sh' },
    {
      key: 'POST /api/system/blueprints/custom',
      path: '/api/system/blueprints/custom',
      body: { filename: 'idles.sh', content: 'true\n' },
    },
    { key: 'DELETE /api/auth/tokens/:id', path: '/api/auth/tokens/99' },
    { key: 'DELETE /api/auth/sessions/:id', path: '/api/auth/sessions/99' },
  ])('of $key is described: $path', async ({ key, path, body }) => {
    const [method = ''] = key.split(' ');
    const answer = await aikore.api.refused(method, path.replace(':id', String(instance.id)), body);
    const described = operationOf(key)?.responses[String(answer.status)];
    expect({ status: answer.status, description: described?.description }).toEqual({
      status: answer.status,
      description: expect.stringContaining(`\`${answer.body.code}\``),
    });
    expect(
      differences({ ...answer.body, details: {} } satisfies ErrorBody, schemaOf(described) ?? {}),
    ).toEqual([]);
  });
});
