import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { freePort } from '../support/ports.js';
import { waitFor } from '../support/wait.js';

/** A page to type into, which also tries to lead the dashboard away. It listens once there is a file named `go`. */
const PAGE = `until [ -e go ]; do sleep 0.1; done
exec node -e '
  const page = "<!doctype html><html><head><title>app</title></head><body><h1>" + process.env.INSTANCE_NAME + "</h1>"
    + "<input id=field><script>if (top !== window) try { top.location = \\"/away\\"; } catch {}</script></body></html>";
  require("node:http").createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.setHeader("x-frame-options", "DENY");
    response.setHeader("content-security-policy", "frame-ancestors \\x27none\\x27");
    response.end(page);
  }).listen(Number(process.env.WEBUI_PORT), "127.0.0.1");
'
`;

/** What Chromium says of the page that tries to lead the dashboard away, and of one that is not ready. */
const LED_ASTRAY = { expected: /Unsafe attempt to initiate navigation|status of 5\d\d/ };

describeInBrowser('an application inside the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let page: Page;
  let dashboard: DashboardPage;
  const ids = new Map<string, number>();

  const frame = (name: string): FrameLocator =>
    page.frameLocator(`[data-testid="view-frame"][data-id="${String(ids.get(name))}"]`);
  const create = async (on: AiKoreProcess, name: string): Promise<number> => {
    writeFileSync(on.path('custom_blueprints', 'page.sh'), PAGE);
    const { id } = await on.api.create({ name, base_blueprint: 'page.sh' });
    ids.set(name, id);
    return id;
  };
  const letGo = (on: AiKoreProcess, name: string): void => writeFileSync(on.home(name, 'go'), '');
  const frameWidth = (): Promise<number> =>
    page.evaluate<number>(`document.querySelector('[data-testid="view-frame"]').clientWidth`);

  beforeAll(async () => {
    aikore = await lab.start();
    for (const name of ['Alpha', 'Beta']) {
      const id = await create(aikore, name);
      if (name === 'Beta') {
        letGo(aikore, name);
        await aikore.api.startUp(id);
      }
    }
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore, LED_ASTRAY);
    ({ page } = dashboard);
    page.setDefaultTimeout(15_000);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('says calmly that nothing runs, and starts it', async () => {
    await dashboard.openTool('Alpha', 'v');
    await page.getByTestId('view-instead').getByText('Alpha is stopped.').waitFor();
    expect(await page.getByTestId('view-frame').count()).toBe(0);
    await dashboard.expectAccessible();
    await page.getByTestId('view-start').click();
    await frame('Alpha').getByText('Alpha is starting').waitFor();
    expect(await frame('Alpha').getByText('Open the dashboard').isVisible()).toBe(false);
  });

  it('gives way from the page that waits to the application, which cannot lead the dashboard away', async () => {
    letGo(aikore, 'Alpha');
    await frame('Alpha').locator('#field').waitFor({ timeout: 20_000 });
    await aikore.api.reaches(ids.get('Alpha') ?? 0, 'started');
    expect(new URL(page.url()).pathname).toBe('/');
    await dashboard.shoot('view-wide');
    await dashboard.expectAccessible();
  });

  it('is not loaded anew by looking at other tabs and other instances', async () => {
    await frame('Alpha').locator('#field').fill('half a sentence');
    await page.getByTestId('tool-tab-log').click();
    await page.getByTestId('log-panel').waitFor();
    await page.getByTestId('tool-tab-view').click();
    expect(await frame('Alpha').locator('#field').inputValue()).toBe('half a sentence');
    await dashboard.row('Beta').getByTestId('row-name').click();
    await frame('Beta').getByRole('heading', { name: 'Beta' }).waitFor();
    await dashboard.row('Alpha').getByTestId('row-name').click();
    expect(await frame('Alpha').locator('#field').inputValue()).toBe('half a sentence');
    await page.getByTestId('tools-fill').click();
    expect(await frame('Alpha').locator('#field').inputValue()).toBe('half a sentence');
    await page.getByTestId('tools-fill').click();
  });

  it('gives the focus back with F6', async () => {
    await frame('Alpha').locator('#field').focus();
    await page.keyboard.press('F6');
    await page.locator('[data-testid="view-reload"]:focus').waitFor();
  });

  it('is loaded anew when asked, and opens in a tab', async () => {
    await page.getByTestId('view-reload').click();
    await frame('Alpha').locator('#field').waitFor();
    expect(await frame('Alpha').locator('#field').inputValue()).toBe('');
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByTestId('view-open').click(),
    ]);
    await tab.waitForURL('**/instance/alpha/**');
    await tab.close();
  });

  it('has a zoom of its own, remembered', async () => {
    const usual = await frameWidth();
    for (let step = 0; step < 3; step += 1) await page.getByTestId('view-zoom-out').click();
    expect(await page.getByTestId('view-zoom').innerText()).toBe('70 %');
    expect(await frameWidth()).toBeCloseTo(usual / 0.7, -1);
    await dashboard.row('Beta').getByTestId('row-name').click();
    expect(await page.getByTestId('view-zoom').innerText()).toBe('100 %');
    await page.reload();
    await dashboard.row('Alpha').waitFor();
    await dashboard.openTool('Alpha', 'v');
    await page.getByTestId('view-zoom').getByText('70 %').waitFor();
    await page.getByTestId('view-zoom').dblclick();
    expect(await page.getByTestId('view-zoom').innerText()).toBe('100 %');
    for (let step = 0; step < 10; step += 1) await page.getByTestId('view-zoom-in').click();
    expect(await page.getByTestId('view-zoom').innerText()).toBe('200 %');
    await page.getByTestId('view-zoom').focus();
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('view-zoom').innerText()).toBe('100 %');
  });

  it('goes when the instance is stopped, and begins anew with its next run', async () => {
    await frame('Alpha').locator('#field').fill('of the first run');
    await aikore.api.shutDown(ids.get('Alpha') ?? 0);
    await page.getByTestId('view-start').click();
    await frame('Alpha').locator('#field').waitFor({ timeout: 20_000 });
    expect(await frame('Alpha').locator('#field').inputValue()).toBe('');
    await aikore.api.command(ids.get('Alpha') ?? 0, 'restart');
    await waitFor('the frame is of the new run', async () => {
      const text = await frame('Alpha')
        .locator('h1')
        .innerText()
        .catch(() => '');
      return text !== '' && (await aikore.api.instance(ids.get('Alpha') ?? 0)).run === 3;
    });
  });

  it('is never the dashboard itself', async () => {
    const answer = await page.request.get(aikore.dashboardUrl);
    expect(answer.headers()['x-frame-options']).toBe('DENY');
    expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(answer.headers()['content-security-policy']).toContain('frame-src http://127.0.0.1:*');
  });

  it('fits a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await dashboard.expectNoOverflow();
    await dashboard.shoot('view-phone');
    await dashboard.expectAccessible();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it.each([
    ['a plain name of the network', 'known.test', '127.0.0.1', { AIKORE_ALLOWED_HOSTS: 'known.test' }],
    ['an IPv6 address', '[::1]', '[::1]', { AIKORE_HOST: '::1' }],
  ])('is shown when the dashboard is reached at %s', async (_what, host, address, env) => {
    const other = await lab.start(env);
    const id = await create(other, 'Gamma');
    letGo(other, 'Gamma');
    await other.api.startUp(id);
    const own = await launchBrowser(['--host-resolver-rules=MAP known.test 127.0.0.1']);
    const there = await DashboardPage.openByLink(own, other, {
      ...LED_ASTRAY,
      address: other.dashboardUrl.replace(address, host),
      hosts: [host],
    });
    ({ page } = there);
    await there.openTool('Gamma', 'v');
    await frame('Gamma').getByRole('heading', { name: 'Gamma' }).waitFor();
    expect(there.faults).toEqual([]);
    await own.close();
    await other.stop();
  });

  it('of another host name opens in a tab, with the reason said', async () => {
    const appsPort = String(await freePort());
    const other = await lab.start({
      AIKORE_APPS_PORT: appsPort,
      AIKORE_APPS_PUBLIC_URL: `http://apps.test:${appsPort}`,
    });
    const id = await create(other, 'Delta');
    letGo(other, 'Delta');
    await other.api.startUp(id);
    const own = await launchBrowser(['--host-resolver-rules=MAP apps.test 127.0.0.1']);
    const there = await DashboardPage.openByLink(own, other, { ...LED_ASTRAY, hosts: ['apps.test'] });
    ({ page } = there);
    await there.openTool('Delta', 'v');
    await page
      .getByTestId('view-instead')
      .getByText(/another host name/)
      .waitFor();
    const href = await page.getByTestId('view-instead-open').getAttribute('href');
    expect(href).toBe(`http://apps.test:${appsPort}/instance/delta/`);
    await there.expectAccessible();
    await page.getByTestId('view-instead-try').click();
    await frame('Delta').getByText('Sign in to AiKore').first().waitFor();
    expect(there.faults).toEqual([]);
    await own.close();
    await other.stop();
  });
});
