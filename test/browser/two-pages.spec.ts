import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { Emitter } from '../support/emitter.js';
import { useLab } from '../support/lab.js';
import { REFUSALS } from '../support/page-faults.js';

/** What one does, the other sees; generous beside the promised second, for the machine may be busy. */
const SOON = { timeout: 3000 };
const MAY_CONFLICT = { expected: REFUSALS };

describeInBrowser('two browsers at once', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let one: DashboardPage;
  let other: DashboardPage;

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    await aikore.api.create({ name: 'Shared', base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
    one = await DashboardPage.open(browser, aikore, MAY_CONFLICT);
    other = await DashboardPage.open(browser, aikore, {
      ...MAY_CONFLICT,
      viewport: { width: 820, height: 1180 },
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect([...one.faults, ...other.faults]).toEqual([]);
  });

  const edit = async (dashboard: DashboardPage, name: string): Promise<void> => {
    await dashboard.row(name).focus();
    await dashboard.page.keyboard.press('Enter');
    await dashboard.get('edit-dialog').waitFor();
    await dashboard.get('advanced').locator('summary').click();
  };

  it('sees what the other creates, starts, stops and deletes', async () => {
    await one.get('new-instance').click();
    await one.page.locator('[data-testid="blueprint-option"][data-filename="idles.sh"]').click();
    await one.get('field-name').fill('Made by one');
    await one.get('create-submit').click();
    await other.row('Made by one').waitFor(SOON);
    await other.row('Made by one').getByTestId('action-power').click();
    await one.status('Made by one', 'started');
    await one.row('Made by one').getByTestId('action-power').click();
    await other.status('Made by one', 'stopped');
    await one.row('Made by one').getByTestId('action-menu').click();
    await one.get('menu-instance.trash').click();
    await one.get('confirm-ok').click();
    await other.row('Made by one').waitFor({ state: 'detached', ...SOON });
  });

  it('sees another name, also above the log that is open', async () => {
    await aikore.api.create({ name: 'Old name', base_blueprint: 'idles.sh' });
    await other.row('Old name').waitFor(SOON);
    await other.openLog('Old name');
    await edit(one, 'Old name');
    await one.get('field-name').fill('New name');
    await one.get('edit-submit').click();
    await other.row('New name').waitFor(SOON);
    await other.get('tools-name').getByText('New name').waitFor(SOON);
    await other.get('tools-close').click();
  });

  it('is told when both edit one instance, and keeps what it typed', async () => {
    await edit(one, 'Shared');
    await edit(other, 'Shared');
    await one.get('field-launch-args').fill('--of one');
    await other.get('field-launch-args').fill('--of the other');
    await one.get('edit-submit').click();
    await one.get('edit-dialog').waitFor({ state: 'detached' });
    await other.get('edit-submit').click();
    await other.get('edit-reload').waitFor();
    expect(await other.get('field-launch-args').inputValue()).toBe('--of the other');
    expect((await aikore.api.byName('Shared')).launch_args).toBe('--of one');
    await other.get('edit-reload').click();
    await other.get('was-launch_args').getByText('--of one').waitFor();
    expect(await other.get('field-launch-args').inputValue()).toBe('--of the other');
    await other.page.keyboard.press('Escape');
    await other.get('edit-dialog').waitFor({ state: 'detached' });
  });

  it('follows one log in both, each at its own place', async () => {
    const emitter = await Emitter.start(aikore, 'Followed');
    await emitter.print(Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join(''));
    await one.openLog('Followed');
    await other.openLog('Followed');
    await one.get('log-lines').getByText('line 299', { exact: true }).waitFor();
    await one.get('log-scroller').focus();
    await one.page.keyboard.press('Home');
    await one.get('log-following').waitFor({ state: 'hidden' });
    await emitter.print('for both\n');
    await other.get('log-lines').getByText('for both').waitFor(SOON);
    expect(await other.get('log-following').isVisible()).toBe(true);
    expect((await one.lines())[0]).toBe('line 0');
  });

  it('costs nothing for logs that nobody has open', async () => {
    const emitter = await Emitter.start(aikore, 'Unseen');
    const quiet = await DashboardPage.open(browser, aikore);
    let pieces = 0;
    const session = await quiet.context.newCDPSession(quiet.page);
    await session.send('Network.enable');
    session.on('Network.webSocketFrameReceived', ({ response }) => {
      if (response.payloadData.includes('log.appended')) pieces += 1;
    });
    await quiet.openLog('Unseen');
    await emitter.print('seen\n');
    await quiet.get('log-lines').getByText('seen').waitFor();
    expect(pieces).toBeGreaterThan(0);
    await quiet.get('tools-close').click();
    await quiet.page.waitForTimeout(300);
    pieces = 0;
    await emitter.print('unseen\n'.repeat(1000));
    await quiet.page.waitForTimeout(500);
    expect(pieces).toBe(0);
    await quiet.openLog('Unseen');
    await quiet.get('log-lines').getByText('unseen').first().waitFor();
    await quiet.close();
  });
});
