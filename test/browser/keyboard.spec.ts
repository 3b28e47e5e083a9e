import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

/** What has the focus: the name that tests know it by, and its row. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  return (element.dataset.testid ?? element.tagName) + ' ' + (element.closest('[data-name]')?.dataset.name ?? '');
})()`;

describeInBrowser('the dashboard without a mouse', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const focused = (): Promise<string> => page.evaluate<string>(FOCUSED);
  const focusIs = (expected: string): Promise<unknown> =>
    waitFor(`the focus on ${expected}`, async () => (await focused()) === expected);
  /** The key for menus, as browsers tell of it; the headless one has no menus. */
  const menuKey = (): Promise<void> =>
    page.evaluate<undefined>(
      `document.activeElement.dispatchEvent(new PointerEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 300, clientY: 200 })) && undefined`,
    );

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    for (const name of ['Upper', 'Lower']) await aikore.api.create({ name, base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
    await dashboard.row('Lower').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it.each([
    ['n', 'create-dialog'],
    ['?', 'shortcuts-dialog'],
    [',', 'settings-dialog'],
    ['b', 'blueprints-dialog'],
    ['Enter', 'edit-dialog'],
    ['Control+k', 'palette'],
  ])('gives the focus back after %s has opened the %s', async (key, dialog) => {
    await dashboard.row('Lower').focus();
    await page.keyboard.press(key);
    await dashboard.get(dialog).waitFor();
    await waitFor('the focus in it', async () =>
      page.evaluate<boolean>(
        `document.querySelector('[data-testid="${dialog}"]').contains(document.activeElement)`,
      ),
    );
    await page.keyboard.press('Escape');
    await dashboard.get(dialog).waitFor({ state: 'detached' });
    await focusIs('row Lower');
  });

  it('offers every action of a row in its menu, which Tab reaches, and takes the focus back', async () => {
    await dashboard.row('Upper').focus();
    await waitFor('the button of the menu', async () => {
      await page.keyboard.press('Tab');
      return (await focused()) === 'action-menu Upper';
    });
    await page.keyboard.press('Enter');
    const ids = await page
      .getByTestId('menu')
      .locator('[role="menuitem"]')
      .evaluateAll((items: { getAttribute(name: string): string | null }[]) =>
        items.map((item) => item.getAttribute('data-testid')),
      );
    for (const action of [
      'start',
      'stop',
      'log',
      'terminal',
      'script',
      'environment',
      'clone',
      'satellite',
      'export',
      'update',
      'details',
      'rebuild',
      'trash',
    ])
      expect(ids).toContain(`menu-instance.${action}`);
    await page.keyboard.press('Escape');
    await focusIs('action-menu Upper');
  });

  it('opens the same menu by a right click or the key for menus, and leads back to the row', async () => {
    await dashboard.row('Lower').focus();
    await menuKey();
    await dashboard.get('menu-instance.start').waitFor();
    await page.keyboard.press('Escape');
    await focusIs('row Lower');
    await dashboard.row('Upper').getByTestId('status').click({ button: 'right' });
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await focusIs('menu-instance.trash ');
    await page.keyboard.press('Enter');
    await dashboard.get('confirm-trash').getByText('Move Upper to the trash?').waitFor();
    // The safe choice has the focus.
    await focusIs('confirm-cancel ');
    await page.keyboard.press('Enter');
    await dashboard.get('confirm-trash').waitFor({ state: 'detached' });
    await focusIs('row Upper');
  });

  it('starts and stops by a key, and by the palette', async () => {
    await dashboard.row('Lower').focus();
    await page.keyboard.press('s');
    await page.locator('[data-name="Lower"]:not([data-status="stopped"])').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('stop');
    await page.getByTestId('palette-option').first().getByText('Stop').waitFor();
    await page.keyboard.press('Enter');
    await dashboard.status('Lower', 'stopped');
    await focusIs('row Lower');
  });
});
