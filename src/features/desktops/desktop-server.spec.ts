import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { DesktopStatus } from '../../contracts/desktop.js';
import type { AccessCaller } from '../access/access.api.js';
import { viewOf } from '../access/access.api.js';
import { freePort } from '../../../test/support/ports.js';
import { ClientViews } from '../../core/http/client-views.js';
import { ClientFiles } from './client-files.js';
import { DesktopDecider } from './desktop-decision.js';
import { DesktopServer } from './desktop-server.js';
import type { Desktop, DesktopDoor } from './desktops.ports.js';

const OPERATOR: AccessCaller = { via: 'session' };
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('a desktop whose driver brings its own client', () => {
  let root: string;
  let display: Server;
  let server: DesktopServer<AccessCaller>;
  let url: string;
  let desktop: Desktop;
  let isGone: boolean;
  const viewers: string[] = [];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'aikore-desktop-'));
    writeFileSync(join(root, 'vnc.html'), '<!doctype html><title>theirs</title>');
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>ours</title>');
    display = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('RFB 003.008\n');
    }).listen({ path: join(root, 'rfb.sock') });
    await once(display, 'listening');
    const port = await freePort();
    desktop = {
      instanceId: 1,
      name: 'Alpha',
      port,
      socketPath: join(root, 'rfb.sock'),
      client: { folder: root },
      status: 'started',
      statusReason: 'It is ready.',
      phase: null,
      absence: () => Promise.resolve(null),
      trouble: () => Promise.resolve('The window manager ended.'),
      lastLines: () => Promise.reject(new Error('no log')),
    };
    const clients = new ClientViews([]);
    const door: DesktopDoor = {
      gate: { admit: () => OPERATOR },
      hosts: { accepts: () => true },
      origins: () => ({ dashboardPort: 9000, appsPort: 9001, publicUrl: null, appsPublicUrl: null }),
      liveSockets: { add: () => ({ remove: () => undefined }) },
      viewOf: (request, isUpgrade, entry) => viewOf(request, clients.of(request), isUpgrade, entry),
      createServer: (options, listener) => createHttpServer(options, listener),
      noteViewer: (_caller, { name }, address) => viewers.push(`${name} from ${address}`),
      logger: quiet,
    };
    isGone = false;
    const source = { all: () => [desktop], findByPort: () => (isGone ? null : desktop) };
    server = new DesktopServer(port, door, new DesktopDecider(door, source, new ClientFiles(root)));
    await server.listen('127.0.0.1');
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(async () => {
    await server.close();
    display.close();
    rmSync(root, { recursive: true });
  });
  const status = async (): Promise<DesktopStatus> =>
    (await (await fetch(`${url}/.aikore/status`)).json()) as DesktopStatus;

  it('waits on AiKore’s page, which is told where to go on', async () => {
    expect(await (await fetch(`${url}/`)).text()).toContain('ours');
    expect(await status()).toMatchObject({ client: 'kasmvnc', is_ready: true });
  });

  it('is shown by that client, in a frame of the dashboard only', async () => {
    const page = await fetch(`${url}/vnc.html?autoconnect=1&resize=remote&path=websockify`);
    expect(await page.text()).toContain('theirs');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'self' http://127.0.0.1:9000");
    expect((await fetch(`${url}/none.js`)).status).toBe(404);
  });

  it('is reached by the same bridge', async () => {
    const viewer = new WebSocket(`${url.replace('http', 'ws')}/websockify`, ['binary'], { origin: url });
    const [first] = (await once(viewer, 'message')) as [Buffer];
    expect([viewer.protocol, String(first)]).toEqual(['binary', 'RFB 003.008\n']);
    const [code] = (await once(viewer, 'close')) as [number];
    expect(code).toBe(4410);
    expect(viewers).toEqual(['Alpha from 127.0.0.1']);
  });

  it.each([
    [false, 1001],
    [true, 4404],
  ])('tells its viewers whether it may come back (gone for good: %s)', async (isForGood, expected) => {
    display
      .removeAllListeners('connection')
      .on('connection', (socket) => socket.on('error', () => undefined));
    const viewer = new WebSocket(`${url.replace('http', 'ws')}/websockify`, ['binary'], { origin: url });
    await once(viewer, 'open');
    isGone = isForGood;
    const closed = once(viewer, 'close') as Promise<[number]>;
    await server.close();
    expect((await closed)[0]).toBe(expected);
    // Answered by then, so that what comes after the test closes nothing twice.
    server = { close: () => Promise.resolve() } as typeof server;
  });

  it('tells why there is none, and that none is on its way', async () => {
    desktop.socketPath = join(root, 'gone.sock');
    desktop.absence = () => Promise.resolve('It was started without its desktop.');
    expect(await status()).toMatchObject({
      heading: 'Alpha runs without its desktop',
      reason: 'It was started without its desktop.',
      is_coming: false,
    });
    desktop.absence = () => Promise.resolve(null);
    expect(await status()).toMatchObject({ heading: 'The desktop of Alpha is starting', is_coming: true });
    desktop.status = 'stopped';
    expect(await status()).toMatchObject({ heading: 'Alpha is stopped', is_coming: false });
  });

  it('tells what is wrong with its display', async () => {
    desktop.socketPath = join(root, 'gone.sock');
    expect(await status()).toMatchObject({
      is_ready: false,
      trouble: 'The window manager ended.',
      reason: 'The window manager ended.',
      lines: [],
    });
    desktop.trouble = () => Promise.reject(new Error('unreadable'));
    expect((await status()).reason).toBe('The application runs; its display does not answer yet.');
  });
});
