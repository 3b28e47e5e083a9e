import { beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Instance } from '../../src/contracts/instance.js';
import type { SystemInfo } from '../../src/contracts/system.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import type { Certificate } from '../support/certificates.js';
import { makeCertificate } from '../support/certificates.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { sendRequest } from '../support/raw-request.js';
import { TlsClient } from '../support/tls-client.js';
import { waitFor } from '../support/wait.js';

const PASSWORD = 'correct horse battery staple';
const BEARER = { authorization: `Bearer ${TOKEN}` };

describe('AiKore with a certificate of its own', () => {
  const lab = useLab();
  const old = makeCertificate(lab.root, 'old');
  const renewed = makeCertificate(lab.root, 'renewed');
  const live = { certFile: join(lab.root, 'live', 'cert.pem'), keyFile: join(lab.root, 'live', 'key.pem') };
  let aikore: AiKoreProcess;
  let dashboard: TlsClient;
  let apps: TlsClient;
  let instance: Instance;

  const put = (certificate: Certificate): void => {
    copyFileSync(certificate.certFile, live.certFile);
    copyFileSync(certificate.keyFile, live.keyFile);
  };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    JSON.parse((await dashboard.send(method, path, { headers: BEARER, body })).body) as T;

  beforeAll(async () => {
    mkdirSync(join(lab.root, 'live'));
    put(old);
    aikore = await lab.start({
      AIKORE_PASSWORD: PASSWORD,
      AIKORE_TLS_CERT: live.certFile,
      AIKORE_TLS_KEY: live.keyFile,
    });
    dashboard = new TlsClient(aikore.port, old.ca);
    apps = new TlsClient(aikore.appsPort, old.ca);
    const wish = {
      name: 'Teller',
      base_blueprint: 'tells-headers.sh',
      port: await freePort(),
    };
    instance = await call<Instance>('POST', '/api/instances', wish);
    await call('POST', `/api/instances/${instance.id}/start`);
    await waitFor('it is ready', async () => {
      const { status } = await call<Instance>('GET', `/api/instances/${instance.id}`);
      return status === 'started';
    });
  });

  it('says https wherever it says where it is', async () => {
    expect([aikore.dashboardUrl, aikore.appsUrl]).toEqual([`${dashboard.origin}/`, `${apps.origin}/`]);
    expect(aikore.stdout).toContain(`serves at ${dashboard.origin}/`);
    const info = await call<SystemInfo>('GET', '/api/system/info');
    expect([info.dashboard_url, info.apps_url]).toEqual([dashboard.origin, apps.origin]);
    expect(info.warnings).toEqual([]);
    expect((await call<Instance>('GET', `/api/instances/${instance.id}`)).url).toMatch(/^https:/);
  });

  it('signs in with a cookie that stays with HTTPS, opens WebSockets, and shows applications', async () => {
    const { cookie, setCookie } = await dashboard.signIn(PASSWORD);
    expect(setCookie).toMatch(/^__Host-aikore_session=.*; HttpOnly; SameSite=Strict; Secure$/);
    const own = { cookie, origin: dashboard.origin };
    expect(String(await dashboard.hear('/api/events', own))).toMatch(/^\{"type":"snapshot"/);
    expect(await dashboard.hear('/api/events', { ...own, origin: `http://${dashboard.host}` })).toBe(403);
    const session = await dashboard.send('GET', '/api/auth/session', { headers: { cookie } });
    expect(session.headers).not.toHaveProperty('strict-transport-security');

    const local = new TlsClient(aikore.appsPort, old.ca, 'teller.localhost');
    const onDashboard = new TlsClient(aikore.port, old.ca, 'teller.localhost');
    for (const [client, path] of [
      [apps, '/instance/teller/'],
      [local, '/'],
      [onDashboard, '/'],
    ] as const) {
      const answer = await client.send('GET', path, { headers: { cookie } });
      expect(JSON.parse(answer.body)).toMatchObject({
        'x-forwarded-proto': 'https',
        'x-forwarded-host': client.host,
        'x-forwarded-for': '127.0.0.1',
      });
      const stranger = await client.send('GET', path, { headers: { accept: 'text/html' } });
      expect([stranger.status, stranger.body]).toEqual([401, expect.stringContaining('href="https://')]);
    }
  });

  it('believes nobody about how they came, for nobody is trusted', async () => {
    const claims = { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example', ...BEARER };
    const answer = await dashboard.send('GET', '/api/system/info', { headers: claims });
    expect((JSON.parse(answer.body) as SystemInfo).dashboard_url).toBe(dashboard.origin);
  });

  it('answers who speaks plain HTTP to any of its ports by what helps', async () => {
    for (const port of [aikore.port, aikore.appsPort]) {
      const page = await sendRequest(port, 'GET /', ['Accept: text/html']);
      expect([page.status, page.body]).toEqual([
        400,
        expect.stringContaining('begin the address with https://'),
      ]);
      expect(page.head).not.toMatch(/^(location|set-cookie):/im);
      const program = await sendRequest(port, 'POST /api/auth/login', [], '{"password":"x"}');
      expect(JSON.parse(program.body)).toMatchObject({ code: 'TLS_REQUIRED' });
    }
  });

  it('tells bytes that are no request so, inside of TLS as well', async () => {
    const socket = connectTls({ port: aikore.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.write('garbage\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  it('takes up a renewed certificate without a restart, and keeps a bad one out', async () => {
    copyFileSync(renewed.keyFile, live.keyFile);
    await waitFor('it warns', async () => {
      const { warnings } = await call<SystemInfo>('GET', '/api/system/info');
      return warnings.some((warning) => warning.includes('AIKORE_TLS_KEY'));
    });
    expect(aikore.stderr).toContain('a changed TLS certificate cannot be used');
    expect(aikore.stderr).not.toContain(readFileSync(renewed.keyFile, 'utf8').split('\n')[1]);
    put(renewed);
    const after = [aikore.port, aikore.appsPort].map((port) => new TlsClient(port, renewed.ca));
    for (const client of after) {
      await waitFor('the new one is served', () =>
        client.send('GET', '/').then(
          () => true,
          () => false,
        ),
      );
    }
    dashboard = new TlsClient(aikore.port, renewed.ca);
    expect((await call<SystemInfo>('GET', '/api/system/info')).warnings).toEqual([]);
  });

  it('ends in time although connections are open on which nothing was said', async () => {
    const silent = [aikore.port, aikore.appsPort].map((port) => connect(port, '127.0.0.1'));
    for (const socket of silent) socket.on('error', () => undefined);
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const before = Date.now();
    expect(await aikore.stop()).toEqual({ code: 0, signal: null });
    expect(Date.now() - before).toBeLessThan(15_000);
    for (const socket of silent) socket.destroy();
  });

  it.each([
    ['one alone', { AIKORE_TLS_CERT: old.certFile }, 'AIKORE_TLS_KEY must be set together'],
    [
      'two that do not fit',
      { ...old.env, AIKORE_TLS_KEY: renewed.keyFile },
      'AIKORE_TLS_KEY must name the key',
    ],
    [
      'a file that is not there',
      { ...old.env, AIKORE_TLS_CERT: '/nowhere.pem' },
      'AIKORE_TLS_CERT must name',
    ],
  ])('does not start with %s', async (_what, env, sentence) => {
    const other = lab.launch(lab.dataDir(), env);
    expect(await other.exited).toEqual({ code: 2, signal: null });
    expect(other.stderr).toMatch(/^aikore: [^\n]+\n$/);
    expect(other.stderr).toContain(sentence);
  });
});
