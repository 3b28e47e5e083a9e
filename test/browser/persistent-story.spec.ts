import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { DesktopView, hasDesktopTools } from '../support/desktop.js';
import { DesktopPage } from '../support/desktop-page.js';
import type { Colour } from '../support/desktop-page.js';
import { useLab } from '../support/lab.js';
import { isAlive, processesMentioning } from '../support/processes.js';
import { shoot } from '../support/shots.js';
import { staysTrue, waitFor } from '../support/wait.js';

const FIRST_PORT = 19_961;
/** Of the demo's page beside its text (blueprints/demo/page.css), and of the window of desktop-program.sh. */
const PAPER: Colour = [0xf3, 0xf2, 0xf7];
const BLUE: Colour = [0x20, 0x30, 0x80];

const onDesktop = hasDesktopTools ? describeInBrowser : describe.skip;

/** With real parts, as people do it: an instance with a desktop is made, looked at, left, found again and stopped. */
onDesktop('a persistent instance', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  const faults: string[] = [];

  beforeAll(async () => {
    aikore = await lab.start({ ...SIGN_IN, AIKORE_INSTANCE_PORT_RANGE: `${FIRST_PORT}-${FIRST_PORT + 3}` });
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore, {
      viewport: { width: 1280, height: 800 },
      ports: [FIRST_PORT, FIRST_PORT + 1, FIRST_PORT + 2, FIRST_PORT + 3],
    });
    dashboard.page.setDefaultTimeout(20_000);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect([...dashboard.faults, ...faults]).toEqual([]);
  });

  const create = async (name: string, blueprint: string): Promise<DesktopView> => {
    const { page } = dashboard;
    await dashboard.get('new-instance').first().click();
    await dashboard.get('blueprint-search').fill(blueprint);
    await dashboard.get('blueprint-option').first().click();
    await dashboard.get('field-name').fill(name);
    await dashboard.get('address').locator('summary').click();
    await dashboard.get('field-persistent').check();
    await shoot(page, 'persistent-form');
    await dashboard.get('create-submit').click();
    await dashboard.row(name).getByTestId('action-power').click();
    await dashboard.status(name, 'started');
    return DesktopView.of(aikore, (await aikore.api.byName(name)).id);
  };
  const openFromTable = async (name: string): Promise<DesktopPage> => {
    const opened = dashboard.context.waitForEvent('page');
    await dashboard.row(name).getByTestId('row-desktop').click();
    return new DesktopPage(await opened, faults).shown();
  };
  const stop = async (name: string): Promise<void> => {
    await dashboard.row(name).getByTestId('action-power').click();
    await dashboard.status(name, 'stopped');
  };
  const expectNothingLeft = (view: DesktopView, pids: number[]): void => {
    expect(pids.filter(isAlive)).toEqual([]);
    expect(view.leftovers).toEqual([]);
    expect(processesMentioning(view.folder)).toEqual([]);
  };

  /** What is only marked there must not take the place of what the operator has in the clipboard here. */
  const expectCopiedOnWishOnly = async (desktop: DesktopPage): Promise<void> => {
    const { page } = desktop;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: page.url() });
    const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
    await waitFor('it is copied', async () => {
      await desktop.click(6, 700);
      for (const keys of ['Control+a', 'Control+c']) await page.keyboard.press(keys);
      await page.waitForTimeout(300);
      return (await clipboard()).includes('An instance at work.');
    });
    await page.evaluate(`navigator.clipboard.writeText('mine')`);
    await desktop.click(6, 700);
    await page.keyboard.press('Control+a');
    await staysTrue('the clipboard stays', async () => (await clipboard()) === 'mine', 2000);
  };

  it('shows a web application in a browser of its own, which goes with it', async () => {
    const view = await create('Painting', 'Demo');
    const pids = [await view.runs('x'), await view.runs('wm'), await view.runs('kiosk')];
    const desktop = await openFromTable('Painting');
    await desktop.size(1280, 800);
    await desktop.colour({ x: 6, y: 700 }, PAPER);
    expect(await desktop.page.title()).toBe('Painting');
    await shoot(desktop.page, 'persistent-demo');
    await expectCopiedOnWishOnly(desktop);
    await stop('Painting');
    await desktop.heading('Painting is stopped');
    await desktop.page.close();
    expectNothingLeft(view, pids);
  });

  it('holds a program that hears the keyboard, and shows the same screen to who comes back', async () => {
    const view = await create('Writing', 'Desktop program');
    const pids = [await view.runs('x'), await view.runs('wm')];
    const desktop = await openFromTable('Writing');
    await desktop.size(1280, 800);
    await desktop.colour({ x: 700, y: 500 }, BLUE);
    await desktop.click(700, 500);
    await desktop.line('kept for two days');
    const typed = aikore.home('Writing', 'typed.txt');
    await waitFor(
      'it was heard',
      () => existsSync(typed) && readFileSync(typed, 'utf8') === 'kept for two days\n',
    );
    await desktop.page.keyboard.type('half a line');
    // Until the letters have been drawn the picture goes on changing.
    await desktop.settles();
    const before = await desktop.picture();
    expect(before.split('#').length).toBeGreaterThan(300);
    await desktop.page.close();
    expect(pids.filter(isAlive)).toEqual(pids);
    const again = await openFromTable('Writing');
    await again.looksLike(() => Promise.resolve(before));
    await again.click(700, 500);
    await again.line(', and the rest');
    await waitFor('it was the same line', () =>
      readFileSync(typed, 'utf8').endsWith('\nhalf a line, and the rest\n'),
    );
    await shoot(again.page, 'persistent-program');
    await stop('Writing');
    await again.heading('Writing is stopped');
    expectNothingLeft(view, pids);
  });

  it('is looked at inside the dashboard, too', async () => {
    await dashboard.row('Writing').getByTestId('action-power').click();
    await dashboard.status('Writing', 'started');
    await dashboard.openTool('Writing', 'v');
    const frame = dashboard.page.locator('[data-testid="view-frame"]').contentFrame();
    await frame.locator('[data-testid="screen"] canvas').waitFor();
    await frame.getByTestId('desktop-cover').waitFor({ state: 'hidden' });
    await shoot(dashboard.page, 'persistent-view');
    const { id, persistent_port: port } = await aikore.api.byName('Writing');
    const view = await DesktopView.of(aikore, id);
    const pids = [await view.runs('x'), await view.runs('wm')];
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { persistent_mode: false });
    await dashboard.page
      .locator(`[data-testid="view-frame"][src$=":${port}/"]`)
      .waitFor({ state: 'detached' });
    await stop('Writing');
    expectNothingLeft(view, pids);
  });
});
