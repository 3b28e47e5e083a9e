import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { WebSocket } from 'ws';
import type { SystemInfo } from '../../src/contracts/system.js';
import { Application, echo } from '../fixtures/proxy/application.js';
import { describeWithNginx } from '../fixtures/proxy/nginx-engine.js';
import { TOKEN } from '../support/aikore-process.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { EventsClient } from '../support/events-client.js';
import { useLab } from '../support/lab.js';
import { nginxOf } from '../support/nginx.js';
import { freePort } from '../support/ports.js';
import { isAlive } from '../support/processes.js';
import { staysTrue, waitFor } from '../support/wait.js';

const lab = useLab();
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
let application: Application | null = null;
const held: Server[] = [];

afterEach(async () => {
  await Promise.all(held.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await application?.close();
  application = null;
});

const info = (aikore: AiKoreProcess): Promise<SystemInfo> => aikore.api.expect(200, 'GET', 'api/system/info');

const statusOf = async (aikore: AiKoreProcess, path: string, headers = {}): Promise<number> => {
  const url = new URL(path, aikore.appsUrl);
  return fetch(url, { headers: { ...AUTHORIZED, ...headers } }).then(
    (answer) => answer.status,
    () => 0,
  );
};

/** An instance that runs and whose application this process is. */
async function serve(aikore: AiKoreProcess, name: string): Promise<number> {
  const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
  const { port } = await aikore.api.startUp(id);
  application = new Application(echo);
  await application.listen(port);
  await waitFor(
    'the application is reached',
    async () => (await statusOf(aikore, `instance/${name}/x`)) === 200,
  );
  return id;
}

async function dial(aikore: AiKoreProcess, name: string, headers: Record<string, string> = AUTHORIZED) {
  const socket = new WebSocket(`${aikore.appsUrl.replace('http', 'ws')}instance/${name}/ws`, { headers });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

async function echoes(socket: WebSocket, text: string): Promise<void> {
  const answer = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(text);
  expect((await answer)[0].toString()).toBe(text);
}

/** The files in NGINX's folder that hold a text. */
function filesWith(dataDir: string, text: string): string[] {
  const folder = join(dataDir, 'run', 'nginx');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const contents = files.map(({ name, parentPath }) => {
    // What is kept for a moment may go meanwhile.
    try {
      return { name, content: readFileSync(join(parentPath, name), 'latin1') };
    } catch {
      return { name, content: '' };
    }
  });
  return contents.filter(({ content }) => content.includes(text)).map(({ name }) => name);
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  held.push(server);
  return server;
}

describeWithNginx('NGINX that AiKore runs (R21)', () => {
  it('serves applications, says so, and ends with AiKore', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    expect((await info(aikore)).proxy).toMatchObject({ engine: 'nginx', is_serving: true });
    expect(nginxOf(aikore.dataDir).workers.length).toBeGreaterThan(0);
    await aikore.stop();
    expect(nginxOf(aikore.dataDir).all).toEqual([]);
  });

  it('leaves nothing of the sign-ins that it was shown, also when the next AiKore needs none', async () => {
    const kept = { AIKORE_KEEP_INSTANCES: '1' };
    const first = await lab.start(kept);
    await serve(first, 'app');
    // Kept passages are named by what they were given for.
    await waitFor('a passage is kept', async () => {
      await statusOf(first, 'instance/app/x');
      return filesWith(first.dataDir, TOKEN).length > 0;
    });
    await first.stop();
    const second = await lab.start({ ...first.ports, ...kept, AIKORE_PROXY: 'embedded' }, first.dataDir);
    expect(filesWith(first.dataDir, TOKEN)).toEqual([]);
    await second.stop();
    const third = await lab.start({ ...first.ports }, first.dataDir);
    await waitFor('a passage is kept again', async () => {
      await statusOf(third, 'instance/app/x');
      return filesWith(first.dataDir, TOKEN).length > 0;
    });
    await third.stop();
    expect(filesWith(first.dataDir, TOKEN)).toEqual([]);
  });

  it('is there again soon after it was killed, and the dashboard hears of it', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    const viewer = await EventsClient.open(aikore);
    const before = nginxOf(aikore.dataDir);
    process.kill(before.master ?? 0, 'SIGKILL');
    const killedMs = performance.now();
    await waitFor('another NGINX', () => {
      const { master } = nginxOf(aikore.dataDir);
      return master !== null && master !== before.master;
    });
    await waitFor('the application', async () => (await statusOf(aikore, 'instance/app/x')) === 200);
    // R21 allows two seconds; a machine that runs other suites may take longer.
    expect(performance.now() - killedMs).toBeLessThan(6000);
    expect(before.all.filter((pid) => isAlive(pid))).toEqual([]);
    await waitFor('both notices', () => viewer.notices().length >= 2);
    expect(viewer.notices().join(' ')).toMatch(/NGINX has ended.*serves applications again/s);
    expect((await info(aikore)).warnings).toEqual([]);
    viewer.end();
  });

  it('has workers again that were killed, without being told', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    const { master, workers } = nginxOf(aikore.dataDir);
    for (const pid of workers) process.kill(pid, 'SIGKILL');
    await waitFor('the application', async () => (await statusOf(aikore, 'instance/app/x')) === 200);
    expect(nginxOf(aikore.dataDir).master).toBe(master);
  });

  it('gets its configuration back when somebody breaks it, and no request fails meanwhile', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    const file = aikore.path('run', 'nginx', 'nginx.conf');
    const text = readFileSync(file, 'utf8');
    const { master } = nginxOf(aikore.dataDir);
    appendFileSync(file, 'bad {');
    await staysTrue('it serves', async () => (await statusOf(aikore, 'instance/app/x')) === 200, 300);
    await waitFor('the configuration is whole', () => readFileSync(file, 'utf8') === text);
    await staysTrue('it serves', async () => (await statusOf(aikore, 'instance/app/x')) === 200, 300);
    expect(nginxOf(aikore.dataDir).master).toBe(master);
  });

  it('gets it back, too, when that happens while it is being taken over', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    const file = aikore.path('run', 'nginx', 'nginx.conf');
    const before = statSync(file).ino;
    const spoilt = waitFor('it is written', () => {
      if (statSync(file).ino === before) return false;
      appendFileSync(file, 'bad {');
      return true;
    });
    await aikore.api.create({ name: 'other', base_blueprint: 'idles.sh', access_mode: 'port' });
    await spoilt;
    await waitFor('the configuration is whole', () => {
      const text = readFileSync(file, 'utf8');
      return text.includes('other') && !text.includes('bad {');
    });
    await waitFor('it serves', async () => (await statusOf(aikore, 'instance/app/x')) === 200);
    await waitFor('nothing is wrong', async () => (await info(aikore)).warnings.length === 0);
  });

  it('waits for a port that somebody else has, and AiKore names who', async () => {
    const port = await freePort();
    const holder = await occupy(port);
    const aikore = await lab.start({ AIKORE_APPS_PORT: String(port) });
    const { warnings, proxy } = await info(aikore);
    expect(warnings.join()).toMatch(new RegExp(`port ${port} is held by .*pid ${process.pid}`));
    expect(proxy).toMatchObject({ engine: 'nginx', is_serving: false });
    await new Promise((resolve) => holder.close(resolve));
    await waitFor('it serves', async () => (await statusOf(aikore, '')) === 200);
    await waitFor('no warning', async () => (await info(aikore)).warnings.length === 0);
  });

  it('is replaced by the embedded engine where it cannot run at all', async () => {
    const folder = join(lab.root, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'nginx'), '#!/bin/sh\necho "nginx: [emerg] no memory" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const aikore = await lab.start({ PATH: `${folder}:${process.env['PATH']}` });
    const { proxy, warnings } = await info(aikore);
    expect(proxy).toEqual({ engine: 'embedded', is_serving: true, version: null });
    expect(warnings.join()).toMatch(/AiKore serves applications itself.*no memory/);
    expect(await statusOf(aikore, '')).toBe(200);
  });
});

describeWithNginx('NGINX while AiKore is away', () => {
  it('goes on with its WebSockets when AiKore is killed, and is taken over by the next', async () => {
    const first = await lab.start();
    const { ports, dataDir } = first;
    await serve(first, 'app');
    const socket = await dial(first, 'app');
    const { master } = nginxOf(dataDir);
    await first.signal('SIGKILL');

    await echoes(socket, 'still there');
    const page = await fetch(new URL('instance/app/', first.appsUrl), { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await page.text()).toContain('AiKore is away for a moment');
    const data = await fetch(new URL('instance/app/', first.appsUrl));
    expect([data.status, await data.json()]).toMatchObject([503, { code: 'AIKORE_AWAY' }]);

    const second = await lab.start(ports, dataDir);
    expect(nginxOf(dataDir).master).toBe(master);
    expect(await statusOf(second, 'instance/app/x')).toBe(200);
    await echoes(socket, 'and now');
    socket.terminate();
  });

  it('is left running with AIKORE_KEEP_INSTANCES=1', async () => {
    const first = await lab.start({ AIKORE_KEEP_INSTANCES: '1' });
    const { ports, dataDir } = first;
    await serve(first, 'app');
    const socket = await dial(first, 'app');
    const { master } = nginxOf(dataDir);
    await first.stop();
    await echoes(socket, 'still there');
    const second = await lab.start(ports, dataDir);
    expect(nginxOf(dataDir).master).toBe(master);
    await echoes(socket, 'and now');
    socket.terminate();
    await second.stop();
    expect(nginxOf(dataDir).all).toEqual([]);
  });

  it('is replaced when the next AiKore is to listen elsewhere', async () => {
    const first = await lab.start({ AIKORE_KEEP_INSTANCES: '1' });
    const { ports, dataDir } = first;
    const { master } = nginxOf(dataDir);
    await first.stop();
    const second = await lab.start({ ...ports, AIKORE_HOST: '0.0.0.0' }, dataDir);
    expect(nginxOf(dataDir).master).not.toBe(master);
    expect(await statusOf(second, '')).toBe(200);
    expect((await info(second)).warnings).toEqual([]);
  });

  it('ends when the next AiKore serves applications itself', async () => {
    const first = await lab.start({ AIKORE_KEEP_INSTANCES: '1' });
    const { ports, dataDir } = first;
    await first.stop();
    expect(nginxOf(dataDir).master).not.toBeNull();
    const second = await lab.start({ ...ports, AIKORE_PROXY: 'embedded' }, dataDir);
    expect(nginxOf(dataDir).all).toEqual([]);
    expect(await statusOf(second, '')).toBe(200);
  });
});

describeWithNginx('a sign-in that ends', () => {
  it('takes its WebSockets along within a second, and lets nothing new pass', async () => {
    const aikore = await lab.start({ AIKORE_PASSWORD: 'a long enough password' });
    await serve(aikore, 'app');
    const browser = await aikore.signIn('a long enough password');
    const cookie = { cookie: browser.cookie };
    const socket = await dial(aikore, 'app', cookie);
    expect(await statusOf(aikore, 'instance/app/x', { ...cookie, authorization: '' })).toBe(200);
    const closed = once(socket, 'close');
    const beganMs = performance.now();
    expect((await browser.send('POST', 'api/auth/logout')).status).toBeLessThan(300);
    await closed;
    expect(performance.now() - beganMs).toBeLessThan(2000);
    expect(await statusOf(aikore, 'instance/app/x', { ...cookie, authorization: '' })).toBe(401);
  });
});

describeWithNginx('a sign-in that ends after AiKore was killed', () => {
  it('takes the WebSockets of before along', async () => {
    const first = await lab.start({ AIKORE_PASSWORD: 'a long enough password' });
    const { ports, dataDir } = first;
    await serve(first, 'app');
    const { cookie } = await first.signIn('a long enough password');
    const socket = await dial(first, 'app', { cookie });
    await first.signal('SIGKILL');
    const second = await lab.start({ ...ports, AIKORE_PASSWORD: 'a long enough password' }, dataDir);
    await echoes(socket, 'still there');
    const closed = once(socket, 'close');
    await second.browser(cookie).send('POST', 'api/auth/logout');
    await closed;
  });
});

describeWithNginx('starts and stops (R22)', () => {
  it('reload nothing: no worker more, no socket cut', async () => {
    const aikore = await lab.start();
    await serve(aikore, 'app');
    const socket = await dial(aikore, 'app');
    let isCut = false;
    socket.once('close', () => (isCut = true));
    const before = nginxOf(aikore.dataDir);
    const { id } = await aikore.api.create({ name: 'restless', base_blueprint: 'idles.sh' });
    for (let round = 0; round < 30; round += 1) {
      await aikore.api.command(id, 'start');
      await aikore.api.command(id, 'kill');
      await aikore.api.reaches(id, 'stopped');
    }
    expect(nginxOf(aikore.dataDir).workers).toEqual(before.workers);
    await echoes(socket, 'still there');
    expect(isCut).toBe(false);
    socket.terminate();
  });
});
