import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import type { Browser, Frame, Page } from 'playwright-core';
import type { AuditPage } from '../../src/contracts/audit.js';
import type { Instance } from '../../src/contracts/instance.js';
import { TOKEN } from '../support/aikore-process.js';
import { startDefenceless } from '../fixtures/malicious/defenceless.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { Attacker } from '../support/attacker.js';
import type { Results } from '../support/attacker.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';
import { WAYS_ENV, WAYS_FLAGS, passages } from '../support/ways.js';

/** What a planted cookie holds: it has the shape of a session's secret, and is none. */
const PLANTED = 'P'.repeat(43);
const OWN_BASIC = `Basic ${Buffer.from('user:password').toString('base64')}`;

/** What the attacks may get by the very nature of a way; docs/security.md tells the operator. */
const SHARED_ORIGIN = [
  'the page of another instance',
  'another instance in a frame',
  'what another instance has stored',
];

/** What works against a dashboard that does not defend itself. */
const FEASIBLE = [
  'fetch with the cookie',
  'fetch without it',
  'fetch with a bearer of its own',
  'fetch by way of a redirect',
  'fetch of its own address on the dashboard’s port',
  'a request of the old kind',
  'an event stream',
  'a script',
  'a module',
  'a picture',
  'fetch as JSON',
  'events by WebSocket',
  'a terminal of its own',
  'a terminal of another',
  'a shell of the machine',
  'the dashboard in a frame',
];

/** An application that attacks whoever opens it, from a real browser, by every way that leads to it. */
describeInBrowser('a malicious application', () => {
  const lab = useLab();
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser(WAYS_FLAGS);
  });
  afterAll(() => browser.close());

  const [first] = passages();
  describe.each(passages())('$way.name, by the engine $engine', (passage) => {
    const { way, engine } = passage;
    let aikore: AiKoreProcess;
    let attacker: Attacker;
    let victim: Instance;
    let dashboard: DashboardPage;
    let page: Page;
    let target: Record<string, unknown>;
    let fromTab: Results = {};

    beforeAll(async () => {
      aikore = await lab.start({ ...SIGN_IN, ...WAYS_ENV, AIKORE_PROXY: engine, AIKORE_STOP_GRACE: '1' });
      attacker = await Attacker.plant(aikore, way);
      victim = await aikore.api.create({
        name: 'Victim',
        base_blueprint: 'answers.sh',
        ...way.wish('victim'),
      });
      await aikore.api.startUp(victim.id);
      const address = `http://${way.dashboardHost}:${aikore.port}/`;
      dashboard = await DashboardPage.openByForm(browser, aikore, { address, hosts: [way.dashboardHost] });
      const other = way.addressOf(aikore, victim);
      const neighbour = await dashboard.context.newPage();
      await neighbour.goto(other);
      // Where the name is another one, the browser gets there by way of a ticket.
      await neighbour.getByText('answered').waitFor();
      await neighbour.evaluate(`localStorage.setItem('of-the-neighbour', 'precious')`);
      await neighbour.close();
      target = {
        dashboard: new URL(address).origin,
        other,
        ownId: attacker.instance.id,
        otherId: victim.id,
        planted: PLANTED,
        isOwnOrigin: way.isOwnOrigin,
      };
      page = await openFromDashboard();
    }, 90_000);
    afterAll(() => dashboard.close());

    /** As people do: by the link in the row, where it leads to this address. */
    async function openFromDashboard(): Promise<Page> {
      const address = way.addressOf(aikore, attacker.instance);
      const opened = dashboard.context.waitForEvent('page');
      await dashboard.row('Evil').getByTestId('action-open').click();
      const tab = await opened;
      if (way.dashboardHost === 'localhost') await tab.goto(address);
      await tab.waitForURL(`${address}**`, { timeout: 20_000 });
      await isThere(tab);
      return tab;
    }

    /** At another host name the page of AiKore's sign-in comes first, at the same address; its policy forbids `waitForFunction`. */
    function isThere(page: Page | Frame): Promise<true> {
      return waitFor('the page of the attacker is there', () =>
        page.evaluate<boolean>(`typeof attack === 'function'`).catch(() => false),
      );
    }

    function expectNothing(results: Results): void {
      const gained = Object.entries(results).filter(([, got]) => got !== null);
      const names = gained.map(([what]) => what).filter((what) => !SHARED_ORIGIN.includes(what));
      expect(Object.fromEntries(gained.filter(([what]) => names.includes(what)))).toEqual({});
    }

    /** Nothing was done in the operator's name, and the operator is still at work. */
    async function expectUntouched(): Promise<void> {
      const instances = await aikore.api.instances();
      expect(instances.map(({ name, status, run }) => [name, status, run])).toEqual([
        ['Evil', 'started', 1],
        ['Victim', 'started', 1],
      ]);
      expect(await aikore.api.expect<unknown[]>(200, 'GET', 'api/auth/tokens')).toEqual([]);
      const { entries } = await aikore.api.expect<AuditPage>(200, 'GET', 'api/audit?actor=operator');
      const done = entries.filter(({ outcome }) => outcome !== 'refused').map(({ action }) => action);
      // To another host name the browser comes by a ticket.
      expect(done.filter((action) => !/^session\.(sign-in|ticket|sign-in-by-ticket)$/.test(action))).toEqual(
        [],
      );
      expect(await dashboard.page.evaluate(`fetch('/api/auth/session').then(({ status }) => status)`)).toBe(
        200,
      );
    }

    if (way === first?.way && engine === first.engine)
      it('would have its way with a dashboard that defends itself against nothing', async () => {
        const prey = await startDefenceless(way.dashboardHost);
        const tab = await openFromDashboard();
        const results = await attacker.run(tab, 'tab', { ...target, dashboard: prey.origin });
        await tab.close();
        await prey.close();
        expect(FEASIBLE.filter((attack) => results[attack] === null)).toEqual([]);
        const changes = prey.changes.join('\n');
        for (const type of [
          'text/plain',
          'application/json',
          'application/x-www-form-urlencoded',
          'multipart',
        ])
          expect(changes).toContain(`POST ${type}`);
        expect(changes).toMatch(/^DELETE/m);
      });

    it('gets nothing of the dashboard from a tab of its own', async () => {
      fromTab = await attacker.run(page, 'tab', target);
      expect(Object.keys(fromTab).length).toBeGreaterThan(40);
      expectNothing(fromTab);
      const frames = page.frames().map((frame) => frame.url());
      expect(frames.filter((url) => url.startsWith(String(target['dashboard'])))).toEqual([]);
      expect(existsSync('/tmp/aikore-was-here')).toBe(false);
      await expectUntouched();
    });

    it(`${way.isOwnOrigin ? 'cannot reach' : 'shares its origin with'} other applications, as the documentation says`, () => {
      const gained = SHARED_ORIGIN.filter((what) => fromTab[what] !== null);
      expect(gained).toEqual(way.isOwnOrigin ? [] : SHARED_ORIGIN);
    });

    it('leaves the operator signed in, whatever cookies it planted', async () => {
      await attacker.run(page, 'planting', target);
      const cookies = await dashboard.context.cookies();
      expect(cookies.some(({ value }) => value === PLANTED)).toBe(true);
      // NGINX lets a cookie without a name pass, which is sent as if it had one; it does not take the place of AiKore's.
      const own = cookies.filter(({ value }) => value === 'set-by-the-application');
      expect(own.filter(({ name }) => engine !== 'nginx' || name !== '')).toEqual([]);
      expect(cookies.some(({ name, httpOnly }) => name === 'aikore_session' && httpOnly)).toBe(true);
      await dashboard.page.reload();
      await dashboard.live();
      await page.reload();
      expect(await page.textContent('h1')).toBe('A harmless application');
    });

    it('cannot sign anybody in with a cookie that it planted', async () => {
      const context = await browser.newContext();
      const url = `http://${way.dashboardHost}:${aikore.port}`;
      await context.addCookies([{ name: 'aikore_session', value: PLANTED, url }]);
      const stranger = await context.newPage();
      const answer = await stranger.goto(`${url}/api/instances`);
      expect(answer?.status()).toBe(401);
      expect((await stranger.goto(way.addressOf(aikore, attacker.instance)))?.status()).toBe(401);
      await context.close();
    });

    it('gets nothing from inside the dashboard’s own view, clicked or not', async () => {
      await dashboard.page.bringToFront();
      await dashboard.openTool('Evil', 'v');
      const element = dashboard.page.locator('[data-testid="view-frame"]');
      await element.contentFrame().locator('#lure').click();
      const frame = await (await element.elementHandle()).contentFrame();
      if (frame === null) throw new Error('the view shows no application');
      await isThere(frame);
      const results = await attacker.run(frame, 'framed', target);
      expectNothing(results);
      const { origin, pathname } = new URL(dashboard.page.url());
      expect(origin + pathname).toBe(`${String(target['dashboard'])}/`);
      await dashboard.live();
      const own = `asked elsewhere: ${way.addressOf(aikore, attacker.instance)}`;
      const faults = dashboard.faults.filter((fault) => !fault.startsWith(own));
      expect(faults.filter((fault) => !/Unsafe attempt|navigation/i.test(fault))).toEqual([]);
      await expectUntouched();
    });

    it('was never shown a credential of AiKore’s, and was shown its own', async () => {
      const sessions = (await dashboard.context.cookies())
        .filter(({ name, httpOnly }) => name === 'aikore_session' && httpOnly)
        .map(({ value }) => value);
      expect(sessions).not.toEqual([]);
      for (const authorization of [OWN_BASIC, 'Bearer of-the-application'])
        await page.evaluate(
          `fetch('echo', { headers: { Authorization: ${JSON.stringify(authorization)} } }).then((r) => r.text())`,
        );
      await page.evaluate(
        `new Promise((done) => { new WebSocket(location.href.replace(/^http/, 'ws') + 'socket').onerror = done; })`,
      );
      await aikore.api.send('GET', `instance/${attacker.instance.slug}/`);
      const token = await fetch(way.addressOf(aikore, attacker.instance), {
        headers: { authorization: `Bearer ${TOKEN}` },
      }).catch(() => null);
      if (way.dashboardHost === '127.0.0.1') expect(token?.status).toBe(200);
      const arrived = attacker.arrived();
      const everything = JSON.stringify(arrived);
      for (const secret of [...sessions, TOKEN, SIGN_IN.AIKORE_PASSWORD])
        expect([secret, everything.includes(secret)]).toEqual([secret, false]);
      const sent = arrived.flatMap(({ rawHeaders }) => rawHeaders);
      // Not even what it has planted itself comes back under a name of AiKore's.
      expect(sent.filter((value) => /(^|[;\s])(__Host-)?aikore_\w*=/.test(value))).toEqual([]);
      expect(sent).toEqual(expect.arrayContaining([OWN_BASIC, 'Bearer of-the-application']));
      expect(sent.some((value) => /(^|; )app_cookie=mine(;|$)/.test(value))).toBe(true);
      const handshake = arrived.find(({ url }) => url.endsWith('/socket'));
      expect(handshake?.rawHeaders.join('\n')).toContain('app_cookie=mine');
    });

    it('finds no way in from behind either, with all that was ever sent to it', async () => {
      const paths = ['/api/instances', '/api/audit', '/metrics', `/instance/${victim.slug}/`, '/api/docs'];
      const ports = [aikore.port, aikore.appsPort];
      const openings = await page.evaluate(
        `fetch('backend', { method: 'POST', body: ${JSON.stringify(JSON.stringify({ ports, paths }))} }).then((r) => r.json())`,
      );
      expect(openings).toEqual([]);
    });

    it(`${way.isSameSite ? 'is sent' : 'is not sent'} the cookie past AiKore, at a port of its own, as the documentation says`, async () => {
      const cookies = await dashboard.context.cookies(String(target['dashboard']));
      const secrets = cookies.filter(({ name, httpOnly }) => name === 'aikore_session' && httpOnly);
      expect(secrets).toHaveLength(1);
      const address = `http://${way.dashboardHost}:${attacker.instance.port}/past`;
      await page.evaluate(`fetch('${address}', { mode: 'no-cors', credentials: 'include' })`);
      const past = attacker.arrived().filter(({ url }) => url === '/past');
      expect(past).toHaveLength(1);
      expect(JSON.stringify(past).includes(secrets[0]!.value)).toBe(way.isSameSite);
    });

    it('can make the browser forget who it is, and no more than that', async () => {
      // It may lose its own way in by this, so nobody waits for what its backend hears.
      await page.evaluate(`attack('overflow', ${JSON.stringify(target)})`);
      const cookies = await dashboard.context.cookies();
      // Chromium keeps 180 cookies a host and lets the ones go that were used longest ago.
      expect(cookies.filter(({ name }) => name.startsWith('flood')).length).toBeGreaterThan(100);
      const status = await dashboard.page.evaluate<number>(
        `fetch('/api/auth/session').then(({ status }) => status)`,
      );
      expect([200, 401]).toContain(status);
      const again = await aikore.signIn(SIGN_IN.AIKORE_PASSWORD);
      const planted = cookies.filter(({ value }) => value === PLANTED).map(() => `aikore_session=${PLANTED}`);
      // Signing in works beside all that it planted.
      const cookie = [...planted, again.cookie].join('; ');
      expect((await aikore.browser(cookie).send('GET', 'api/auth/session')).status).toBe(200);
    });
  });
});
