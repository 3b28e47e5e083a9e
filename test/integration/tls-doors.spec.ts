import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { TlsCertificate } from '../../src/core/tls/tls-certificate.js';
import { Application, echo } from '../fixtures/proxy/application.js';
import type { Echo } from '../fixtures/proxy/application.js';
import type { Engine, StartEngine } from '../fixtures/proxy/engine.js';
import { startEmbedded } from '../fixtures/proxy/engine.js';
import { describeWithNginx, startNginx } from '../fixtures/proxy/nginx-engine.js';
import { SIGNED_IN, World } from '../fixtures/proxy/world.js';
import { makeCertificate } from '../support/certificates.js';
import { sendRequest } from '../support/raw-request.js';
import { TlsClient } from '../support/tls-client.js';
import { waitFor } from '../support/wait.js';

/** Every door to applications, with a certificate. */
function tlsTests(name: string, start: StartEngine): void {
  describe(`${name} over TLS`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'aikore-doors-'));
    const [first, second] = [makeCertificate(folder, 'first'), makeCertificate(folder, 'second')];
    const files = makeCertificate(folder, 'served');
    const world = new World();
    const application = new Application(echo);
    let certificate: TlsCertificate;
    let engine: Engine;
    let doors: [client: TlsClient, path: string][];

    const put = (pair: typeof files): void => {
      copyFileSync(pair.certFile, files.certFile);
      copyFileSync(pair.keyFile, files.keyFile);
    };

    beforeAll(async () => {
      put(first);
      const { logger } = world.options();
      certificate = new TlsCertificate({ files, warnings: { set: () => undefined }, logger });
      world.put('app', await application.listen());
      world.hostnames.set('ai.test', 'app');
      engine = await start(world, certificate);
      const publicPort = await engine.publish('app');
      doors = [
        [new TlsClient(engine.port, first.ca), '/instance/app/x'],
        [new TlsClient(engine.port, first.ca, 'app.localhost'), '/x'],
        [new TlsClient(engine.port, first.ca, 'ai.test'), '/x'],
        [new TlsClient(publicPort, first.ca), '/x'],
      ];
    });
    afterAll(async () => {
      await engine.close();
      await application.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const shake = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
      const socket = connect({ host: '127.0.0.1', port: engine.port, rejectUnauthorized: false, ...options });
      await once(socket, 'secureConnect');
      return socket;
    };

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
        const answer = await sendRequest(client.port, 'GET /x', [
          `Host: ${client.host}`,
          'Accept: text/html',
        ]);
        expect([answer.status, answer.body]).toEqual([
          400,
          expect.stringContaining(`href="${client.origin}/"`),
        ]);
      }
      const data = await sendRequest(engine.port, 'GET /x', ['Host: known.test']);
      expect([data.status, JSON.parse(data.body)]).toMatchObject([400, { code: 'TLS_REQUIRED' }]);
      const hostile = await sendRequest(engine.port, 'GET /x', ['Host: a"><b>', 'Accept: text/html']);
      expect([hostile.status, hostile.body]).toEqual([400, expect.not.stringContaining('<b>')]);
    });

    it('speaks with forward secrecy only', async () => {
      const weak = {
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA',
      } as const;
      await expect(shake(weak)).rejects.toThrow();
      const strong = await shake({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
      expect(strong.getProtocol()).toBe('TLSv1.2');
      strong.destroy();
    });

    it('takes up a renewed certificate, and cuts nothing', async () => {
      const socket = new WebSocket(`wss://127.0.0.1:${engine.port}/instance/app/ws`, {
        headers: SIGNED_IN,
        rejectUnauthorized: false,
      });
      await once(socket, 'open');
      put(second);
      certificate.look();
      await waitFor('the renewed certificate', async () => {
        const shaken = await shake();
        const { subject } = new X509Certificate(shaken.getPeerCertificate().raw);
        shaken.destroy();
        return subject === 'CN=second';
      });
      expect(socket.readyState).toBe(WebSocket.OPEN);
      socket.terminate();
    });
  });
}

tlsTests('the embedded engine', startEmbedded);
describeWithNginx('with NGINX installed', () => tlsTests('NGINX', startNginx));
