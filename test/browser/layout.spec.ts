import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';

const WIDE = { width: 1440, height: 900 };

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the panes lie, how they are moved, and what small windows make of them. */
describeInBrowser('the panes of the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let page: Page;
  let dashboard: DashboardPage;

  const pane = (name: 'tools' | 'monitor'): Locator => page.getByTestId(name);
  const instances = (): Locator => page.getByRole('region', { name: 'Instances' });
  const boxOf = async (locator: Locator): Promise<Box> => {
    const box = await locator.boundingBox();
    if (!box) throw new Error('it is not in the page');
    return box;
  };
  const reload = async (): Promise<void> => {
    await page.reload();
    await dashboard.live();
  };

  beforeAll(async () => {
    aikore = await lab.start();
    for (const name of ['First', 'Second']) {
      const { id } = await aikore.api.create({ name, base_blueprint: 'answers.sh' });
      await aikore.api.startUp(id);
    }
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
  }, 60_000);
  beforeEach(async () => {
    await page.setViewportSize(WIDE);
    await page.goto(aikore.dashboardUrl);
    await page.evaluate('localStorage.clear()');
    await reload();
    await dashboard.row('First').waitFor();
  });
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('lie as instances above, tools and monitoring side by side below', async () => {
    await dashboard.openTool('First', 'l');
    const [upper, left, right] = [
      await boxOf(instances()),
      await boxOf(pane('tools')),
      await boxOf(pane('monitor')),
    ];
    expect(left.y).toBeGreaterThanOrEqual(upper.y + upper.height);
    expect(right.y).toBe(left.y);
    expect(right.x).toBeGreaterThan(left.x + left.width);
    await dashboard.expectNoOverflow();
    // Else finding something in a log would move the whole page.
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0);
    await dashboard.shoot('layout-wide');
  });

  it('keep the tabs where they are, whichever is chosen', async () => {
    await dashboard.openTool('First', 'l');
    const tab = (id: string): Locator => page.getByTestId(`tool-tab-${id}`);
    for (const width of [1440, 1100, 820]) {
      await page.setViewportSize({ width, height: 900 });
      await tab('log').click();
      await page.getByTestId('log-panel').waitFor();
      const before = await boxOf(tab('environment'));
      await tab('view').click();
      await page.getByTestId('view-panel').waitFor();
      expect(await boxOf(tab('environment'))).toEqual(before);
    }
  });

  it('are moved by their dividers, with the pointer and with keys, and stay so', async () => {
    await dashboard.openTool('First', 'l');
    const before = { tools: await boxOf(pane('tools')), monitor: await boxOf(pane('monitor')) };
    await page.mouse.move(600, before.tools.y - 1);
    await page.mouse.down();
    await page.mouse.move(600, before.tools.y - 151, { steps: 5 });
    await page.mouse.up();
    expect((await boxOf(pane('tools'))).height).toBeCloseTo(before.tools.height + 150, -1);
    await page.getByTestId('divider-vertical').focus();
    await page.keyboard.press('ArrowLeft');
    const after = await boxOf(pane('monitor'));
    expect(after.width).toBeCloseTo(before.monitor.width + 1440 * 0.05, -1);
    await reload();
    await pane('monitor').waitFor();
    expect((await boxOf(pane('monitor'))).width).toBeCloseTo(after.width, 0);
    expect((await boxOf(pane('tools'))).height).toBeCloseTo(before.tools.height + 150, -1);
    await page.getByTestId('divider').dblclick();
    await page.getByTestId('divider-vertical').dblclick();
    expect((await boxOf(pane('tools'))).height).toBeCloseTo(before.tools.height, 0);
    expect((await boxOf(pane('monitor'))).width).toBeCloseTo(before.monitor.width, 0);
  });

  it('never become too small to use', async () => {
    await dashboard.openTool('First', 'l');
    await page.getByTestId('divider').focus();
    await page.keyboard.press('Home');
    expect((await boxOf(instances())).height).toBeGreaterThanOrEqual(120);
    await page.keyboard.press('End');
    expect((await boxOf(pane('tools'))).height).toBeGreaterThanOrEqual(120);
    await page.getByTestId('divider-vertical').focus();
    await page.keyboard.press('Home');
    expect((await boxOf(pane('tools'))).width).toBeGreaterThanOrEqual(260);
    await page.keyboard.press('End');
    expect((await boxOf(pane('monitor'))).width).toBeGreaterThanOrEqual(260);
  });

  it.each([
    ['tools', 'tools-fill'],
    ['monitor', 'monitor-fill'],
    ['instances', 'instances-fill'],
  ])('%s fills the window and comes back with Esc', async (name, button) => {
    await dashboard.openTool('First', 'l');
    const element = name === 'instances' ? instances() : pane(name as 'tools' | 'monitor');
    const before = await boxOf(element);
    await page.getByTestId(button).click();
    expect(await boxOf(element)).toEqual({ x: 0, y: 0, ...WIDE });
    for (const other of ['divider', 'mark']) expect(await page.getByTestId(other).isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    expect(await boxOf(element)).toEqual(before);
    await pane('tools').waitFor();
  });

  it('monitoring opens and closes with its button, its key and a meter, and stays closed', async () => {
    await page.keyboard.press('m');
    await page.getByTestId('monitor-content').waitFor();
    expect((await boxOf(pane('monitor'))).width).toBe(1440);
    await page.keyboard.press('m');
    await pane('monitor').waitFor({ state: 'detached' });
    await page.getByTestId('meter-cpu').click();
    await pane('monitor').waitFor();
    expect(await page.getByTestId('monitoring').getAttribute('aria-pressed')).toBe('true');
    await reload();
    await pane('monitor').waitFor();
    await page.getByTestId('monitoring').click();
    await pane('monitor').waitFor({ state: 'detached' });
    await dashboard.openTool('First', 'l');
    expect(await pane('monitor').count()).toBe(0);
  });

  it('monitoring that came with the tools goes with them, or where there is no room', async () => {
    await dashboard.openTool('First', 'l');
    await pane('monitor').waitFor();
    await page.getByTestId('tools-close').click();
    await pane('monitor').waitFor({ state: 'detached' });
    await dashboard.openTool('First', 'l');
    await pane('monitor').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await pane('monitor').waitFor({ state: 'detached' });
    await pane('tools').waitFor();
  });

  it('F6 goes from pane to pane', async () => {
    await dashboard.openTool('First', 'l');
    await page.getByTestId('monitor-content').waitFor();
    const at = async (name: string): Promise<boolean> =>
      (await page.locator(`[data-testid="${name}"]:focus-within`).count()) === 1;
    await page.keyboard.press('F6');
    expect(await at('tools')).toBe(true);
    await page.keyboard.press('F6');
    expect(await at('monitor')).toBe(true);
    await page.keyboard.press('F6');
    await page.locator('[data-testid="row"][data-name="First"]:focus').waitFor();
    await page.keyboard.press('Shift+F6');
    expect(await at('monitor')).toBe(true);
  });

  it('a tablet has one of them below, over the whole width', async () => {
    await page.setViewportSize({ width: 820, height: 1180 });
    await dashboard.openTool('First', 'l');
    expect(await pane('monitor').count()).toBe(0);
    expect((await boxOf(pane('tools'))).width).toBe(820);
    await page.getByTestId('monitoring').click();
    expect((await boxOf(pane('monitor'))).width).toBe(820);
    expect(await pane('tools').isVisible()).toBe(false);
    await dashboard.shoot('layout-tablet');
    await page.getByTestId('monitor-close').click();
    await pane('tools').waitFor();
    await dashboard.expectNoOverflow();
  });

  it('a telephone has sheets with a way back, which is also the browser’s', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await dashboard.openTool('Second', 'l');
    expect(await boxOf(page.locator('.lower'))).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await dashboard.shoot('layout-phone');
    await dashboard.expectNoOverflow();
    await page.getByTestId('tools-back').click();
    await pane('tools').waitFor({ state: 'detached' });
    await dashboard.openTool('Second', 'l');
    await page.goBack();
    await pane('tools').waitFor({ state: 'detached' });
    await dashboard.row('Second').waitFor();
    await page.getByTestId('monitoring').click();
    await page.getByTestId('monitor-content').waitFor();
    await dashboard.expectNoOverflow();
    await page.getByTestId('monitor-back').click();
    await pane('monitor').waitFor({ state: 'detached' });
  });

  it('at 200 % of a laptop everything is read without scrolling sideways', async () => {
    await page.setViewportSize({ width: 720, height: 450 });
    await dashboard.row('First').waitFor();
    await dashboard.expectNoOverflow();
    await dashboard.openTool('First', 'l');
    expect((await boxOf(pane('tools'))).height).toBe(450);
    await dashboard.expectNoOverflow();
    await page.keyboard.press('Escape');
    await pane('tools').waitFor({ state: 'detached' });
  });

  it('have no fault that axe-core finds, in either theme', async () => {
    await dashboard.openTool('First', 'l');
    await page.getByTestId('monitor-content').waitFor();
    await dashboard.expectAccessible();
    await page.setViewportSize({ width: 390, height: 844 });
    await dashboard.expectAccessible();
  });
});
