import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { dirname } from 'node:path';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { DesktopStatus } from '../../src/contracts/desktop.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import type { DesktopInstance } from '../support/vnc-display.js';
import { promiseDisplay, startWithDesktops } from '../support/vnc-display.js';
import { useLab } from '../support/lab.js';
import { sendRequest } from '../support/raw-request.js';
import { staysTrue, waitFor } from '../support/wait.js';

const PASSWORD = 'a password for tests';
const ALPHA = 0;
const BETA = 1;

/** What the VNC server of a display is to the bridge: a unix socket that says and takes bytes. */
class FakeDisplay {
  readonly connections: Socket[] = [];
  received: Buffer[] = [];

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => this.received.push(chunk));
    });
  }

  static async listen(path: string): Promise<FakeDisplay> {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    const display = new FakeDisplay(createServer());
    display.server.listen({ path });
    await once(display.server, 'listening');
    return display;
  }

  /** The newest connection that is open. */
  newest(): Promise<Socket> {
    return waitFor('a viewer at the display', () => this.connections.findLast((each) => !each.destroyed));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.received);
  }

  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

interface Viewer {
  socket: WebSocket;
  closed: Promise<{ code: number; reason: string }>;
}

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the address of a desktop', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let desktops: DesktopInstance[];
  let cookie: string;
  const displays: FakeDisplay[] = [];
  const viewers: WebSocket[] = [];

  const desktop = (which: number): DesktopInstance => desktops[which]!;
  const origin = (which: number): string => `http://127.0.0.1:${desktop(which).port}`;
  const listen = async (which: number): Promise<FakeDisplay> => {
    const display = await FakeDisplay.listen(desktop(which).socketPath);
    displays.push(display);
    return display;
  };
  const dial = (which: number, headers: Record<string, string>, protocols: string[] = []): WebSocket => {
    const options: ClientOptions = { headers, perMessageDeflate: false };
    const socket = new WebSocket(`ws://127.0.0.1:${desktop(which).port}/websockify`, protocols, options);
    socket.on('error', () => undefined);
    viewers.push(socket);
    return socket;
  };
  /** As the page of the desktop does it. */
  const view = async (which: number, protocols: string[] = []): Promise<Viewer> => {
    const socket = dial(which, { cookie, origin: origin(which) }, protocols);
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    await once(socket, 'open');
    return { socket, closed };
  };
  const refusedWith = (which: number, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = dial(which, headers);
      socket.once('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
      socket.once('open', () => resolve(101));
    });
  const get = (which: number, path = '', headers: Record<string, string> = { cookie }): Promise<Response> =>
    fetch(new URL(path, desktop(which).url), { headers, redirect: 'manual' });
  const status = async (which: number): Promise<DesktopStatus> =>
    (await (await get(which, '.aikore/status')).json()) as DesktopStatus;

  beforeAll(async () => {
    ({ aikore, desktops } = await startWithDesktops(lab, ['Alpha', 'Beta'], { AIKORE_PASSWORD: PASSWORD }));
    ({ cookie } = await aikore.signIn(PASSWORD));
    await aikore.api.startUp(desktop(ALPHA).id);
  }, 60_000);
  afterEach(async () => {
    for (const socket of viewers.splice(0)) socket.terminate();
    await Promise.all(displays.splice(0).map((display) => display.close()));
  });
  afterAll(() => aikore.stop());

  it('shows its page to who is signed in, under a policy without anything inline', async () => {
    const answer = await get(ALPHA);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`frame-ancestors 'self' ${aikore.dashboardUrl.slice(0, -1)}`);
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(files.length).toBe(3);
    for (const file of files) {
      const found = await get(ALPHA, file);
      expect([file, found.status]).toEqual([file, 200]);
      expect(found.headers.get('cache-control')).toContain('immutable');
      expect((await get(ALPHA, file, {})).status).toBe(401);
    }
  });

  it('asks for the sign-in first, in every way', async () => {
    const page = await get(ALPHA, '', { accept: 'text/html' });
    expect(page.status).toBe(401);
    expect(await page.text()).toContain(`href="${aikore.dashboardUrl}"`);
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors');
    for (const path of ['', 'vnc.html', '.aikore/status', '.aikore/session', 'websockify']) {
      expect([path, (await get(ALPHA, path, {})).status]).toEqual([path, 401]);
    }
    expect((await get(ALPHA, '.aikore/sign-in.js', {})).status).toBe(200);
    expect(await refusedWith(ALPHA, { origin: origin(ALPHA) })).toBe(401);
    expect(await refusedWith(ALPHA, { origin: origin(ALPHA), cookie: 'aikore_session=guessed' })).toBe(401);
    expect((await get(ALPHA, `?token=${TOKEN}`, {})).status).toBe(401);
    expect((await get(ALPHA, '.aikore/session')).status).toBe(204);
  });

  it('opens the bridge for its own page only', async () => {
    await listen(ALPHA);
    const foreign = [
      'http://evil.example',
      `http://127.0.0.1:${aikore.port}`,
      `http://127.0.0.1:${aikore.appsPort}`,
      `http://127.0.0.1:${desktop(BETA).port}`,
      `http://localhost:${desktop(ALPHA).port}`,
      `http://127.0.0.1:${desktop(ALPHA).port}.evil.example`,
      'null',
    ];
    for (const page of foreign) {
      expect([page, await refusedWith(ALPHA, { cookie, origin: page })]).toEqual([page, 403]);
    }
    expect(await refusedWith(ALPHA, { cookie })).toBe(403);
    expect(await refusedWith(ALPHA, { cookie, origin: origin(ALPHA), 'sec-fetch-site': 'same-site' })).toBe(
      403,
    );
    expect(await refusedWith(ALPHA, { cookie, origin: origin(ALPHA) })).toBe(101);
    expect(await refusedWith(ALPHA, { authorization: `Bearer ${TOKEN}` })).toBe(101);
  });

  it('keeps other pages from loading anything of it', async () => {
    const answer = await get(ALPHA, '.aikore/status', { cookie, 'sec-fetch-site': 'same-site' });
    expect(answer.status).toBe(403);
    const linked = await sendRequest(desktop(ALPHA).port, 'GET /', [
      `Cookie: ${cookie}`,
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Mode: navigate',
    ]);
    expect(linked.status).toBe(200);
    expect(linked.head).toContain('Cross-Origin-Resource-Policy: same-origin');
  });

  it('answers to no foreign host, and to nothing but reading', async () => {
    const { port } = desktop(ALPHA);
    const rebound = await sendRequest(port, 'GET /', [`Host: evil.example:${port}`, `Cookie: ${cookie}`]);
    expect(rebound.status).toBe(421);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE']) {
      const answer = await sendRequest(port, `${method} /`, [
        `Cookie: ${cookie}`,
        `Origin: ${origin(ALPHA)}`,
      ]);
      expect([method, answer.status]).toEqual([method, 405]);
      const foreign = await sendRequest(port, `${method} /`, [
        `Cookie: ${cookie}`,
        'Origin: http://evil.example',
      ]);
      expect([method, foreign.status]).toEqual([method, method === 'OPTIONS' ? 405 : 403]);
    }
    const head = await sendRequest(port, 'HEAD /', [`Cookie: ${cookie}`]);
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await sendRequest(port, 'GET http://evil.example/', [`Cookie: ${cookie}`])).status).toBe(400);
    const twice = await sendRequest(port, 'GET /', [`Host: 127.0.0.1:${port}`, 'Host: evil.example']);
    expect(twice.status).toBe(400);
  });

  it.each([
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/%252e%252e/etc/passwd',
    '/..\\..\\etc\\passwd',
    '/.aikore/desktop/../../../etc/passwd',
    '/.aikore/desktop/..%2findex.html',
    '/etc/passwd%00.js',
    '//etc/passwd',
    '/.aikore/desktop/index.html',
    '/%',
  ])('hands out no file at %s', async (path) => {
    const answer = await sendRequest(desktop(ALPHA).port, `GET ${path}`, [`Cookie: ${cookie}`]);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('root:');
  });

  it('tells what there is to wait for', async () => {
    const resting = await status(BETA);
    expect(resting).toMatchObject({ heading: 'Beta is stopped', status: 'stopped', is_ready: false });
    expect(await status(ALPHA)).toMatchObject({
      heading: 'Alpha runs without its desktop',
      reason: 'It was started without its desktop: AIKORE_DISPLAY_SERVER is none.',
      is_coming: false,
    });
    promiseDisplay(desktop(ALPHA));
    const running = await status(ALPHA);
    expect(running).toMatchObject({ heading: 'The desktop of Alpha is starting', is_ready: false });
    expect(running.lines.join()).toContain('listening on');
    expect(running.dashboard).toBe(aikore.dashboardUrl.slice(0, -1));
    await listen(ALPHA);
    expect(await status(ALPHA)).toMatchObject({ is_ready: true, lines: [], client: 'novnc' });
    // Somebody else may listen there; while no process of the instance lives it is not its display.
    await listen(BETA);
    expect((await status(BETA)).is_ready).toBe(false);
    expect(await refusedWith(BETA, { cookie, origin: origin(BETA) })).toBe(503);
  });

  it('is in the audit log once it is looked at, and not again for each look', async () => {
    await listen(ALPHA);
    await view(ALPHA);
    await view(ALPHA);
    const entries = await waitFor('the visit is taken down', async () => {
      const answer = await aikore.api.send<{ entries: { action: string; actor: string; target: string }[] }>(
        'GET',
        'api/audit?action=desktop.open&actor=operator',
      );
      return answer.body.entries.length > 0 && answer.body.entries;
    });
    expect(entries).toEqual([
      expect.objectContaining({ action: 'desktop.open', actor: 'operator', target: 'Alpha' }),
    ]);
  });

  it('refuses the bridge while no display answers', async () => {
    expect(await refusedWith(ALPHA, { cookie, origin: origin(ALPHA) })).toBe(503);
  });

  it('passes every byte on, in order, in both directions', async () => {
    const display = await listen(ALPHA);
    const { socket } = await view(ALPHA);
    const down = randomBytes(5_000_000);
    const up = randomBytes(3_000_000);
    const got: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      expect(isBinary).toBe(true);
      got.push(data);
    });
    (await display.newest()).write(down);
    for (let at = 0; at < up.length; at += 60_001) socket.send(up.subarray(at, at + 60_001));
    await waitFor('all has arrived above', () => Buffer.concat(got).length === down.length);
    await waitFor('all has arrived below', () => display.bytes.length === up.length);
    expect([sha(Buffer.concat(got)), sha(display.bytes)]).toEqual([sha(down), sha(up)]);
  });

  it('speaks the subprotocol binary with those who offer it', async () => {
    await listen(ALPHA);
    expect((await view(ALPHA)).socket.protocol).toBe('');
    expect((await view(ALPHA, ['binary', 'base64'])).socket.protocol).toBe('binary');
    const text = await view(ALPHA);
    text.socket.send('text');
    expect((await text.closed).code).toBe(1003);
  });

  it('lets a viewer that takes nothing wait, without its bytes piling up here', async () => {
    const display = await listen(ALPHA);
    const stalled = await view(ALPHA);
    const rest = await view(ALPHA);
    await waitFor('both are at the display', () => display.connections.length === 2);
    const [first, second] = display.connections as [Socket, Socket];
    stalled.socket.pause();
    const all = randomBytes(40_000_000);
    let isTaken = false;
    first.write(all, () => (isTaken = true));
    await staysTrue('the display is held up', () => !isTaken, 1_000);
    expect(first.writableLength).toBeGreaterThan(20_000_000);
    // Nobody else notices.
    const seen = once(rest.socket, 'message');
    second.write('still here');
    expect(String((await seen)[0])).toBe('still here');
    const got: Buffer[] = [];
    stalled.socket.on('message', (data: Buffer) => got.push(data));
    stalled.socket.resume();
    await waitFor('the rest has arrived', () => isTaken && Buffer.concat(got).length === all.length);
    expect(sha(Buffer.concat(got))).toBe(sha(all));
  });

  it('lets a display that takes nothing wait as well', async () => {
    const display = await listen(ALPHA);
    const { socket } = await view(ALPHA);
    const below = await display.newest();
    below.pause();
    const all = randomBytes(30_000_000);
    for (let at = 0; at < all.length; at += 500_000) socket.send(all.subarray(at, at + 500_000));
    await staysTrue('the viewer is held up', () => socket.bufferedAmount > 10_000_000, 1_000);
    below.resume();
    await waitFor('all has arrived', () => display.bytes.length === all.length);
    expect(sha(display.bytes)).toBe(sha(all));
  });

  it('ends with the sign-in', async () => {
    const display = await listen(ALPHA);
    const browser = await aikore.signIn(PASSWORD);
    const socket = dial(ALPHA, { cookie: browser.cookie, origin: origin(ALPHA) });
    const closed = once(socket, 'close');
    await once(socket, 'open');
    const below = await display.newest();
    await browser.expect(204, 'POST', 'api/auth/logout');
    expect((await closed)[0]).toBe(4401);
    await waitFor('the display is let go', () => below.destroyed);
    expect((await get(ALPHA, '', { cookie: browser.cookie })).status).toBe(401);
  });

  it('ends with the display, and lets go of a display whose viewer left', async () => {
    const display = await listen(ALPHA);
    const one = await view(ALPHA);
    (await display.newest()).destroy();
    expect((await one.closed).code).toBe(4410);
    const two = await view(ALPHA);
    const below = await display.newest();
    two.socket.terminate();
    await waitFor('the display is let go', () => below.destroyed);
  });

  it('ends a viewer that says more in one message than viewers do', async () => {
    await listen(ALPHA);
    const { socket, closed } = await view(ALPHA);
    socket.send(Buffer.alloc(2_000_000));
    expect((await closed).code).toBe(1009);
    expect((await status(ALPHA)).is_ready).toBe(true);
  });

  it('has a number of viewers that one cannot go beyond', async () => {
    await listen(ALPHA);
    for (let count = 0; count < 16; count += 1) await view(ALPHA);
    const late = await view(ALPHA);
    expect(await late.closed).toEqual({ code: 4429, reason: '16 windows show this desktop already' });
    viewers[0]?.terminate();
    await waitFor('there is room again', async () => {
      const { socket, closed } = await view(ALPHA);
      const isIn = await Promise.race([
        closed.then(() => false),
        new Promise<boolean>((done) => setTimeout(() => done(true), 200)),
      ]);
      if (!isIn) socket.terminate();
      return isIn;
    });
  });

  it('leaves nothing behind of handshakes that are broken off', async () => {
    const display = await listen(ALPHA);
    for (let count = 0; count < 30; count += 1) dial(ALPHA, { cookie, origin: origin(ALPHA) }).terminate();
    await view(ALPHA);
    await waitFor(
      'only one is left',
      () => display.connections.filter((each) => !each.destroyed).length === 1,
    );
  });
});

describe('the port of a desktop', () => {
  const lab = useLab();

  it('that somebody else has is named, and taken as soon as it is free', async () => {
    const { aikore, env, desktops } = await startWithDesktops(lab, ['Alpha']);
    const { id, port, url } = desktops[0]!;
    const { dataDir } = aikore;
    await aikore.stop();
    const squatter = createServer().listen({ port, host: '127.0.0.1' });
    await once(squatter, 'listening');
    const again = await lab.start(env, dataDir);
    const warnings = async (): Promise<string> => (await again.api.instance(id)).warnings.join(' ');
    expect(await warnings()).toContain(
      `Its desktop cannot be reached. Port ${port} is taken by node (pid ${process.pid}).`,
    );
    squatter.close();
    await waitFor('the desktop is reached', () =>
      fetch(url).then(
        (answer) => answer.status === 401,
        () => false,
      ),
    );
    expect(await warnings()).not.toContain('desktop');
    await again.api.send('DELETE', `api/instances/${id}?mode=permanent`);
    await waitFor('the port is given back', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
    await again.stop();
  });
});
