import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

/** Satellites in the table: below their parents, and never without them by accident. */
describeInBrowser('satellites in the table', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const shows = (names: readonly string[]): Promise<unknown> =>
    waitFor(`the rows are ${names.join()}`, async () => (await order()).join() === names.join());
  const order = (): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll('[data-testid="row"]')].map((row) => row.dataset.name)`);
  const kin = (name: string): Promise<string | null> => dashboard.row(name).getAttribute('data-kin');
  const drag = async (name: string, onto: string, part: 'top' | 'bottom'): Promise<void> => {
    const grip = await dashboard.row(name).getByTestId('row-grip').boundingBox();
    const goal = await dashboard.row(onto).boundingBox();
    const x = (grip?.x ?? 0) + 8;
    const y = (goal?.y ?? 0) + (part === 'top' ? 4 : (goal?.height ?? 0) - 4);
    await page.mouse.move(x, (grip?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move(x, y - 8, { steps: 5 });
    await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
  };

  beforeAll(async () => {
    aikore = await lab.start();
    const made = new Map<string, Instance>();
    for (const name of ['Alpha', 'Beta', 'Gamma'])
      made.set(name, await aikore.api.create({ name, base_blueprint: 'idles.sh', python_version: '3.11' }));
    for (const [parent, name] of [
      ['Alpha', 'Alpha two'],
      ['Gamma', 'Gamma two'],
      ['Alpha', 'Alpha three'],
    ] as const)
      await aikore.api.expect(201, 'POST', `api/instances/${String(made.get(parent)?.id)}/instantiate`, {
        new_name: name,
      });
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
    await dashboard.row('Gamma two').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('are drawn, named and read out below their parent', async () => {
    await shows(['Alpha', 'Alpha two', 'Alpha three', 'Beta', 'Gamma', 'Gamma two']);
    expect([
      await kin('Alpha'),
      await kin('Alpha two'),
      await kin('Alpha three'),
      await kin('Gamma two'),
    ]).toEqual([null, 'middle', 'last', 'last']);
    await page.getByRole('rowheader', { name: 'Alpha two satellite of Alpha' }).waitFor();
    await dashboard.shoot('satellites');
    await dashboard.expectAccessible();
  });

  it('travel with their parent, and nothing is dropped between them', async () => {
    await drag('Gamma', 'Alpha', 'top');
    await shows(['Gamma', 'Gamma two', 'Alpha', 'Alpha two', 'Alpha three', 'Beta']);
    await dashboard.toast('Gamma moved.');
    await drag('Beta', 'Alpha', 'bottom');
    expect(await order()).toEqual(['Gamma', 'Gamma two', 'Alpha', 'Alpha two', 'Alpha three', 'Beta']);
    await drag('Alpha three', 'Alpha two', 'top');
    await shows(['Gamma', 'Gamma two', 'Alpha', 'Alpha three', 'Alpha two', 'Beta']);
    await drag('Alpha three', 'Beta', 'bottom');
    expect(await order()).toEqual(['Gamma', 'Gamma two', 'Alpha', 'Alpha three', 'Alpha two', 'Beta']);
  });

  it('are passed over as families with the keys, and move among themselves', async () => {
    await dashboard.row('Beta').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await shows(['Gamma', 'Gamma two', 'Beta', 'Alpha', 'Alpha three', 'Alpha two']);
    await dashboard.row('Alpha two').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await shows(['Gamma', 'Gamma two', 'Beta', 'Alpha', 'Alpha two', 'Alpha three']);
    await page.getByTestId('announcer').getByText('place 1 of 2 among the satellites of Alpha').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByTestId('announcer').getByText('is the first one among the satellites of Alpha').waitFor();
  });

  it('are found by their parent, and say whose they are when that is not shown', async () => {
    await page.getByTestId('filter').fill('alpha');
    await shows(['Alpha', 'Alpha two', 'Alpha three']);
    await page.getByTestId('filter').fill('alpha three');
    await shows(['Alpha three']);
    expect(await kin('Alpha three')).toBe('apart');
    await dashboard.row('Alpha three').locator('.cell-blueprint').getByText('of Alpha').waitFor();
    await page.getByTestId('filter').fill('');
  });

  it('show the environment of their parent, and leave its change to it', async () => {
    await dashboard.row('Alpha two').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('facts').getByText('Alpha, whose files and environment it shares').waitFor();
    const shared = page.getByTestId('shared-environment');
    await shared.getByText('shared with').waitFor();
    await shared.locator('summary').click();
    await shared.getByText('3.11').waitFor();
    expect(await page.getByTestId('field-python').count()).toBe(0);
    await page.getByTestId('field-name').fill('Alpha second');
    await page.getByTestId('edit-submit').click();
    await dashboard.row('Alpha second').waitFor();
    await dashboard.row('Alpha').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('facts').getByText('Alpha second, Alpha three').waitFor();
    await page.getByTestId('dialog-close').click();
  });

  it('say the new name of a parent', async () => {
    const { id } = await aikore.api.byName('Alpha');
    await aikore.api.expect(200, 'PATCH', `api/instances/${String(id)}`, { name: 'Omega' });
    await page.getByRole('rowheader', { name: 'Alpha three satellite of Omega' }).waitFor();
  });

  it('are cards on a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await dashboard.expectNoOverflow();
    await dashboard.expectAccessible();
    await dashboard.shoot('satellites-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
