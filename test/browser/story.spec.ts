import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { signInLink } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { watchFaults } from '../support/page-faults.js';
import { processesMentioning } from '../support/processes.js';
import { shoot } from '../support/shots.js';
import { waitFor } from '../support/wait.js';

/** Whether the letters of the logo are nearer to white than to black; null while nothing is drawn. */
function logoIsLight(page: Page): Promise<boolean | null> {
  return page.evaluate<boolean | null>(`(() => {
    const canvas = document.querySelector('[data-testid="ascii-logo"]');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let [sum, count] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 200) continue;
      sum += Math.max(data[at], data[at + 1], data[at + 2]) + Math.min(data[at], data[at + 1], data[at + 2]);
      count += 1;
    }
    return count === 0 ? null : sum / count > 255;
  })()`);
}

/** The story of the first day, told once from the sign-in to the empty process list. Each step stands on the one before. */
describeInBrowser('a first day with AiKore', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  const row = (name: string) => page.locator(`[data-testid="row"][data-name="${name}"]`);
  const status = async (name: string, word: string): Promise<void> => {
    await page
      .locator(`[data-testid="row"][data-name="${name}"][data-status="${word}"]`)
      .waitFor({ timeout: 30_000 });
  };

  beforeAll(async () => {
    aikore = await lab.start();
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    watchFaults(page, aikore, { faults });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  it('begins at the sign-in page, and the printed link signs in once', async () => {
    await page.goto(aikore.dashboardUrl);
    await page.getByTestId('signin').waitFor();
    await shoot(page, '1-signin');
    const link = signInLink(aikore);
    await page.goto(link);
    await page.locator('[data-testid="connection"][data-state="live"]').waitFor();
    const again = await (await browser.newContext()).newPage();
    const answer = await again.goto(link);
    expect(answer?.status()).toBe(410);
    await again.context().close();
  });

  it('welcomes who has no instance yet, and creates one from Demo', async () => {
    await page.getByTestId('welcome').waitFor();
    await shoot(page, '2-welcome');
    for (const [colorScheme, isLight] of [
      ['dark', true],
      ['light', false],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await waitFor('the logo stands out', async () => (await logoIsLight(page)) === isLight);
    }
    await page.getByTestId('new-instance').click();
    await page.getByTestId('blueprint-search').fill('demo');
    await page.locator('[data-testid="blueprint-option"][data-filename="Demo.sh"]').click();
    await page.getByTestId('field-name').fill('../x');
    await page.getByTestId('field-name-problem').waitFor();
    await page.getByTestId('field-name').fill('My first');
    await shoot(page, '3-create');
    await page.getByTestId('create-submit').click();
    await status('My first', 'stopped');
    await page.getByTestId('toast-success').first().waitFor();
  });

  it('starts it, shows its phases and its log, and calls it started when it answers', async () => {
    await row('My first').getByTestId('action-log').click();
    const phase = row('My first').getByText('Preparing the canvas').waitFor({ timeout: 10_000 });
    await row('My first').getByTestId('action-power').click();
    await phase;
    await shoot(page, '4-starting');
    await status('My first', 'started');
    const log = page.getByTestId('log-lines');
    await log.getByText('Ready on http://127.0.0.1').waitFor();
    const text = await log.innerText();
    expect(text).toContain('==> ');
    // A progress bar is one line in its last state, and no escape sequence is left in sight.
    expect(text).toContain('100 %');
    expect(text).not.toContain(' 50 %');
    expect(text).not.toMatch(/\u001b|\[36m|977;step/);
    await shoot(page, '5-started');
  });

  it('opens it under its path, with its WebSocket, an upload and a picture among the outputs', async () => {
    const href = await row('My first').getByTestId('action-open').getAttribute('href');
    expect(href).toBe(`${aikore.appsUrl}instance/my-first/`);
    const app = await context.newPage();
    watchFaults(app, aikore, { faults });
    await app.goto(href ?? '');
    await app.locator('#ws-state', { hasText: 'connected' }).waitFor();
    await app.fill('#ws-input', 'hello through the proxy');
    await app.click('#ws-send');
    await app.locator('#ws-output', { hasText: 'hello through the proxy' }).waitFor();
    await app.setInputFiles('#upload-file', {
      name: 'a.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.alloc(3_000_000, 7),
    });
    await app.locator('#upload-result', { hasText: /sha256|[0-9a-f]{16}/ }).waitFor();
    await app.click('#paint');
    await app.locator('#painting:not([hidden])').waitFor();
    const outputs = aikore.path('outputs', 'My first');
    const picture = readdirSync(outputs).find((file) => file.endsWith('.png')) ?? '';
    expect(readFileSync(join(outputs, picture)).subarray(1, 4).toString()).toBe('PNG');
    await app.close();
  });

  it('is one thing to everybody: a second browser sees the same, live', async () => {
    const other = await context.newPage();
    watchFaults(other, aikore, { faults });
    await other.goto(aikore.dashboardUrl);
    const otherRow = other.locator('[data-testid="row"][data-name="My first"]');
    await otherRow.getByTestId('action-restart').click();
    await page.locator('[data-testid="row"][data-name="My first"][data-status="starting"]').waitFor();
    await status('My first', 'started');
    await other.close();
  });

  it('mends itself when AiKore is killed and started again under the open page', async () => {
    const [before] = (await aikore.api.send('GET', 'api/instances')).body as { pid: number }[];
    await aikore.signal('SIGKILL');
    await page.locator('[data-testid="connection"][data-state="lost"]').waitFor();
    await page.getByTestId('connection-banner').waitFor();
    await shoot(page, '6-lost');
    aikore = await lab.start(aikore.ports, aikore.dataDir);
    await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ timeout: 30_000 });
    await status('My first', 'started');
    const [after] = (await aikore.api.send('GET', 'api/instances')).body as { pid: number }[];
    expect(after?.pid).toBe(before?.pid);
  });

  it('stops it, and no process of it is left', async () => {
    const home = aikore.home('My first');
    expect(processesMentioning(home).length).toBeGreaterThan(0);
    await row('My first').getByTestId('action-power').click();
    await status('My first', 'stopped');
    await waitFor('the runner has gone too', () => processesMentioning(home).length === 0);
  });

  it('moves it to the trash and brings it back', async () => {
    await row('My first').getByTestId('action-menu').click();
    await page.getByTestId('menu-instance.trash').click();
    await page.getByTestId('confirm-trash').getByTestId('confirm-ok').click();
    await row('My first').waitFor({ state: 'detached' });
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-trash').click();
    await page
      .locator('[data-testid="trash-entry"][data-name="My first"]')
      .getByTestId('trash-restore')
      .click();
    await page.getByTestId('trash-dialog').getByTestId('dialog-close').click();
    await status('My first', 'stopped');
  });

  it('fits a phone and the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await row('My first').waitFor();
    await shoot(page, '7-phone-dark');
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    await page.setViewportSize({ width: 820, height: 1100 });
    await shoot(page, '8-tablet-dark');
  });

  it('signs out, and the open page is closed to who has no session', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-sign-out').click();
    await page.getByTestId('signin').waitFor();
    const answer = await page.goto(`${aikore.appsUrl}instance/my-first/`);
    expect(answer?.status()).toBe(401);
    expect(faults).toEqual([]);
  });
});
