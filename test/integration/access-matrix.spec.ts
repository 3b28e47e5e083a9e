import { beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Scope } from '../../src/contracts/auth.js';
import type { ErrorBody } from '../../src/contracts/errors.js';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import type { Api } from '../support/api.js';
import { eventsUrl } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { sendRequest } from '../support/raw-request.js';
import { readRoutes } from '../support/routes.js';

const lab = useLab();
const PASSWORD = 'correct horse battery staple';

/** The whole router, asked before the tests are listed. */
const { routes, matrix } = readRoutes(lab.dataDir());
let aikore: AiKoreProcess;
let browser: Api;
let instance: Instance;

/** A path that a pattern matches. */
function pathOf(pattern: string): string {
  return pattern
    .replace(':command', 'start')
    .replace(':filename', 'idles.sh')
    .replace(/:\w+/g, '1')
    .replace('*', 'x');
}

const signedOutPaths = [...new Set(routes.map(({ url }) => pathOf(url)))];
const isPublic = (method: string, path: string) =>
  routes.some(
    (route) =>
      pathOf(route.url) === path &&
      route.method === method &&
      matrix[`${method === 'HEAD' ? 'GET' : method} ${route.url}`] === 'public',
  );

beforeAll(async () => {
  aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD, AIKORE_STOP_GRACE: '1' });
  browser = await aikore.signIn(PASSWORD);
  instance = await aikore.api.create({ name: 'precious', base_blueprint: 'idles.sh' });
  await aikore.api.startUp(instance.id);
});

const statusOf = async (method: string, path: string, headers: string[] = []) =>
  (await sendRequest(aikore.port, `${method} ${path}`, headers)).status;

/** Nothing of what was refused has happened. */
async function expectUntouched(): Promise<void> {
  expect(await aikore.api.instances()).toEqual([await aikore.api.instance(instance.id)]);
  expect(await aikore.api.instance(instance.id)).toMatchObject({ status: 'started', run: 1 });
}

describe('the access matrix', () => {
  it('holds every route of the router, and no other', () => {
    // HEAD comes with every GET and asks for the same.
    const registered = routes
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url}`);
    expect(registered.length).toBeGreaterThan(30);
    expect([...new Set(registered)].sort()).toEqual(Object.keys(matrix).sort());
  });

  it('leaves nothing open but what the contract names', () => {
    const open = Object.keys(matrix).filter((key) => matrix[key] === 'public');
    expect(open.sort()).toEqual([
      'GET /',
      'GET /api/status',
      'GET /assets/*',
      'GET /favicon.svg',
      'GET /signin-link/:token',
      // It names no application and no host; the server confirms where a ticket may go.
      'GET /ticket',
      'GET /ticket/:file',
      'POST /api/auth/login',
    ]);
  });
});

describe('without credentials', () => {
  it.each(signedOutPaths)('%s is 401 by every method, but for what is public', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      if (isPublic(method, path)) continue;
      expect({ method, status: await statusOf(method, path) }).toEqual({ method, status: 401 });
    }
  });

  it('every spelling of a path is refused', async () => {
    const spellings = [
      '/API/instances',
      '/Api/Instances',
      '/api//instances',
      '//api/instances',
      '/api/%69nstances',
      '/%61pi/instances',
      '/api%2finstances',
      '/api/instances;x',
      '/api/instances;/start',
      '/api/instances/.',
      '/api/instances/',
      '/api/instances.',
      '/api/instances%00',
      '/api/instances%20',
      '/api/instances%2f1',
      '/api/instances/%2e%2e',
      '/api/status/../instances',
      '/api/status/%2e%2e/instances',
      '/assets/../api/instances',
      '/assets/%2e%2e/api/instances',
      '/assets/..%2fapi/instances',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e%2f%2e%2e%2fserver%2fmain.js',
      '/assets\\..\\..\\package.json',
      '/./api/instances',
      '/api/./instances',
      '/api/instances?/api/status',
      '/api/instances#/api/status',
      '/api/docs/../instances',
      '/api/openapi.json/',
      '/api/system/info%3f',
      '/%2e/api/instances',
    ];
    for (const path of spellings) {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const status = await statusOf(method, path);
        expect({ path, method, isRefused: status >= 400 && status < 500 }).toEqual({
          path,
          method,
          isRefused: true,
        });
      }
    }
  });

  it('a header that names another method or address changes nothing', async () => {
    for (const header of [
      'X-HTTP-Method-Override: DELETE',
      'X-Original-URL: /api/status',
      'X-Rewrite-URL: /api/status',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-User: admin',
      'Authorization: Basic YWRtaW46YWRtaW4=',
      'Authorization: Bearer',
      'Authorization: Bearer wrong-token-0123456789',
      'Cookie: aikore_session=',
      'Cookie: aikore_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      expect({ header, status: await statusOf('GET', '/api/instances', [header]) }).toEqual({
        header,
        status: 401,
      });
      expect(await statusOf('POST', `/api/instances/${instance.id}/stop`, [header])).toBe(401);
    }
    await expectUntouched();
  });

  it('says nothing but what is public: no version of the server, no stack, no path', async () => {
    const answer = await sendRequest(aikore.port, 'GET /api/instances');
    const body = JSON.parse(answer.body) as ErrorBody;
    expect(body).toMatchObject({ code: 'NOT_SIGNED_IN', message: 'Sign in first.', details: {} });
    expect(answer.head).not.toMatch(/x-powered-by|^server:/im);
    const status = await aikore.anonymous.expect<object>(200, 'GET', 'api/status');
    expect(Object.keys(status).sort()).toEqual(['name', 'setup_required', 'status', 'version']);
  });
});

describe("the dashboard's own files", () => {
  it('are kept by browsers for a year when their name carries their hash, and refusals are not', async () => {
    const page = await sendRequest(aikore.port, 'GET /');
    expect(page.status).toBe(200);
    expect(page.head).toMatch(/^cache-control: no-cache\r?$/im);
    expect(page.head).toMatch(/^content-security-policy: default-src 'none'; script-src 'self';/im);
    const asset = /(?:src|href)="(\/assets\/[^"]+)"/.exec(page.body)?.[1];
    if (asset !== undefined) {
      const file = await sendRequest(aikore.port, `GET ${asset}`);
      expect([file.status, /^cache-control: .*immutable/im.test(file.head)]).toEqual([200, true]);
    }
    for (const missing of ['/assets/no-such-file.js', '/assets/../index.html', '/assets/%00']) {
      const answer = await sendRequest(aikore.port, `GET ${missing}`);
      expect([missing, answer.status >= 400, /immutable|max-age/i.test(answer.head)]).toEqual([
        missing,
        true,
        false,
      ]);
    }
  });
});

describe('the documentation', () => {
  it('is whole: its page, everything that the page loads, and the document', async () => {
    const page = await aikore.api.expect<string>(200, 'GET', 'api/docs');
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      const address = new URL(part, `${aikore.dashboardUrl}api/docs`);
      const answer = await aikore.api.send('GET', address.pathname);
      expect([address.pathname, answer.status]).toEqual([address.pathname, 200]);
    }
    const document = await aikore.api.expect<{ paths: object }>(200, 'GET', 'api/openapi.json');
    const described = Object.keys(document.paths);
    for (const { url } of routes.filter((route) => /^\/api\/(instances|trash|system|auth)/.test(route.url))) {
      expect(described).toContain(url.replace(/:(\w+)/g, '{$1}'));
    }
  });
});

describe('a token', () => {
  const scopes: Scope[] = ['read', 'operate', 'edit', 'terminal', 'admin'];
  const implied: Record<Scope, Scope[]> = {
    read: ['read'],
    operate: ['read', 'operate'],
    edit: ['read', 'operate', 'edit'],
    terminal: ['read', 'terminal'],
    admin: scopes,
  };

  it.each(scopes)('of the scope "%s" is refused whatever asks for another', async (scope) => {
    const { token } = await aikore.api.expect<{ token: string }>(201, 'POST', 'api/auth/tokens', {
      name: `only ${scope}`,
      scopes: [scope],
    });
    for (const [key, requirement] of Object.entries(matrix)) {
      if (requirement === 'public' || implied[scope].includes(requirement)) continue;
      const [method = '', pattern = ''] = key.split(' ');
      const answer = await sendRequest(aikore.port, `${method} ${pathOf(pattern)}`, [
        `Authorization: Bearer ${token}`,
      ]);
      expect({ key, status: answer.status }).toEqual({ key, status: 403 });
      expect(answer.body).toContain('SCOPE_MISSING');
    }
    if (scope === 'read' || scope === 'terminal') {
      const api = aikore.anonymous.as({ authorization: `Bearer ${token}` });
      expect((await api.send('GET', 'api/instances')).status).toBe(200);
      expect((await api.send('POST', `api/instances/${instance.id}/stop`)).status).toBe(403);
    }
    await expectUntouched();
  });
});

describe('the host and the origin of a request', () => {
  const stop = () => `/api/instances/${instance.id}/stop`;
  const cookie = () => `Cookie: ${browser.cookie}`;
  const own = () => `http://127.0.0.1:${aikore.port}`;

  it('an unknown host is 421, with credentials or without', async () => {
    const authorization = `Authorization: Bearer ${TOKEN}`;
    for (const host of [
      'evil.example',
      `evil.example:${aikore.port}`,
      'rebind.test',
      'localhost.evil.example',
    ]) {
      for (const headers of [[], [authorization], [cookie(), `Origin: http://${host}`]]) {
        const answer = await sendRequest(aikore.port, 'GET /api/instances', [`Host: ${host}`, ...headers]);
        expect([host, answer.status]).toEqual([host, 421]);
      }
      expect(await statusOf('GET', '/', [`Host: ${host}`])).toBe(421);
    }
    const answer = await sendRequest(aikore.port, 'GET /api/status', ['Host: rebind.test']);
    expect(answer.body).toContain('AIKORE_ALLOWED_HOSTS');
  });

  it('two hosts, or an address in full, are 400', async () => {
    const host = `Host: 127.0.0.1:${aikore.port}`;
    expect(await statusOf('GET', '/api/instances', [host, 'Host: evil.example', cookie()])).toBe(400);
    expect(await statusOf('GET', 'http://evil.example/api/instances', [cookie()])).toBe(400);
    expect(await statusOf('GET', `${own()}/api/instances`, [cookie()])).toBe(400);
  });

  it('what changes something needs the own origin when it comes with a cookie', async () => {
    const foreign = [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${aikore.appsPort}`,
      'http://127.0.0.1',
      `https://127.0.0.1:${aikore.port}`,
      `http://127.0.0.1.evil.example:${aikore.port}`,
      `http://127.0.0.1.:${aikore.port}`,
      `http://localhost:${aikore.port}`,
      `http://127.0.0.1:${aikore.port}/`,
    ];
    for (const origin of foreign) {
      expect([origin, await statusOf('POST', stop(), [cookie(), `Origin: ${origin}`])]).toEqual([
        origin,
        403,
      ]);
    }
    expect(await statusOf('POST', stop(), [cookie()])).toBe(403);
    for (const site of ['same-site', 'cross-site', 'none', 'nonsense']) {
      const headers = [cookie(), `Origin: ${own()}`, `Sec-Fetch-Site: ${site}`];
      expect([site, await statusOf('POST', stop(), headers)]).toEqual([site, 403]);
    }
    await expectUntouched();
  });

  it('a form of another page is refused, and one of the own page is not JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const send = (path: string, origin: string) =>
        sendRequest(
          aikore.port,
          `POST ${path}`,
          [cookie(), `Content-Type: ${type}`, `Origin: ${origin}`],
          '{"a":1}',
        );
      expect((await send(stop(), 'http://evil.example')).status).toBe(403);
      expect((await send('/api/instances', own())).status).toBe(415);
      expect((await send(stop(), own())).status).toBe(415);
    }
    await expectUntouched();
  });
});

describe('a WebSocket handshake', () => {
  const outcome = (headers: Record<string, string>, url = eventsUrl(aikore)) =>
    new Promise<number | 'open'>((done) => {
      const socket = new WebSocket(url, { headers });
      socket.once('open', () => {
        socket.terminate();
        done('open');
      });
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      socket.once('error', () => undefined);
    });

  it('with a cookie needs the own origin', async () => {
    const { cookie } = browser;
    const own = `http://127.0.0.1:${aikore.port}`;
    for (const origin of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${aikore.appsPort}`,
      `https://127.0.0.1:${aikore.port}`,
      'http://127.0.0.1.evil.example',
      `http://127.0.0.1.:${aikore.port}`,
    ]) {
      expect([origin, await outcome({ cookie, origin })]).toEqual([origin, 403]);
    }
    expect(await outcome({ cookie })).toBe(403);
    expect(await outcome({ cookie, origin: own, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await outcome({ cookie, origin: own })).toBe('open');
  });

  it('without one, with a made-up one or with one that was signed out is 401', async () => {
    const origin = `http://127.0.0.1:${aikore.port}`;
    expect(await outcome({ origin })).toBe(401);
    expect(await outcome({})).toBe(401);
    expect(await outcome({ origin, cookie: 'aikore_session=made-up' })).toBe(401);
    expect(await outcome({ authorization: 'Bearer wrong-token-0123456789' })).toBe(401);
    const leaving = await aikore.signIn(PASSWORD);
    await leaving.expect(204, 'POST', 'api/auth/logout');
    expect(await outcome({ origin, cookie: leaving.cookie })).toBe(401);
    expect(await outcome({ authorization: `Bearer ${TOKEN}` })).toBe('open');
  });

  it('for an unknown host is 421, for an unknown or oddly spelled address never a socket', async () => {
    const authorization = `Bearer ${TOKEN}`;
    expect(await outcome({ authorization, host: 'evil.example' })).toBe(421);
    for (const path of [
      'api/nothing',
      'api/events/',
      'api/%65vents',
      'API/events',
      'api//events',
      'api/instances',
    ]) {
      const url = `ws://127.0.0.1:${aikore.port}/${path}`;
      expect([path, await outcome({ authorization }, url)]).toEqual([path, 404]);
    }
  });
});
