import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TlsCertificate } from '../../src/core/tls/tls-certificate.js';
import { AppsServer } from '../../src/features/access/apps-server.js';
import { Application, echo } from '../fixtures/proxy/application.js';
import type { Echo } from '../fixtures/proxy/application.js';
import { SIGNED_IN, World } from '../fixtures/proxy/world.js';
import type { TestCaller } from '../fixtures/proxy/world.js';
import { makeCertificate } from '../support/certificates.js';
import { freePort } from '../support/ports.js';
import { sendRequest } from '../support/raw-request.js';
import { TlsClient } from '../support/tls-client.js';

/** Every door to applications, with a certificate. */
describe('the embedded engine over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-doors-'));
  const files = makeCertificate(folder, 'doors');
  const world = new World();
  const application = new Application(echo);
  let server: AppsServer<TestCaller>;
  let doors: [client: TlsClient, path: string][];

  beforeAll(async () => {
    const options = world.options();
    const certificate = new TlsCertificate({
      files,
      warnings: { set: () => undefined },
      logger: options.logger,
    });
    server = new AppsServer({ ...options, certificate });
    world.put('app', await application.listen());
    const publicPort = await freePort();
    world.publicPorts.set(publicPort, 'app');
    world.appsPort = await server.listen('127.0.0.1', 0);
    await server.openPort('127.0.0.1', publicPort);
    world.hostnames.set('ai.test', 'app');
    doors = [
      [new TlsClient(world.appsPort, files.ca), '/instance/app/x'],
      [new TlsClient(world.appsPort, files.ca, 'app.localhost'), '/x'],
      [new TlsClient(world.appsPort, files.ca, 'ai.test'), '/x'],
      [new TlsClient(publicPort, files.ca), '/x'],
    ];
  });
  afterAll(async () => {
    await server.close();
    await application.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells the application what the browser sees', async () => {
    for (const [client, path] of doors) {
      const headers = { cookie: SIGNED_IN.Cookie, 'x-forwarded-proto': 'http' };
      const answer = await client.send('GET', path, { headers });
      const told = JSON.parse(answer.body) as Echo;
      expect(told.url).toBe('/x');
      expect(told.headers).toMatchObject({
        host: client.host,
        'x-forwarded-host': client.host,
        'x-forwarded-proto': 'https',
      });
    }
  });

  it('takes changes and WebSockets from the pages of that very address', async () => {
    application.socketReply = 'heard';
    for (const [client, path] of doors) {
      const send = (origin: string) =>
        client.send('POST', path, { headers: { cookie: SIGNED_IN.Cookie, origin }, body: {} });
      expect((await send(client.origin)).status).toBe(200);
      expect((await send('https://evil.example')).status).toBe(403);
      const refused = await client.hear(path, { cookie: SIGNED_IN.Cookie, origin: 'https://evil.example' });
      expect(refused).toBe(403);
    }
  });

  it('answers plain HTTP at each of them by what helps', async () => {
    for (const [client] of doors) {
      const answer = await sendRequest(client.port, 'GET /x', [`Host: ${client.host}`, 'Accept: text/html']);
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.stringContaining(`href="${client.origin}/"`),
      ]);
    }
  });
});
