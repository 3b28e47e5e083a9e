import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import type { Api } from '../support/api.js';
import { createInline } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import type { RawAnswer } from '../support/raw-request.js';
import { sendBytes, sendRequest } from '../support/raw-request.js';
import { engines } from '../support/ways.js';

// Every attack on requests as such, tried at every door: what is right at one of them is what somebody forgot at another.

const lab = useLab();
const PASSWORD = 'correct horse battery staple';
const BEARER = `Authorization: Bearer ${TOKEN}`;
const HANDSHAKE = [
  'Connection: Upgrade, close',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

/** Tells what reached it in its log, and answers with the headers that it got. */
const LISTENER = `exec node -e '
  require("node:http").createServer((request, response) => {
    console.log("saw " + request.method + " " + request.url);
    request.resume().on("end", () => response.end(JSON.stringify(request.rawHeaders)));
  }).on("upgrade", (request, socket) => {
    console.log("saw upgrade " + request.url);
    socket.end("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n");
  }).listen(Number(process.env.WEBUI_PORT), "127.0.0.1");
'`;

/** A kind of route: where it is, and how one asks there. */
interface Door {
  port: number;
  /** Method and target. */
  line: string;
  host: string;
  isUpgrade: boolean;
  isUnsafe: boolean;
  /** Anybody gets an answer there. */
  isPublic: boolean;
  /** The page whose requests are taken; null where none is asked for its origin. */
  origin: string;
}

const NAMES = [
  'the API, reading',
  'the API, looking',
  'the API, changing',
  'the API, deleting',
  'the events',
  'a terminal',
  'the metrics',
  'the documentation',
  'the page of the dashboard',
  'a file of the dashboard',
  'the way to an application',
  'an application, reading',
  'an application, looking',
  'an application, changing',
  'a WebSocket of an application',
  'the state of an application',
  'an application by its own name',
  'an application by its own name, changing',
  'a WebSocket by its own name',
  'an application by its own name on the dashboard’s port',
  'a change by its own name on the dashboard’s port',
  'a WebSocket by its own name on the dashboard’s port',
] as const;

describe.each(engines().map((engine) => [engine]))('by the engine %s', (engine) => {
  let aikore: AiKoreProcess;
  let browser: Api;
  let instance: Instance;
  let doors: Record<string, Door>;

  beforeAll(async () => {
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD, AIKORE_PROXY: engine, AIKORE_STOP_GRACE: '1' });
    browser = await aikore.signIn(PASSWORD);
    instance = await createInline(aikore, LISTENER);
    await aikore.api.startUp(instance.id);
    doors = allDoors();
  });

  function allDoors(): Record<(typeof NAMES)[number], Door> {
    const { id, slug } = instance;
    const at =
      (port: number, host: string) =>
      (line: string, more: Partial<Door> = {}) => ({
        port,
        line,
        host,
        isUpgrade: false,
        isUnsafe: !/^(GET|HEAD) /.test(line),
        isPublic: false,
        origin: `http://${host}`,
        ...more,
      });
    const dashboard = at(aikore.port, `127.0.0.1:${aikore.port}`);
    const apps = at(aikore.appsPort, `127.0.0.1:${aikore.appsPort}`);
    const own = at(aikore.appsPort, `${slug}.localhost:${aikore.appsPort}`);
    const ownOnDashboard = at(aikore.port, `${slug}.localhost:${aikore.port}`);
    const upgrade = { isUpgrade: true };
    return {
      'the API, reading': dashboard('GET /api/instances'),
      'the API, looking': dashboard('HEAD /api/instances'),
      'the API, changing': dashboard(`POST /api/instances/${id}/stop`),
      'the API, deleting': dashboard(`DELETE /api/instances/${id}`),
      'the events': dashboard('GET /api/events', upgrade),
      'a terminal': dashboard(`GET /api/instances/${id}/terminal`, upgrade),
      'the metrics': dashboard('GET /metrics'),
      'the documentation': dashboard('GET /api/docs'),
      'the page of the dashboard': dashboard('GET /', { isPublic: true }),
      'a file of the dashboard': dashboard('GET /favicon.svg', { isPublic: true }),
      'the way to an application': dashboard(`GET /instance/${slug}/`),
      'an application, reading': apps(`GET /instance/${slug}/`),
      'an application, looking': apps(`HEAD /instance/${slug}/`),
      'an application, changing': apps(`POST /instance/${slug}/`),
      'a WebSocket of an application': apps(`GET /instance/${slug}/ws`, upgrade),
      'the state of an application': apps(`GET /instance/${slug}/.aikore/status`),
      'an application by its own name': own('GET /'),
      'an application by its own name, changing': own('POST /'),
      'a WebSocket by its own name': own('GET /ws', upgrade),
      'an application by its own name on the dashboard’s port': ownOnDashboard('GET /'),
      'a change by its own name on the dashboard’s port': ownOnDashboard('POST /'),
      'a WebSocket by its own name on the dashboard’s port': ownOnDashboard('GET /ws', upgrade),
    };
  }

  const doorOf = (name: string): Door => doors[name] ?? fail(name);
  function fail(name: string): never {
    throw new Error(`there is no door named ${name}`);
  }

  /** @param hosts in the place of the Host that belongs there */
  function knock(door: Door, headers: readonly string[], hosts = [`Host: ${door.host}`]): Promise<RawAnswer> {
    // The raw client asks for the connection to be closed, which a handshake must not.
    const all = [...hosts, ...(door.isUpgrade ? HANDSHAKE : []), ...headers];
    if (!door.isUpgrade) return sendRequest(door.port, door.line, all);
    return sendBytes(door.port, `${door.line} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`);
  }

  /** Answers to one door and many disguises, by what was sent. */
  async function statuses(
    door: Door,
    disguises: readonly (readonly string[])[],
  ): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const headers of disguises) found[headers.join(' | ')] = (await knock(door, headers)).status;
    return found;
  }
  const all = (disguises: readonly (readonly string[])[], status: number) =>
    Object.fromEntries(disguises.map((headers) => [headers.join(' | '), status]));

  /** The instance has heard of nothing but what was let through, and goes on. */
  async function expectUntouched(): Promise<void> {
    expect(await aikore.api.instance(instance.id)).toMatchObject({ status: 'started', run: 1 });
  }

  describe.each(NAMES)('%s', (name) => {
    it('asks who is there, and believes nothing but a session or a token', async () => {
      const door = doorOf(name);
      const disguises = [
        [],
        ['Cookie: aikore_session='],
        [`Cookie: aikore_session=${'A'.repeat(43)}`],
        [`Cookie: aikore_session=${'A'.repeat(43)}; __Host-aikore_session=${'B'.repeat(43)}`],
        [`Cookie: ${browser.cookie}x`],
        [`Cookie: ${browser.cookie.toUpperCase()}`],
        ['Authorization: Bearer'],
        ['Authorization: Bearer null'],
        [`Authorization: Bearer ${TOKEN.slice(0, -1)}`],
        [`Authorization: Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}`],
        [`X-Authorization: Bearer ${TOKEN}`],
        ['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Forwarded: for=127.0.0.1'],
        ['X-Forwarded-User: operator', 'X-Remote-User: operator', 'Remote-User: operator'],
        ['X-HTTP-Method-Override: GET', 'X-Original-URL: /api/status', 'X-Rewrite-URL: /'],
        ['X-AiKore-Entry: dashboard', 'X-AiKore-Peer: 127.0.0.1', 'X-AiKore-Caller: operator'],
      ];
      expect(await statuses(door, disguises)).toEqual(all(disguises, door.isPublic ? 200 : 401));
      await expectUntouched();
    });

    it('takes no secret from the address', async () => {
      const door = doorOf(name);
      const [method = '', path = ''] = door.line.split(' ');
      const value = browser.cookie.split('=')[1] ?? '';
      for (const query of [
        `token=${TOKEN}`,
        `access_token=${TOKEN}`,
        `aikore_session=${value}`,
        `authorization=Bearer%20${TOKEN}`,
        `ticket=${value}`,
      ]) {
        const answer = await knock({ ...door, line: `${method} ${path}?${query}` }, []);
        expect([query.split('=')[0], answer.status]).toEqual([
          query.split('=')[0],
          door.isPublic ? 200 : 401,
        ]);
        expect(answer.head + answer.body).not.toContain(value);
      }
    });

    it('answers to its own names only, signed in or not', async () => {
      const door = doorOf(name);
      const port = door.host.split(':')[1] ?? '';
      for (const host of [
        'evil.example',
        `rebind.test:${port}`,
        `127.0.0.1.evil.example:${port}`,
        `localhost.:${port}`,
        '2130706433',
        '0x7f000001',
      ]) {
        for (const headers of [[], [BEARER], [`Cookie: ${browser.cookie}`, `Origin: http://${host}`]])
          expect([host, (await knock(door, headers, [`Host: ${host}`])).status]).toEqual([host, 421]);
      }
      await expectUntouched();
    });

    it('refuses what means one thing to one program and another to the next', async () => {
      const door = doorOf(name);
      const own = `Host: ${door.host}`;
      const byNginx = engine === 'nginx' && door.port !== aikore.port;
      const [method = '', path = ''] = door.line.split(' ');
      for (const hosts of [
        [own, 'Host: evil.example'],
        ['Host: evil.example', own],
        [own, own],
        [`Host: ${door.host}, evil.example`],
        [`Host: evil.example@${door.host}`],
        ['Host:'],
      ]) {
        const { status } = await knock(door, [BEARER], hosts);
        expect([hosts, status === 400 || status === 421]).toEqual([hosts, true]);
      }
      for (const target of [
        `http://evil.example${path}`,
        `http://${door.host}${path}`,
        `${path}#/api/status`,
      ]) {
        const { status } = await knock({ ...door, line: `${method} ${target}` }, [BEARER]);
        expect([target, status]).toEqual([target, 400]);
      }
      for (const headers of [
        [BEARER, BEARER],
        [BEARER, `Origin: ${door.origin}`, 'Origin: http://evil.example'],
        [BEARER, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
        [BEARER, 'Content-Length: 5', 'Content-Length: 6'],
        [BEARER, 'Transfer-Encoding: chunked, identity'],
        [BEARER, 'Transfer-Encoding : chunked'],
        [BEARER, 'Transfer-Encoding: \x0bchunked'],
        [BEARER, 'Content-Length: +5'],
        [BEARER, 'Content-Length: 0x5'],
        [BEARER, 'X-Nul: a\0b'],
      ]) {
        const answer = await knock(door, headers);
        // NGINX has a status of its own for codings that it does not know.
        expect([headers, answer.status === 400 || (byNginx && answer.status === 501)]).toEqual([
          headers,
          true,
        ]);
        expect(`${answer.head}${answer.body}`.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      }
      for (const headers of [
        [BEARER, 'X-Folded: a', ' b: c'],
        [BEARER, 'X-Bare: a\nX-Other: b'],
        [BEARER, 'X Y: a'],
        [BEARER, ': nameless'],
      ]) {
        const answer = await knock(door, headers);
        // NGINX drops such lines, or reads them as two, and hands on what it has understood.
        if (!byNginx) expect([headers, answer.status]).toEqual([headers, 400]);
        expect(`${answer.head}${answer.body}`.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      }
      await expectUntouched();
    });

    it('lets no text of a request become a header of the answer', async () => {
      const door = doorOf(name);
      const [method = '', path = ''] = door.line.split(' ');
      // Where a right answer would last, or do something, a refusal has to tell.
      const credentials = door.isUpgrade || (name.startsWith('the API') && door.isUnsafe) ? [] : [BEARER];
      const injected = '%0d%0aX-Injected:%20yes%0d%0aSet-Cookie:%20aikore_session=x';
      for (const [line, headers] of [
        [`${method} ${path}${path.endsWith('/') ? '' : '/'}${injected}`, []],
        [`${method} ${path}?a=${injected}`, []],
        [door.line, [`Referer: ${door.origin}/instance/${instance.slug}/${injected}`]],
        [door.line, [`Origin: http://evil.example${injected}`]],
        [door.line, [`Cookie: a=${injected}`]],
      ] as const) {
        const { head } = await knock({ ...door, line }, [...credentials, ...headers]);
        expect(head).not.toMatch(/^(x-injected|set-cookie):/im);
      }
    });

    it('lets pages of elsewhere change nothing and open no socket', async () => {
      const door = doorOf(name);
      if (!door.isUpgrade && !door.isUnsafe) return;
      const port = door.host.split(':')[1] ?? '';
      const disguises = [
        'http://evil.example',
        'null',
        '',
        `http://127.0.0.1:${Number(port) + 1}`,
        `http://127.0.0.1.evil.example:${port}`,
        `http://evil.${door.host}`,
        'file://',
        `chrome-extension://${'a'.repeat(32)}`,
      ].map((origin) => [`Cookie: ${browser.cookie}`, `Origin: ${origin}`]);
      expect(await statuses(door, disguises)).toEqual(all(disguises, 403));
      await expectUntouched();
    });

    it('gives up on headers that are too large, and says so', async () => {
      const door = doorOf(name);
      for (const headers of [
        [BEARER, `X-Huge: ${'a'.repeat(80_000)}`],
        [
          BEARER,
          `Cookie: ${Array.from({ length: 180 }, (_, index) => `flood${index}=${'x'.repeat(500)}`).join('; ')}`,
        ],
      ]) {
        const { status } = await knock(door, headers);
        expect(status).toBe(431);
      }
    });

    it('speaks no method that nobody needs', async () => {
      const door = doorOf(name);
      if (door.isUpgrade) return;
      const [, path = ''] = door.line.split(' ');
      for (const [method, expected] of [
        ['TRACE', /^(400|401|404|405)$/],
        ['CONNECT', /^(0|400|401|404|405)$/],
        ['TRACK', /^(400|401|404|405)$/],
        ['GETT', /^(400|401|404|405)$/],
        ['get', /^(400|401|404|405)$/],
      ] as const) {
        const answer = await knock({ ...door, line: `${method} ${path}` }, []);
        expect([method, expected.test(String(answer.status))]).toEqual([method, true]);
        expect(answer.body).not.toContain('aikore_session');
      }
    });
  });

  describe('what was let through', () => {
    it('carries nothing of AiKore’s to the application, by any door', async () => {
      for (const name of NAMES.filter((each) => /^an application/.test(each) && !/looking/.test(each))) {
        const door = doorOf(name);
        const answer = await knock(door, [
          `Cookie: a=b; ${browser.cookie}; aikore_other=x`,
          `Origin: ${door.origin}`,
          'X-Forwarded-For: 6.6.6.6',
          'X_Forwarded_For: 6.6.6.6',
          'Forwarded: for=6.6.6.6',
        ]);
        expect([name, answer.status]).toEqual([name, 200]);
        expect(answer.body).not.toMatch(/aikore_|6\.6\.6\.6/);
        expect(answer.body).toContain('a=b');
        expect((await knock(door, [BEARER])).body).not.toContain(TOKEN);
        const foreign = await knock(door, [`Cookie: ${browser.cookie}`, 'Authorization: Bearer theirs']);
        expect([name, foreign.status, foreign.body.includes('Bearer theirs')]).toEqual([name, 200, true]);
      }
    });
  });

  describe('the log of AiKore', () => {
    it('holds no secret of all that', () => {
      const said = aikore.stdout + aikore.stderr;
      for (const secret of [TOKEN, PASSWORD, browser.cookie.split('=')[1] ?? ''])
        expect([secret, said.includes(secret)]).toEqual([secret, false]);
    });
  });
});
