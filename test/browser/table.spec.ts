import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { REFUSALS } from '../support/page-faults.js';
import { waitFor } from '../support/wait.js';

const NAMES = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon'] as const;
/** The table of instances: order, selection, changes that wait, with real processes and two pages at once. */
describeInBrowser('the table of instances', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  const ids = new Map<string, number>();

  const row = (name: string, on = page): Locator => on.locator(`[data-testid="row"][data-name="${name}"]`);
  const status = (name: string, word: string): Promise<void> => dashboard.status(name, word);
  const idOf = (name: string): number => ids.get(name) ?? 0;
  const instance = (name: string): Promise<Instance> => aikore.api.instance(idOf(name));
  const order = (on = page): Promise<string[]> =>
    on.evaluate(`[...document.querySelectorAll('[data-testid="row"]')].map((row) => row.dataset.name)`);
  const shows = (names: readonly string[], on = page): Promise<unknown> =>
    waitFor(`the rows are ${names.join()}`, async () => (await order(on)).join() === names.join());
  const open = async (): Promise<Page> => (await dashboard.another()).page;
  const toast = (text: RegExp): Promise<void> => dashboard.toast(text);
  const focusRow = (name: string): Promise<void> => row(name).focus();

  beforeAll(async () => {
    aikore = await lab.start();
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore, { expected: REFUSALS });
    ({ page } = dashboard);
    for (const name of NAMES)
      ids.set(name, (await aikore.api.create({ name, base_blueprint: 'idles.sh' })).id);
    await row('Epsilon').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('keeps a dragged order over a reload, and a second page sees it', async () => {
    const other = await open();
    const grip = await row('Delta').getByTestId('row-grip').boundingBox();
    const goal = await row('Alpha').boundingBox();
    await page.mouse.move((grip?.x ?? 0) + 8, (grip?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((grip?.x ?? 0) + 8, (goal?.y ?? 0) + 20, { steps: 5 });
    await page.mouse.move((grip?.x ?? 0) + 8, (goal?.y ?? 0) + 5, { steps: 3 });
    await page.mouse.up();
    const moved = ['Delta', 'Alpha', 'Beta', 'Gamma', 'Epsilon'];
    await shows(moved);
    await shows(moved, other);
    await other.reload();
    await shows(moved, other);
    await toast(/Delta moved/);
    await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).click();
    await shows(NAMES);
    await shows(NAMES, other);
    await other.close();
  });

  it('is dragged with a finger too', async () => {
    const session = await dashboard.context.newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const grip = await row('Alpha').getByTestId('row-grip').boundingBox();
    const x = (grip?.x ?? 0) + 8;
    const y = (grip?.y ?? 0) + 10;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: number): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: at }],
      });
    await touch('touchStart', y);
    for (const by of [20, 50, 80]) await touch('touchMove', y + by);
    await touch('touchEnd', y);
    await shows(['Beta', 'Gamma', 'Alpha', 'Delta', 'Epsilon']);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    await toast(/Alpha moved/);
    await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).last().click();
    await shows(NAMES);
  });

  it('is selected by a finger that rests on it, and then by taps', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    const press = async (name: string): Promise<[number, number]> => {
      const box = await row(name).getByTestId('row-name').boundingBox();
      const place: [number, number] = [(box?.x ?? 0) + 8, (box?.y ?? 0) + 8];
      await touch('touchStart', ...place);
      return place;
    };
    const selected = (count: number): Promise<void> =>
      page
        .getByTestId('selected-count')
        .getByText(`${String(count)} selected`)
        .waitFor();
    const [x, y] = await press('Alpha');
    await touch('touchMove', x + 40, y + 30);
    await touch('touchEnd');
    await press('Beta');
    await selected(1);
    await touch('touchEnd');
    await press('Delta');
    await touch('touchEnd');
    await selected(2);
    expect(await row('Alpha').getAttribute('aria-selected')).toBe('false');
    expect(await page.getByTestId('tools').isVisible()).toBe(false);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    await page.getByTestId('bulk-clear').click();
  });

  it('lets everything be when a drag is called off', async () => {
    const grip = await row('Beta').getByTestId('row-grip').boundingBox();
    await page.mouse.move((grip?.x ?? 0) + 8, (grip?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((grip?.x ?? 0) + 8, (grip?.y ?? 0) + 110, { steps: 5 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.waitForTimeout(200);
    expect(await order()).toEqual([...NAMES]);
  });

  it('moves a row with the keyboard, says so, and keeps the focus on it', async () => {
    await focusRow('Alpha');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await shows(['Beta', 'Gamma', 'Alpha', 'Delta', 'Epsilon']);
    await page.getByTestId('announcer').getByText('Alpha moved to place 3 of 5.').waitFor();
    expect(await page.evaluate('document.activeElement.dataset.name')).toBe('Alpha');
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowUp');
    await shows(NAMES);
    await waitFor('the server has it', async () => {
      const names = (await aikore.api.instances()).map(({ name }) => name);
      return names.join() === NAMES.join();
    });
  });

  it('starts and stops what is selected, and says what it left alone', async () => {
    await aikore.api.startUp(idOf('Beta'));
    await status('Beta', 'started');
    await row('Alpha').getByTestId('row-check').click();
    await row('Gamma')
      .getByTestId('row-check')
      .click({ modifiers: ['Shift'] });
    await page.getByTestId('selected-count').getByText('3 selected').waitFor();
    await page.getByTestId('bulk-start').getByText('Start 2').waitFor();
    await page.getByTestId('bulk-start').click();
    await toast(/Starting 2, 1 was running already\./);
    for (const name of ['Alpha', 'Gamma']) await status(name, 'started');
    await page.getByTestId('bulk-stop').getByText('Stop', { exact: true }).click();
    for (const name of ['Alpha', 'Beta', 'Gamma']) await status(name, 'stopped');
    await page.getByTestId('bulk-clear').click();
    await page.getByTestId('selection-bar').waitFor({ state: 'hidden' });
  });

  it('names those of the selected that failed', async () => {
    await focusRow('Alpha');
    await page.keyboard.press('Control+a');
    await page.getByTestId('selected-count').getByText('5 selected').waitFor();
    await page.route(`**/api/instances/${String(idOf('Delta'))}/start`, (route) => route.abort());
    await page.getByTestId('bulk-start').click();
    await toast(/Starting 4\. Delta was not started: AiKore does not answer/);
    await page.unroute(`**/api/instances/${String(idOf('Delta'))}/start`);
    await page.getByTestId('toast-error').getByRole('button', { name: 'Close message' }).click();
    for (const name of ['Alpha', 'Epsilon']) await status(name, 'started');
    await page.getByTestId('bulk-stop').click();
    for (const name of ['Alpha', 'Epsilon']) await status(name, 'stopped');
    await focusRow('Alpha');
    await page.keyboard.press('Escape');
    await page.getByTestId('selection-bar').waitFor({ state: 'hidden' });
  });

  it('collects changes of several rows, with the keyboard alone, and saves them together', async () => {
    await aikore.api.startUp(idOf('Alpha'));
    await status('Alpha', 'started');
    const { port } = await instance('Alpha');
    await focusRow('Gamma');
    await page.keyboard.press('F2');
    await page.getByTestId('edit-name').waitFor();
    await page.keyboard.type('../Gamma');
    await page.getByText(/“\/” is not allowed/).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('edit-name').count()).toBe(1);
    await page.getByTestId('edit-name').fill('Gamma two');
    await page.keyboard.press('Enter');
    await row('Gamma').getByTestId('row-name').getByText('Gamma two').waitFor();
    await row('Alpha').getByTestId('row-port').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('edit-port').fill(String(port + 1));
    await page.keyboard.press('Enter');
    await row('Beta').hover();
    await row('Beta').getByTestId('row-autostart').click();
    await page.getByTestId('save-changes').getByText('Save changes (3)').waitFor();
    await focusRow('Beta');
    await page.keyboard.press('Control+s');
    const dialog = page.getByTestId('changes-dialog');
    await dialog
      .locator('[data-testid="change-group"][data-name="Alpha"]')
      .getByTestId('change-restart')
      .waitFor();
    expect(await dialog.getByTestId('change').count()).toBe(3);
    const before = await instance('Alpha');
    await page.getByTestId('changes-save-restart').click();
    await toast(/Saved 3 changes of 3 instances, restarting Alpha/);
    ids.set('Gamma two', idOf('Gamma'));
    expect(await instance('Gamma')).toMatchObject({ name: 'Gamma two' });
    expect(await instance('Beta')).toMatchObject({ autostart: true });
    await waitFor('Alpha runs anew on its port', async () => {
      const now = await instance('Alpha');
      return now.status === 'started' && now.port === port + 1 && now.run === before.run + 1;
    });
    await page.getByTestId('save-changes').waitFor({ state: 'hidden' });
  });

  it('keeps changes through a restart of the server, and asks before the page is left', async () => {
    await row('Delta').getByTestId('row-port').dblclick();
    const { port } = await instance('Delta');
    await page.getByTestId('edit-port').fill(String(port + 2));
    await page.keyboard.press('Enter');
    await page.keyboard.press('n');
    await page.getByTestId('field-name').fill('Half filled');
    await aikore.signal('SIGKILL');
    await dashboard.lost();
    aikore = await lab.start(aikore.ports, aikore.dataDir);
    await dashboard.live();
    expect(await page.getByTestId('field-name').inputValue()).toBe('Half filled');
    await page.keyboard.press('Escape');
    await page.getByTestId('save-changes').getByText('Save changes (1)').waitFor();
    expect(await row('Delta').getByTestId('row-port').textContent()).toBe(String(port + 2));
    const asked = page.waitForEvent('dialog').then(async (dialog) => {
      const type = dialog.type();
      await dialog.dismiss();
      return type;
    });
    await page.evaluate('void location.reload()');
    expect(await asked).toBe('beforeunload');
    await page.getByTestId('discard-changes').click();
    expect(await row('Delta').getByTestId('row-port').textContent()).toBe(String(port));
    await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).last().click();
    await page.getByTestId('save-changes').getByText('Save changes (1)').waitFor();
    await page.getByTestId('discard-changes').click();
    expect(await row('Delta').getByTestId('row-port').textContent()).toBe(String(port));
  });

  it('shows theirs and mine when two pages change one field, and overwrites nothing unasked', async () => {
    const other = await open();
    const { port } = await instance('Delta');
    for (const [on, value] of [
      [page, port + 3],
      [other, port + 4],
    ] as const) {
      await row('Delta', on).getByTestId('row-port').dblclick();
      await on.getByTestId('edit-port').fill(String(value));
      await on.keyboard.press('Enter');
    }
    await other.getByTestId('save-changes').click();
    await other.getByTestId('changes-save').click();
    await other.getByTestId('changes-dialog').waitFor({ state: 'detached' });
    await row('Delta').locator('[data-testid="row-port"].is-conflict').waitFor();
    expect(await row('Delta').getByTestId('row-port').textContent()).toBe(String(port + 3));
    await page.getByTestId('save-changes').click();
    await page.getByTestId('changes-save').click();
    expect((await instance('Delta')).port).toBe(port + 4);
    await page
      .getByTestId('change-mine')
      .getByText(String(port + 3))
      .waitFor();
    await page
      .getByTestId('change-theirs')
      .getByText(String(port + 4))
      .waitFor();
    await page.getByTestId('change-mine').click();
    await page.getByTestId('changes-save').click();
    await toast(/Saved 1 change of Delta/);
    expect((await instance('Delta')).port).toBe(port + 3);
    await other.close();
  });

  it('marks what the details form changed, and puts it to what waits', async () => {
    await focusRow('Delta');
    await page.keyboard.press('Enter');
    await page.getByTestId('edit-dialog').waitFor();
    await page.getByTestId('advanced').locator('summary').click();
    await page.getByTestId('field-launch-args').fill('--lowvram');
    await page.getByTestId('was-launch_args').getByText('Stored: none').waitFor();
    await page.getByTestId('edit-later').click();
    await row('Delta').getByTestId('row-edited').waitFor();
    expect((await instance('Delta')).launch_args).toBe('');
    await page.getByTestId('save-changes').click();
    await page.keyboard.press('Enter');
    await page.getByTestId('changes-dialog').waitFor({ state: 'detached' });
    expect((await instance('Delta')).launch_args).toBe('--lowvram');
  });
});
