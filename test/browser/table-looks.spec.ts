import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { expectAccessible } from '../support/axe.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const MARKUP = '<img src=x onerror=alert(1)>';
const BUSY = `### AIKORE-METADATA-START ###
# aikore.name = ${MARKUP}
# aikore.probe = process
### AIKORE-METADATA-END ###
( trap '' TERM; while :; do :; done ) & worker=$!
trap 'kill -KILL $worker; exit 0' TERM
wait
`;

/** How the table looks: figures, both themes, every width, for every reader. */
describeInBrowser('the looks of the table', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const row = (name: string): Locator => dashboard.row(name);
  const status = (name: string, word: string): Promise<void> => dashboard.status(name, word);

  beforeAll(async () => {
    aikore = await lab.start();
    writeFileSync(aikore.path('custom_blueprints', 'busy.sh'), BUSY);
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
    const make = async (name: string, base_blueprint: string): Promise<number> =>
      (await aikore.api.create({ name, base_blueprint })).id;
    await aikore.api.startUp(await make('Alpha', 'idles.sh'));
    await make('Beta', 'idles.sh');
    await make('A rather long name as they come and go', 'idles.sh');
    await make('Delta', 'idles.sh');
    await aikore.api.command(await make('Failing', 'exits-three.sh'), 'start');
    await status('Failing', 'error');
    await row('Failing').focus();
    await page.keyboard.press('ArrowRight');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('shows what a running instance takes, as words where they are hostile', async () => {
    const { id } = await aikore.api.create({ name: 'Busy', base_blueprint: 'busy.sh' });
    await aikore.api.startUp(id);
    await status('Busy', 'started');
    await row('Busy').getByText(MARKUP).waitFor();
    await waitFor('its processor is seen at work', async () => {
      const text = (await row('Busy').getByTestId('row-cpu').textContent()) ?? '';
      return Number.parseInt(text, 10) > 10;
    });
    expect(await row('Busy').getByTestId('row-ram').textContent()).toMatch(/^[\d.]+ [KMG]B$/);
    expect(await row('Busy').getByTestId('row-vram').textContent()).toBe('–');
    await aikore.api.command(id, 'kill');
    await status('Busy', 'stopped');
    await waitFor('nothing is said of one that rests', async () => {
      return (await row('Busy').getByTestId('row-cpu').textContent()) === '–';
    });
  });

  it.each(['light', 'dark'] as const)('has no fault of accessibility in the %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await row('Alpha').getByTestId('row-check').click();
    await row('Delta').getByTestId('row-port').dblclick();
    await page.getByTestId('edit-port').fill('1');
    await page.keyboard.press('Enter');
    await expectAccessible(page);
    await page.getByTestId('save-changes').click();
    await page.getByTestId('changes-dialog').waitFor();
    await expectAccessible(page);
    await page.getByTestId('changes-discard').click();
    await page.getByTestId('bulk-clear').click();
  });

  it.each([
    [390, 844],
    [820, 1180],
    [720, 450],
  ])('fits %i × %i without scrolling sideways', async (width, height) => {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(200);
    await dashboard.expectNoOverflow();
    const { scrollWidth, clientWidth } = await page.evaluate<{ scrollWidth: number; clientWidth: number }>(
      `(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.querySelector('.instances-scroll'))`,
    );
    expect(scrollWidth).toBe(clientWidth);
    await dashboard.expectAccessible();
  });

  it('has low rows for who likes them, and remembers it', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const height = async () => Math.round((await row('Beta').boundingBox())?.height ?? 0);
    expect(await height()).toBe(37);
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-instances.compact').click();
    await waitFor('the rows are low', async () => (await height()) === 29);
    await page.reload();
    await row('Beta').waitFor();
    expect(await height()).toBe(29);
  });
});
