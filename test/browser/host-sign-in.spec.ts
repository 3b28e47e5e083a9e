import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { expectAccessible } from '../support/axe.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { change } from '../support/databases.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const PASSWORD = 'a password for tests';
const HOST = 'comfy.home.lan';
const NAMES = ['MAP comfy.home.lan 127.0.0.1', 'MAP aikore.lan 127.0.0.1', 'MAP evil.example 127.0.0.1'];

/** One sign-in for all host names, over plain HTTP, as on a home network. */
describeInBrowser('one sign-in for all host names', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    const env = { AIKORE_PASSWORD: PASSWORD, AIKORE_ALLOWED_HOSTS: 'aikore.lan' };
    const first = await lab.start(env);
    await first.api.create({ name: 'Demo', base_blueprint: 'answers.sh' });
    await first.stop();
    change(
      `${first.dataDir}/aikore.db`,
      `UPDATE instances SET hostname = '${HOST}', use_custom_hostname = 1`,
    );
    aikore = await lab.start(env, first.dataDir);
    await aikore.api.startUp((await aikore.api.byName('Demo')).id);
    browser = await launchBrowser([`--host-resolver-rules=${NAMES.join(',')}`]);
  });
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await browser.close();
  });

  const dashboard = (host = '127.0.0.1'): string => `http://${host}:${aikore.port}`;
  const application = (host = HOST): string => `http://${host}:${aikore.appsPort}`;
  const open = async (): Promise<Page> => {
    const context = await browser.newContext();
    contexts.push(context);
    return context.newPage();
  };
  const signIn = async (page: Page, host?: string): Promise<void> => {
    await page.goto(dashboard(host));
    await page.getByTestId('signin-password').fill(PASSWORD);
    await page.getByTestId('signin-submit').click();
    await page.getByTestId('signin').waitFor({ state: 'detached' });
  };
  const signOut = (page: Page): Promise<number> =>
    page.evaluate(async () => (await fetch('/api/auth/logout', { method: 'POST' })).status);
  const expectApplication = async (page: Page, address: string): Promise<void> => {
    await page.getByText('answered').waitFor();
    expect(page.url()).toBe(address);
  };

  it.each([
    ['aikore.lan', HOST],
    ['127.0.0.1', HOST],
    ['127.0.0.1', 'demo.localhost'],
  ])('signed in at %s, it opens %s without a click', async (from, to) => {
    const page = await open();
    await signIn(page, from);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url().replace(/#.*/, '')));
    const address = `${application(to)}/deep/link?a=%2Fb&c#part`;
    await page.goto(address);
    await expectApplication(page, address);
    expect(asked).toContain(`${application(to)}/.aikore/ticket`);
    expect(asked.filter((url) => /[\w-]{43}/.test(url))).toEqual([]);
    // Back leads to the dashboard, not through the pages in between.
    await page.goBack();
    expect(page.url()).toMatch(new RegExp(`^${dashboard(from)}/`));
    // On the dashboard's port the same sign-in counts.
    await page.goto(`http://${to}:${aikore.port}/`);
    await expectApplication(page, `http://${to}:${aikore.port}/`);
    const cookies = await page.context().cookies(application(to));
    expect(cookies).toMatchObject([{ name: 'aikore_session', httpOnly: true, sameSite: 'Strict' }]);
  });

  it('is over everywhere when the operator signs out', async () => {
    const page = await open();
    await signIn(page);
    await page.goto(application());
    await expectApplication(page, `${application()}/`);
    const other = await page.context().newPage();
    await other.goto(dashboard());
    expect(await signOut(other)).toBe(204);
    const status = await page.evaluate(async () => (await fetch('/.aikore/session')).status);
    expect(status).toBe(401);
    await page.reload();
    await page.waitForURL(`${dashboard()}/ticket#*`);
    await page.getByLabel('Password').waitFor();
  });

  it('asks for the password where nobody is signed in, and goes on', async () => {
    const page = await open();
    await page.goto(`${application()}/wanted?x=1`);
    const password = page.getByLabel('Password');
    await password.waitFor();
    expect(await page.locator('#text').textContent()).toContain(`comfy.home.lan:${aikore.appsPort}`);
    await expectAccessible(page);
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('password');
    await password.fill('a wrong guess');
    await password.press('Enter');
    await page.getByText('This is not the password.').waitFor();
    await password.fill(PASSWORD);
    await password.press('Enter');
    await expectApplication(page, `${application()}/wanted?x=1`);
  });

  it('goes on when somebody signs in in another tab', async () => {
    const page = await open();
    await page.goto(`${application()}/wanted`);
    await page.getByLabel('Password').waitFor();
    const other = await page.context().newPage();
    await signIn(other);
    await other.close();
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await expectApplication(page, `${application()}/wanted`);
  });

  it('goes nowhere but to applications', async () => {
    const page = await open();
    await signIn(page);
    const left: string[] = [];
    page.on('framenavigated', (frame) => left.push(new URL(frame.url()).origin));
    const targets = [
      'http://evil.example',
      `http://evil.example:${aikore.appsPort}`,
      `http://${HOST}:1`,
      `http://${HOST}:${aikore.appsPort}@evil.example`,
      'javascript:alert(1)',
      'data:text/html,x',
      '',
    ];
    for (const to of targets) {
      await page.goto('about:blank');
      await page.goto(`${dashboard()}/ticket#${new URLSearchParams({ to, path: '/' }).toString()}`);
      await page.getByRole('heading', { name: 'This application cannot be opened' }).waitFor();
    }
    expect(new Set(left.filter((origin) => origin !== 'null'))).toEqual(new Set([dashboard()]));
  });

  it('stays at the application whatever path a link names', async () => {
    const page = await open();
    await signIn(page);
    for (const path of [
      '//evil.example/x',
      '/\\evil.example/x',
      'http://evil.example/',
      'javascript:alert(1)',
    ]) {
      await page.context().clearCookies({ domain: HOST });
      await page.goto('about:blank');
      await page.goto(`${dashboard()}/ticket#${new URLSearchParams({ to: application(), path }).toString()}`);
      await page.getByText('answered').waitFor();
      expect(new URL(page.url()).origin).toBe(application());
    }
  });

  it('does not go round in a circle where the browser keeps no cookie', async () => {
    const page = await open();
    await signIn(page);
    await page.route('**/.aikore/ticket', (route) =>
      route.request().method() === 'POST' ? route.fulfill({ status: 204 }) : route.continue(),
    );
    let visits = 0;
    page.on('request', (request) => {
      if (request.url().startsWith(`${dashboard()}/ticket`) && request.isNavigationRequest()) visits += 1;
    });
    await page.goto(application());
    await page.getByText('This browser keeps no cookie for this address.').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    // There was an attempt just now: this time the page stays.
    await page.locator('body[data-status=waiting]').waitFor();
    await page.waitForTimeout(3000);
    expect(visits).toBe(1);
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toContain('/ticket#to=');
    await expectAccessible(page);
  });

  it('says what happened to a ticket that does not work, and offers another try', async () => {
    const page = await open();
    await page.goto(
      `${application()}/.aikore/ticket#${new URLSearchParams({ ticket: 'x'.repeat(43), path: '/y' }).toString()}`,
    );
    await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
    await page.getByText('This ticket was used already').waitFor();
    expect(page.url()).toBe(`${application()}/.aikore/ticket`);
    const again = page.getByRole('link', { name: 'Try again' });
    expect(await again.getAttribute('href')).toBe(`${application()}/y`);
    await expectAccessible(page);
  });

  it('offers a window of its own where it is embedded', async () => {
    const stranger = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(`<iframe src="${application()}/x"></iframe>`);
    });
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    try {
      const page = await open();
      await signIn(page);
      await page.goto(`http://evil.example:${(stranger.address() as AddressInfo).port}/`);
      const link = page.frameLocator('iframe').getByRole('link', { name: 'Open in a window of its own' });
      await link.waitFor();
      const opened = page.waitForEvent('popup');
      await link.click();
      await expectApplication(await opened, `${application()}/x`);
    } finally {
      stranger.closeAllConnections();
      stranger.close();
    }
  });

  it('is not kept from a page that somebody else links to', async () => {
    const page = await open();
    await signIn(page);
    await page.goto(application());
    await expectApplication(page, `${application()}/`);
    await page.route('http://evil.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${application()}/linked">go</a>` }),
    );
    await page.goto('http://evil.example/');
    await page.getByRole('link').click();
    await waitFor('the application', async () => (await page.getByText('answered').count()) === 1);
    expect(page.url()).toBe(`${application()}/linked`);
  });
});
