import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import { TlsProxy } from '../fixtures/tls-proxy.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import type { Certificate } from '../support/certificates.js';
import { makeCertificate } from '../support/certificates.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import type { Lab } from '../support/lab.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { TerminalPage } from '../support/terminal-page.js';
import { TlsClient } from '../support/tls-client.js';

/** An AiKore that a browser reaches over TLS. */
interface Place {
  aikore: AiKoreProcess;
  dashboard: TlsClient;
  apps: TlsClient;
  close(): Promise<void>;
}

/** With a certificate of its own. */
async function directly(lab: Lab, certificate: Certificate): Promise<Place> {
  const aikore = await lab.start({ ...SIGN_IN, ...certificate.env, HOME: lab.root });
  return {
    aikore,
    dashboard: new TlsClient(aikore.port, certificate.ca, 'localhost'),
    apps: new TlsClient(aikore.appsPort, certificate.ca, 'localhost'),
    close: () => Promise.resolve(),
  };
}

/** Behind somebody else's proxy, which AiKore trusts and which puts the applications on a port of its own choice. */
async function throughProxy(lab: Lab, certificate: Certificate): Promise<Place> {
  const [innerPort, port, appsPort] = [await freePort(), await freePort(), await freePort()];
  const aikore = await lab.start({
    ...SIGN_IN,
    HOME: lab.root,
    AIKORE_TRUSTED_PROXIES: '127.0.0.1',
    AIKORE_APPS_PORT: String(innerPort),
    AIKORE_APPS_PUBLIC_URL: `https://localhost:${appsPort}`,
  });
  const proxies = [new TlsProxy(certificate, aikore.port), new TlsProxy(certificate, innerPort)];
  await Promise.all([proxies[0]?.listen(port), proxies[1]?.listen(appsPort)]);
  return {
    aikore,
    dashboard: new TlsClient(port, certificate.ca, 'localhost'),
    apps: new TlsClient(appsPort, certificate.ca, 'localhost'),
    close: async () => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

describeInBrowser('AiKore over TLS', () => {
  const lab = useLab();
  const certificate = makeCertificate(lab.root, 'browser');
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  describe.each([
    ['with a certificate of its own', directly],
    ['behind a proxy', throughProxy],
  ])('%s', (_how, start) => {
    let place: Place;
    let dashboard: DashboardPage;
    let page: Page;

    beforeAll(async () => {
      place = await start(lab, certificate);
      const headers = { authorization: `Bearer ${TOKEN}` };
      const body = { name: 'Teller', base_blueprint: 'tells-headers.sh', port: await freePort() };
      const made = await place.dashboard.send('POST', '/api/instances', { headers, body });
      const { id } = JSON.parse(made.body) as Instance;
      await place.dashboard.send('POST', `/api/instances/${id}/start`, { headers });
      dashboard = await DashboardPage.openByForm(browser, place.aikore, {
        address: `${place.dashboard.origin}/`,
        ignoreHTTPSErrors: true,
        hosts: ['localhost'],
        ports: [place.dashboard.port, place.apps.port],
      });
      ({ page } = dashboard);
      page.setDefaultTimeout(15_000);
    }, 60_000);
    afterAll(async () => {
      await dashboard.close();
      await place.close();
      expect(dashboard.faults).toEqual([]);
    });

    it('signs in with a cookie that no plain page gets, and hears of what happens', async () => {
      await dashboard.status('Teller', 'started');
      const cookies = await page.context().cookies();
      expect(cookies).toMatchObject([
        { name: '__Host-aikore_session', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
      ]);
      expect(await page.evaluate('isSecureContext')).toBe(true);
    });

    it('shows the application in its frame, over TLS', async () => {
      await dashboard.openTool('Teller', 'v');
      const frame = page.locator('[data-testid="view-frame"]');
      await page.frameLocator('[data-testid="view-frame"]').getByText('The application').waitFor();
      expect(await frame.getAttribute('src')).toContain(`${place.apps.origin}/instance/teller/`);
      await dashboard.shoot(`tls-${place.dashboard.port === place.aikore.port ? 'direct' : 'proxy'}`);
    });

    it('opens a terminal', async () => {
      const terminal = new TerminalPage(page);
      await terminal.show('Teller');
      await terminal.openNew();
      expect(await terminal.ask('$((6 * 7))')).toBe('42');
    });

    it('follows the link to the application in a tab of its own', async () => {
      const tab = await page.context().newPage();
      const answer = await tab.goto(`${place.dashboard.origin}/instance/teller/page?a=b`);
      expect([answer?.status(), tab.url()]).toEqual([200, `${place.apps.origin}/instance/teller/page?a=b`]);
      expect(await tab.textContent('h1')).toBe('The application');
      await tab.close();
    });
  });
});
