import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { listenToLiveRegions, waitToHear } from '../support/heard.js';
import { useLab } from '../support/lab.js';
import { openSettings } from '../support/settings-page.js';
import { waitFor } from '../support/wait.js';

/** Settings, trash and messages, as an operator uses them. */
describeInBrowser('settings and feedback', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const close = async (): Promise<void> => {
    await page.getByTestId('settings-dialog').getByTestId('dialog-close').click();
    await page.getByTestId('settings-dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    await aikore.api.create({ name: 'First', base_blueprint: 'answers.sh' });
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByForm(browser, aikore, { expected: /status of 409/ });
    ({ page } = dashboard);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('open by a key, move by arrows, name their page in the address and give the focus back', async () => {
    await page.locator('[data-testid="row"]').first().focus();
    await page.keyboard.press(',');
    await page.getByTestId('settings-password').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByTestId('settings-sessions').waitFor();
    await page.keyboard.press('End');
    await page.getByTestId('settings-about').waitFor();
    expect(new URL(page.url()).hash).toBe('#settings=about');
    await page.reload();
    await page.getByTestId('settings-about').getByText('Data directory').waitFor();
    await page.keyboard.press('Escape');
    await waitFor('the address is as before', () => new URL(page.url()).hash === '');
  });

  it('show the secret of a new token once, copy it without the Clipboard API, and revoke it', async () => {
    await openSettings(page, 'tokens');
    await page.keyboard.press('Tab');
    await page.getByTestId('token-create').click();
    await page.getByTestId('token-name-problem').getByText('Give it a name.').waitFor();
    await page.getByTestId('token-name').fill('nightly');
    await page.getByTestId('token-scope-operate').check();
    await page.getByTestId('token-name').press('Enter');
    const secret = await page.getByTestId('token-secret').inputValue();
    const scripted = aikore.api.as({ authorization: `Bearer ${secret}` });
    expect((await scripted.send('GET', 'api/instances')).status).toBe(200);
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.addEventListener('copy', () => { window.copied = document.activeElement.value; })",
    );
    await page.getByTestId('token-copy').click();
    await page.getByTestId('token-copy').getByText('Copied').waitFor();
    expect(await page.evaluate('window.copied')).toBe(secret);
    await close();
    await openSettings(page, 'tokens');
    expect(await page.getByTestId('token-secret').count()).toBe(0);
    await page.locator('[data-testid="token"][data-name="nightly"]').getByTestId('token-revoke').click();
    await page.getByTestId('confirm-ok').click();
    await page.locator('[data-testid="token"]').waitFor({ state: 'detached' });
    expect((await scripted.send('GET', 'api/instances')).status).toBe(401);
    await close();
  });

  it('tell who did what, by filters', async () => {
    await openSettings(page, 'audit');
    await page.locator('[data-testid="audit-entry"][data-what="token.delete"]').waitFor();
    await page.getByTestId('audit-action').selectOption('instance.create');
    await page.locator('[data-what="token.delete"]').waitFor({ state: 'detached' });
    const [entry] = await page.getByTestId('audit-entry').allTextContents();
    expect(entry).toMatch(/environment token.*Created First/);
    await page.getByTestId('audit-target').fill('no such thing');
    await page.getByText('Nothing matches the filter.').waitFor();
    await close();
  });

  it('show the ports and lead to the row', async () => {
    await openSettings(page, 'ports');
    await page.getByTestId('port').getByRole('button', { name: 'First' }).click();
    await page.getByTestId('settings-dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.dataset.name')).toBe('First');
  });

  it('sign another browser out, whose half-filled form is there again after it signed in', async () => {
    const other = await DashboardPage.openByForm(browser, aikore);
    await other.page.getByTestId('new-instance').click();
    await other.page.getByTestId('field-name').fill('Half written');
    await openSettings(page, 'sessions');
    await page.getByTestId('session').nth(1).waitFor();
    await page.getByTestId('sessions-end-others').click();
    await page.getByTestId('confirm-ok').click();
    await page.getByText('Only this browser is signed in.').waitFor();
    await close();
    await other.page.getByTestId('signin').waitFor();
    await other.signIn();
    expect(await other.page.getByTestId('field-name').inputValue()).toBe('Half written');
    expect(other.faults).toEqual([]);
    await other.close();
  });

  it('empty the trash after naming what is lost', async () => {
    for (const name of ['Big', 'Small']) {
      const { id } = await aikore.api.create({ name, base_blueprint: 'idles.sh' });
      mkdirSync(aikore.home(name, 'env'));
      writeFileSync(aikore.home(name, 'env', 'model'), Buffer.alloc(name === 'Big' ? 3_000_000 : 10, 'x'));
      await aikore.api.expect(204, 'DELETE', `api/instances/${id}`);
    }
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-trash').click();
    const line = page.locator('[data-testid="trash-entry"][data-name="Big"]');
    await line.getByTestId('trash-size').getByText('MB').waitFor();
    await page.locator('[data-name="Small"]').getByTestId('trash-restore').click();
    await page.locator('[data-testid="trash-entry"][data-name="Small"]').waitFor({ state: 'detached' });
    await page.getByTestId('trash-empty').click();
    expect(await page.getByTestId('confirm-empty').textContent()).toMatch(/Big.*cannot be undone/);
    await page.getByTestId('confirm-ok').click();
    await line.waitFor({ state: 'detached' });
    await page.getByText('The trash is empty. Instances').waitFor();
    await page.keyboard.press('Escape');
  });

  it('keep an error until it is closed, with what helps, and remember it', async () => {
    await page.route('**/start', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/json',
        body: JSON.stringify({
          code: 'BUSY',
          message: 'First is busy.',
          details: {},
          request_id: 'request-7',
        }),
      }),
    );
    await listenToLiveRegions(page);
    const row = page.locator('[data-testid="row"][data-name="First"]');
    for (let count = 0; count < 2; count += 1) {
      await row.focus();
      await page.keyboard.press('s');
      await page
        .getByTestId('toast-error')
        .getByText(count === 0 ? 'First is busy.' : '×2')
        .first()
        .waitFor();
    }
    const toast = page.getByTestId('toast-error');
    expect(await toast.count()).toBe(1);
    await toast.getByTestId('notice-show-details').click();
    expect(await toast.getByTestId('notice-details').textContent()).toMatch(/BUSY.*First is busy.*request-7/);
    await waitToHear(page, /First is busy/, 'assertive');
    await toast.getByRole('button', { name: 'Close message' }).click();
    await page.getByTestId('notice-bell').click();
    await page.getByTestId('notice-history-entry').getByText('First is busy.').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('notice-bell').getAttribute('data-unread')).toBe('0');
    await page.unroute('**/start');
  });

  it('say a change of state to screen readers', async () => {
    const { id } = await aikore.api.byName('First');
    await aikore.api.startUp(id);
    await page
      .getByTestId('announcer-polite')
      .getByText(/First: started/)
      .waitFor({ state: 'attached' });
    await aikore.api.shutDown(id);
  });

  it('say that the server is lost, when it is tried again, and mend by themselves', async () => {
    await page.getByTestId('new-instance').click();
    await page.getByTestId('field-name').fill('Unharmed');
    await aikore.signal('SIGKILL');
    const banner = page.getByTestId('connection-banner');
    await banner.getByText('AiKore does not answer').waitFor();
    await banner.getByText(/Next attempt in \d+ s|Trying now/).waitFor();
    aikore = await lab.start({ ...SIGN_IN, ...aikore.ports }, aikore.dataDir);
    await dashboard.live();
    await banner.waitFor({ state: 'hidden' });
    expect(await page.getByTestId('field-name').inputValue()).toBe('Unharmed');
    await page.keyboard.press('Escape');
  });

  it('asks no other host for anything, whatever is opened', async () => {
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(aikore.dashboardUrl);
    await page.reload();
    await dashboard.live();
    for (const section of ['sessions', 'tokens', 'audit', 'ports', 'appearance', 'about'])
      await openSettings(page, section);
    await close();
    await page.locator('[data-testid="row"]').first().focus();
    await page.keyboard.press('l');
    await page.getByTestId('log-panel').waitFor();
    hosts.delete('');
    expect([...hosts]).toEqual([new URL(aikore.dashboardUrl).host]);
  });
});
