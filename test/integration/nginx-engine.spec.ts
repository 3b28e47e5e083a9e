import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { NginxPlan } from '../../src/features/access/nginx/domain/plan.js';
import { renderConfig } from '../../src/features/access/nginx/domain/render.js';
import { NginxFolder } from '../../src/host/nginx/nginx-folder.js';
import { NginxProgram } from '../../src/host/nginx/nginx-program.js';
import { Application, echo } from '../fixtures/proxy/application.js';
import { ask } from '../fixtures/proxy/client.js';
import type { NginxTestEngine } from '../fixtures/proxy/nginx-engine.js';
import { NGINX, describeWithNginx, startNginxEngine } from '../fixtures/proxy/nginx-engine.js';
import { SIGNED_IN, World } from '../fixtures/proxy/world.js';
import { seeNginx } from '../support/nginx.js';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

jest.setTimeout(90_000);

describeWithNginx('the configuration', () => {
  const root = mkdtempSync(join(tmpdir(), 'aikore-nginx-t-'));
  const folder = new NginxFolder(root);
  const program = new NginxProgram(NGINX, folder.path);
  afterAll(() => {
    folder.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('is one that NGINX takes, for any plan', async () => {
    await folder.renew('temporary');
    const port = fc.integer({ min: 29_000, max: 60_000 });
    const plans = fc.record({
      address: fc.constantFrom('127.0.0.1', '0.0.0.0', '::', '::1'),
      port: fc.constant(28_999),
      publicPorts: fc.uniqueArray(port, { maxLength: 20 }),
      hostnames: fc.uniqueArray(
        fc.domain().map((name) => name.toLowerCase()),
        { maxLength: 20 },
      ),
      slots: fc.uniqueArray(port, { maxLength: 300 }),
      tlsFingerprint: fc.constant(null),
      workers: fc.integer({ min: 1, max: 8 }),
      user: fc.constantFrom(null),
    });
    await fc.assert(
      fc.asyncProperty(plans, async (plan: NginxPlan) => {
        await folder.write('nginx.conf', renderConfig(plan, 'g'));
        expect(await program.check('nginx.conf')).toBeNull();
      }),
      { numRuns: 25 },
    );
  });

  it('that is broken is told of in NGINX’s words, without its path', async () => {
    await folder.write('nginx.conf', 'bad {');
    const words = await program.check('nginx.conf');
    expect(words).toMatch(/^unknown directive "bad" \(nginx\.conf:1\)$/);
    expect(words).not.toContain(root);
  });
});

describeWithNginx('the engine', () => {
  const world = new World();
  const application = new Application(echo);
  let engine: NginxTestEngine;

  beforeAll(async () => {
    const port = await application.listen();
    world.put('app', port);
    engine = await startNginxEngine(world);
  });
  afterAll(async () => {
    await engine.close();
    await application.close();
  });

  const dial = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${engine.port}/instance/app/ws`, { headers: SIGNED_IN });
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  };

  it('reloads with 200 routes and 200 open WebSockets, and none breaks', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, dial));
    let cut = 0;
    for (const socket of sockets) socket.once('close', () => (cut += 1));
    for (let number = 0; number < 200; number += 1) {
      world.put(`app-${number}`, world.routes.get('app')?.port ?? 0);
      world.hostnames.set(`app-${number}.home.lan`, `app-${number}`);
    }
    await engine.apps.engine.reconcile();
    expect(engine.apps.engine.problems).toEqual([]);
    const named = await ask(engine.port, '/data', { headers: { ...SIGNED_IN, Host: 'app-199.home.lan' } });
    expect(named.status).toBe(200);
    const answers = await Promise.all(
      sockets.map(async (socket, number) => {
        const answer = once(socket, 'message') as Promise<[Buffer]>;
        socket.send(`message ${number}`);
        return (await answer)[0].toString();
      }),
    );
    expect(answers).toEqual(sockets.map((_socket, number) => `message ${number}`));
    expect(cut).toBe(0);
    for (const socket of sockets) socket.terminate();
    await waitFor('old workers have gone', () => seeNginx(engine.folder).workers.length === 2);
  });

  it('does not reload for what it knows already', async () => {
    const { workers } = seeNginx(engine.folder);
    await engine.apps.engine.reconcile();
    world.put('another', 21_017);
    await engine.apps.engine.reconcile();
    expect(seeNginx(engine.folder).workers).toEqual(workers);
  });

  it('leaves out a published port that somebody else has, says whose it is, and takes it later', async () => {
    const port = await freePort();
    const holder = createServer();
    holder.listen(port, '127.0.0.1');
    await once(holder, 'listening');
    world.publicPorts.set(port, 'app');
    await engine.apps.engine.reconcile();
    expect(engine.apps.engine.problems.map(({ message }) => message).join()).toMatch(
      new RegExp(`app cannot be reached at its port: ${port} is held by .*pid ${process.pid}`),
    );
    expect((await ask(engine.port, '/instance/app/x', { headers: SIGNED_IN })).status).toBe(200);
    await new Promise((resolve) => holder.close(resolve));
    await waitFor('the port is served', () => engine.apps.engine.problems.length === 0);
    expect((await ask(port, '/x', { headers: SIGNED_IN })).status).toBe(200);
  });

  it('keeps what runs when a configuration is refused', async () => {
    const before = engine.process.pid;
    world.hostnames.set('no name; }', 'app');
    await engine.apps.engine.reconcile();
    expect(engine.apps.engine.problems).toHaveLength(1);
    expect((await ask(engine.port, '/instance/app/x', { headers: SIGNED_IN })).status).toBe(200);
    world.hostnames.delete('no name; }');
    await engine.apps.engine.reconcile();
    expect([engine.apps.engine.problems, engine.process.pid]).toEqual([[], before]);
  });

  it('asks once a second for a page of many files', async () => {
    let questions = 0;
    const admit = world.onAdmit;
    world.onAdmit = () => (questions += 1);
    const beganMs = performance.now();
    for (let file = 0; file < 300; file += 1) {
      await ask(engine.port, `/instance/app/file-${file}.js`, { headers: SIGNED_IN });
    }
    const seconds = (performance.now() - beganMs) / 1000;
    world.onAdmit = admit;
    expect(questions).toBeLessThanOrEqual(2 * Math.ceil(seconds) + 4);
  });

  it('takes no word of an application’s for its own', async () => {
    application.onRequest = (_request, response) => {
      response.writeHead(200, { 'X-Accel-Redirect': '/.aikore/may-pass', 'X-Aikore-Slot': '127.0.0.1:1' });
      response.end('mine');
    };
    const reply = await ask(engine.port, '/instance/app/x', { headers: SIGNED_IN });
    expect([reply.status, reply.text]).toEqual([200, 'mine']);
    application.onRequest = echo;
    for (const path of ['/.aikore/may-pass', '//.aikore/may-pass', '/x/../.aikore/may-pass']) {
      const status = (await ask(engine.port, path, { headers: SIGNED_IN })).status;
      expect([path, status === 404 || status === 401]).toEqual([path, true]);
    }
  });
});
