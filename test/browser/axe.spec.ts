import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { expectAccessibleInBothThemes } from '../support/axe.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN, signInLink } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { openSettings } from '../support/settings-page.js';

const FAILING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
echo "ModuleNotFoundError: No module named 'einops'"
exit 1
`;

const SECTIONS = ['password', 'sessions', 'tokens', 'audit', 'ports', 'appearance', 'about'];

/** Opens a view, by what a person does. */
type Opening = [name: string, open: (page: Page) => Promise<unknown>];

const byMenu = (entry: string) => async (page: Page) => {
  await page.getByTestId('menu-button').click();
  await page.getByTestId(`menu-${entry}`).click();
};
const onRow = (name: string, key: string) => async (page: Page) => {
  await page.locator(`[data-testid="row"][data-name="${name}"]`).focus();
  await page.keyboard.press(key);
};

const VIEWS: Opening[] = [
  ['the instances', () => Promise.resolve()],
  ['what happened to an instance', onRow('Broken', 'ArrowRight')],
  ['the menu of a row', (page) => page.locator('[data-name="Broken"]').getByTestId('action-menu').click()],
  ['the menu', (page) => page.getByTestId('menu-button').click()],
  ['the log', onRow('Running', 'l')],
  ['a new instance', (page) => page.getByTestId('new-instance').click()],
  ['the details of an instance', onRow('Running', 'Enter')],
  ['the palette', (page) => page.keyboard.press('Control+k')],
  ['the shortcuts', (page) => page.keyboard.press('?')],
  ['the password', byMenu('password')],
  ['the tasks', byMenu('tasks')],
  [
    'a confirmation',
    async (page) => {
      await page.locator('[data-name="Running"]').getByTestId('action-menu').click();
      await page.getByTestId('menu-instance.kill').click();
    },
  ],
  [
    'the trash',
    async (page) => {
      await byMenu('trash')(page);
      await page.getByTestId('trash-entry').first().waitFor();
    },
  ],
  [
    'the messages, an error among them',
    async (page) => {
      await page.route('**/restart', (route) => route.abort());
      await onRow('Running', 'r')(page);
      await page.getByTestId('toast-error').waitFor();
      await page.getByTestId('notice-show-details').click();
      await expectAccessibleInBothThemes(page);
      await page.getByTestId('notice-bell').click();
      await page.getByTestId('notice-history-entry').first().waitFor();
      await page.getByTestId('notice-history-dialog').getByTestId('notice-show-details').first().click();
    },
  ],
  ...SECTIONS.map((section): Opening => [
    `the settings, ${section}`,
    async (page) => {
      await openSettings(page, section);
      if (section === 'tokens') {
        await page.getByTestId('token-name').fill(`token ${String(Math.random())}`);
        await page.keyboard.press('Enter');
        await page.getByTestId('token-secret').waitFor();
      }
      if (section === 'audit') await page.getByTestId('audit-entry').first().waitFor();
      if (section === 'ports') await page.getByTestId('port').first().waitFor();
    },
  ]),
];

/** Nothing that axe-core knows of stands in anybody's way (WCAG 2.2 AA), in the light and in the dark theme. */
describeInBrowser('accessibility of', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'failing.sh'), FAILING);
    const broken = await aikore.api.create({ name: 'Broken', base_blueprint: 'failing.sh' });
    const running = await aikore.api.create({ name: 'Running', base_blueprint: 'idles.sh' });
    const binned = await aikore.api.create({ name: 'Binned', base_blueprint: 'idles.sh' });
    await aikore.api.command(broken.id, 'start');
    await aikore.api.startUp(running.id);
    await aikore.api.reaches(broken.id, 'error');
    await aikore.api.expect(204, 'DELETE', `api/instances/${binned.id}`);
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
  });
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it.each(VIEWS)('%s', async (_name, open) => {
    await page.goto(aikore.dashboardUrl);
    await page.reload();
    await page.locator('[data-name="Running"][data-status="started"]').waitFor();
    await open(page);
    await expectAccessibleInBothThemes(page);
  });

  it.each([
    ['a tablet', 820, 1180],
    ['a telephone', 390, 844],
  ])('the instances and the settings on %s', async (_name, width, height) => {
    await page.setViewportSize({ width, height });
    await page.goto(aikore.dashboardUrl);
    await page.reload();
    await page.locator('[data-name="Running"]').waitFor();
    await expectAccessibleInBothThemes(page);
    await openSettings(page, 'audit');
    await page.getByTestId('audit-entry').first().waitFor();
    await expectAccessibleInBothThemes(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('the sign-in page', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const stranger = await context.newPage();
    await stranger.goto(aikore.dashboardUrl);
    await stranger.getByTestId('signin-password').fill('a guess');
    await stranger.keyboard.press('Enter');
    await stranger.getByTestId('signin-password-problem').getByText(/./).waitFor();
    await expectAccessibleInBothThemes(stranger);
    await context.close();
  });

  it('the welcome, and the one-time link', async () => {
    const fresh = await lab.start();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const visitor = await context.newPage();
    await visitor.goto(fresh.dashboardUrl);
    await visitor.getByTestId('signin-use-link').click();
    await expectAccessibleInBothThemes(visitor);
    await visitor.goto(signInLink(fresh));
    await visitor.getByTestId('welcome').waitFor();
    await expectAccessibleInBothThemes(visitor);
    await context.close();
    await fresh.stop();
  });
});
