import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditPage } from '../../src/contracts/audit.js';
import type { Instance } from '../../src/contracts/instance.js';
import type { SystemInfo } from '../../src/contracts/system.js';
import { HONEST, TlsProxy } from '../fixtures/tls-proxy.js';
import type { Forwarding } from '../fixtures/tls-proxy.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { makeCertificate } from '../support/certificates.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { TlsClient } from '../support/tls-client.js';
import type { TlsAnswer } from '../support/tls-client.js';

const PASSWORD = 'correct horse battery staple';
const STRANGER = '198.51.100.9';

/** Somebody else's TLS proxy stands before AiKore, on a name of its own. */
describe('behind a TLS proxy', () => {
  const lab = useLab();
  const certificate = makeCertificate(lab.root, 'proxy');
  const proxies: TlsProxy[] = [];
  let instance: Instance;

  const through = async (port: number, forwarding?: Forwarding): Promise<TlsClient> => {
    const proxy = new TlsProxy(certificate, port, forwarding);
    proxies.push(proxy);
    return new TlsClient(await proxy.listen(), certificate.ca, 'ai.test');
  };
  const withApplication = async (aikore: AiKoreProcess): Promise<Instance> => {
    const { id } = await aikore.api.create({ name: 'Teller', base_blueprint: 'tells-headers.sh' });
    return aikore.api.startUp(id);
  };
  const json = ({ body }: TlsAnswer): unknown => JSON.parse(body);
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });

  describe('that is trusted', () => {
    let aikore: AiKoreProcess;
    let dashboard: TlsClient;
    let apps: TlsClient;
    let cookie: string;
    let setCookie: string;

    beforeAll(async () => {
      aikore = await lab.start({
        AIKORE_PASSWORD: PASSWORD,
        AIKORE_ALLOWED_HOSTS: 'ai.test',
        AIKORE_TRUSTED_PROXIES: '127.0.0.1',
      });
      dashboard = await through(aikore.port);
      apps = await through(aikore.appsPort);
      instance = await withApplication(aikore);
      ({ cookie, setCookie } = await dashboard.signIn(PASSWORD));
    });

    it('the cookie is for HTTPS and this host only', () => {
      expect(setCookie).toMatch(
        /^__Host-aikore_session=[\w-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/,
      );
    });

    it('links are those of the browser', async () => {
      const headers = { cookie };
      const info = json(await dashboard.send('GET', '/api/system/info', { headers })) as SystemInfo;
      expect([info.dashboard_url, info.apps_url]).toEqual([
        dashboard.origin,
        `https://ai.test:${aikore.appsPort}`,
      ]);
      const [listed] = json(await dashboard.send('GET', '/api/instances', { headers })) as Instance[];
      expect(listed?.url).toBe(`https://ai.test:${aikore.appsPort}/instance/teller/`);
      const redirect = await dashboard.send('GET', '/instance/teller/x?y', { headers });
      expect([redirect.status, redirect.headers.location]).toEqual([
        307,
        `https://ai.test:${aikore.appsPort}/instance/teller/x?y`,
      ]);
      const page = await dashboard.send('GET', '/', { headers });
      expect(page.headers['content-security-policy']).toContain('frame-src https://ai.test:*');
      const signIn = await apps.send('GET', '/instance/teller/', { headers: { accept: 'text/html' } });
      expect(signIn.body).toContain(`href="https://ai.test:${aikore.port}/"`);
      // Whoever asks without the proxy gets the links that work there.
      expect((await aikore.api.instance(instance.id)).url).toBe(`${aikore.appsUrl}instance/teller/`);
    });

    it('WebSockets and changes are for pages of the address that the browser shows', async () => {
      const own = { cookie, origin: dashboard.origin };
      const snapshot = JSON.parse(String(await dashboard.hear('/api/events', own))) as {
        data: { instances: Instance[] };
      };
      expect(snapshot.data.instances[0]?.url).toMatch(/^https:\/\/ai\.test:/);
      for (const origin of [dashboard.origin.replace('https', 'http'), apps.origin, 'https://ai.test']) {
        expect(await dashboard.hear('/api/events', { cookie, origin })).toBe(403);
        const refused = await dashboard.send('POST', '/api/auth/logout', { headers: { cookie, origin } });
        expect(refused.status).toBe(403);
      }
    });

    it('an application is told of the browser, not of the proxy, and of nothing that the browser claims', async () => {
      const claims = {
        'x-forwarded-prefix': '/evil',
        'x-forwarded-port': '1',
        x_forwarded_for: '1.1.1.1',
        forwarded: 'for=1.1.1.1;proto=http',
        'x-real-ip': '1.1.1.1',
      };
      const answer = await apps.send('GET', '/instance/teller/', { headers: { cookie, ...claims } });
      const told = json(answer);
      expect(told).toMatchObject({
        host: apps.host,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': apps.host,
        'x-forwarded-prefix': '/instance/teller',
      });
      for (const name of ['x-forwarded-port', 'x_forwarded_for', 'forwarded', 'cookie']) {
        expect(told).not.toHaveProperty(name);
      }
    });

    it('failed sign-ins count for the address that the proxy names, and are audited under it', async () => {
      const from = (address: string): Promise<TlsClient> =>
        through(aikore.port, (request) => ({
          ...HONEST(request),
          'x-forwarded-for': `10.9.8.7, ${address}`,
        }));
      const stranger = await from(STRANGER);
      const attempt = async (client: TlsClient): Promise<number> => {
        const sent = { headers: { origin: client.origin }, body: { password: 'wrong' } };
        return (await client.send('POST', '/api/auth/login', sent)).status;
      };
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push(await attempt(stranger));
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
      expect(await attempt(await from('198.51.100.10'))).toBe(401);
      const { entries } = await aikore.api.expect<AuditPage>(200, 'GET', 'api/audit?limit=50');
      expect(entries.filter(({ address }) => address === STRANGER).length).toBeGreaterThan(0);
      expect(entries.map(({ address }) => address)).not.toContain('10.9.8.7');
    });

    it('a name that AiKore does not know stays unknown', async () => {
      const evil = await through(aikore.port, (request) => ({
        ...HONEST(request),
        'x-forwarded-host': 'evil.example',
      }));
      expect((await evil.send('GET', '/')).status).toBe(421);
      const nonsense = await through(aikore.port, (request) => ({
        ...HONEST(request),
        'x-forwarded-host': 'ai.test/../"><script>',
      }));
      const answer = await nonsense.send('GET', '/', { headers: { accept: 'text/html' } });
      expect([answer.status, answer.body.includes('<script>')]).toEqual([421, false]);
    });
  });

  describe('that is not trusted', () => {
    let aikore: AiKoreProcess;
    let dashboard: TlsClient;
    let apps: TlsClient;

    beforeAll(async () => {
      aikore = await lab.start({
        AIKORE_PASSWORD: PASSWORD,
        AIKORE_ALLOWED_HOSTS: 'ai.test',
        AIKORE_TRUSTED_PROXIES: '192.0.2.1,fd00::/8',
      });
      dashboard = await through(aikore.port);
      apps = await through(aikore.appsPort);
      await withApplication(aikore);
    });

    it('its headers count for nothing: a page over HTTPS is a foreign one, and is told what helps', async () => {
      const sent = { headers: { origin: dashboard.origin }, body: { password: PASSWORD } };
      const answer = await dashboard.send('POST', '/api/auth/login', sent);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatch(/AIKORE_PUBLIC_URL.*AIKORE_TRUSTED_PROXIES/);
    });

    it('they reach no application', async () => {
      const plain = await aikore.signIn(PASSWORD);
      const told = json(await apps.send('GET', '/instance/teller/', { headers: { cookie: plain.cookie } }));
      expect(told).toMatchObject({
        host: `127.0.0.1:${aikore.appsPort}`,
        'x-forwarded-proto': 'http',
        'x-forwarded-host': `127.0.0.1:${aikore.appsPort}`,
        'x-forwarded-for': '127.0.0.1',
      });
    });

    it('a change of the claimed address does not help who guesses', async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) {
        const headers = { 'x-forwarded-for': `198.51.100.${count}`, 'x-real-ip': `198.51.100.${count}` };
        const answer = await aikore.anonymous.send('POST', 'api/auth/login', { password: 'no' }, headers);
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    });
  });

  describe('with public addresses', () => {
    it('those are told, whoever asks', async () => {
      const port = await freePort();
      await lab.start({
        AIKORE_PORT: String(port),
        AIKORE_PASSWORD: PASSWORD,
        AIKORE_PUBLIC_URL: 'https://ai.test',
        AIKORE_APPS_PUBLIC_URL: 'https://apps.ai.test',
        AIKORE_TRUSTED_PROXIES: '127.0.0.1',
      });
      const dashboard = await through(port);
      const { cookie } = await dashboard.signIn(PASSWORD);
      const info = json(
        await dashboard.send('GET', '/api/system/info', { headers: { cookie } }),
      ) as SystemInfo;
      expect([info.dashboard_url, info.apps_url]).toEqual(['https://ai.test', 'https://apps.ai.test']);
      const page = await dashboard.send('GET', '/');
      expect(page.headers['content-security-policy']).toContain(
        'frame-src https://apps.ai.test:* https://ai.test:*',
      );
    });
  });
});
