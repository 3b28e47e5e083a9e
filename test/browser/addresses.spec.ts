import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const FIRST = 19_341;

const WISHES = `### AIKORE-METADATA-START ###
# aikore.proxy.mode = port
# aikore.desktop = true
### AIKORE-METADATA-END ###
exec sleep 600
`;

/** Desktops are not started here: what counts is where they are looked for. */
const NOBODY_THERE = {
  expected: /ERR_CONNECTION_REFUSED|status of (4|5)\d\d/,
  ports: [FIRST, FIRST + 1, FIRST + 2, FIRST + 3],
};

describeInBrowser('addresses on the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let page: Page;
  let dashboard: DashboardPage;

  const stored = (name: string): Promise<Instance> => aikore.api.byName(name);
  const openDetails = async (name: string, on = dashboard): Promise<void> => {
    await on.row(name).getByTestId('row-name').click();
    await on.page.keyboard.press('Enter');
    await on.get('edit-dialog').waitFor();
    await on.page.evaluate(`document.querySelector('[data-testid="address"]').open = true`);
  };
  const save = async (on = dashboard): Promise<void> => {
    await on.get('edit-submit').click();
    await on.get('edit-dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    aikore = await lab.start({
      ...SIGN_IN,
      AIKORE_STOP_GRACE: '1',
      AIKORE_INSTANCE_PORT_RANGE: `${FIRST}-${FIRST + 3}`,
    });
    writeFileSync(aikore.path('custom_blueprints', 'wishes.sh'), WISHES);
    for (const name of ['Alpha', 'Beta']) await aikore.api.create({ name, base_blueprint: 'answers.sh' });
    await aikore.api.create({ name: 'Named', base_blueprint: 'idles.sh', hostname: 'taken.lan' });
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore, NOBODY_THERE);
    ({ page } = dashboard);
    page.setDefaultTimeout(20_000);
    await dashboard.row('Named').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  /** What one test leaves open is not in the next one's way. */
  afterEach(async () => {
    await page.evaluate(`document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close())`);
  });

  it('a new instance gets a port, a hostname and a desktop in its form, which is checked while one types', async () => {
    await page.getByTestId('new-instance').click();
    await page.getByTestId('blueprint-search').fill('answers');
    await page.getByTestId('blueprint-option').first().click();
    await page.getByTestId('field-name').fill('Made');
    await page.getByTestId('address').locator('summary').click();
    expect(await page.getByTestId('field-public-port').isVisible()).toBe(false);
    await page.getByTestId('field-access-mode').selectOption('port');
    await page.getByTestId('field-public-port').fill('80');
    await page
      .getByTestId('field-public-port-problem')
      .getByText(`${FIRST}-${FIRST + 3}`)
      .waitFor();
    await page.getByTestId('field-public-port').fill('');
    await page.getByTestId('field-use-hostname').check();
    await page.getByTestId('field-use-hostname-problem').getByText('It needs a hostname').waitFor();
    for (const [text, sentence] of [
      ['made.lan; return 200', 'A hostname is a name'],
      ['*.lan', 'wildcard'],
      ['TAKEN.lan:81', 'It belongs to Named.'],
    ] as const) {
      await page.getByTestId('field-hostname').fill(text);
      await page.getByTestId('field-hostname-problem').getByText(sentence).waitFor();
    }
    await page.getByTestId('create-submit').click();
    expect(await page.getByTestId('create-dialog').isVisible()).toBe(true);
    await dashboard.expectAccessible();
    await page.getByTestId('field-hostname').fill('Made.LAN');
    await page.getByTestId('field-persistent').check();
    await page.getByTestId('create-submit').click();
    await dashboard.row('Made').waitFor();
    expect(await stored('Made')).toMatchObject({
      access_mode: 'port',
      public_port: FIRST,
      hostname: 'made.lan',
      use_custom_hostname: true,
      persistent_mode: true,
      persistent_port: FIRST + 3,
    });
  });

  it('a new instance is what its form shows, which shows what the blueprint asks for until the user decides', async () => {
    const choose = (filename: string): Promise<void> =>
      page.locator(`[data-testid="blueprint-option"][data-filename="${filename}"]`).click();
    const expectShown = async (mode: string, isDesktop: boolean): Promise<void> => {
      expect(await page.getByTestId('field-access-mode').inputValue()).toBe(mode);
      expect(await page.getByTestId('field-persistent').isChecked()).toBe(isDesktop);
    };
    await page.getByTestId('new-instance').click();
    await choose('answers.sh');
    await expectShown('path', false);
    await choose('wishes.sh');
    await expectShown('port', true);
    await page.getByTestId('address-summary').getByText('a port of its own, a desktop').waitFor();
    await dashboard.expectAccessible();
    await page.getByTestId('address').locator('summary').click();
    expect(await page.getByTestId('field-public-port').isVisible()).toBe(true);
    expect(await page.getByTestId('address-summary').isVisible()).toBe(false);
    await choose('answers.sh');
    await expectShown('path', false);
    await choose('wishes.sh');
    await page.getByTestId('field-access-mode').selectOption('path');
    await page.getByTestId('field-persistent').uncheck();
    await choose('answers.sh');
    await choose('wishes.sh');
    await expectShown('path', false);
    await page.getByTestId('field-name').fill('Modest');
    await page.getByTestId('create-submit').click();
    await dashboard.row('Modest').waitFor();
    expect(await stored('Modest')).toMatchObject({
      base_blueprint: 'wishes.sh',
      access_mode: 'path',
      public_port: null,
      persistent_mode: false,
      persistent_port: null,
    });
  });

  it("says the server's sentence beside the field where only the server knows", async () => {
    await openDetails('Beta');
    await page.getByTestId('field-hostname').fill('localhost');
    await page.getByTestId('edit-submit').click();
    await page.getByTestId('field-hostname-problem').getByText('a name of AiKore itself').waitFor();
    await page.getByTestId('field-hostname').fill('');
    await page.getByTestId('field-access-mode').selectOption('port');
    await page.getByTestId('field-public-port').fill(String(FIRST));
    await page.getByTestId('edit-submit').click();
    await page.getByTestId('field-public-port-problem').getByText('Made').waitFor();
    await page.keyboard.press('Escape');
  });

  it('the row shows the address that counts, opens it and copies it', async () => {
    const link = dashboard.row('Alpha').getByTestId('row-address');
    expect(await link.textContent()).toBe('/instance/alpha/');
    expect(await dashboard.row('Made').getByTestId('row-address').textContent()).toBe(
      `made.lan:${aikore.appsPort}`,
    );
    await openDetails('Alpha');
    await page.getByTestId('field-access-mode').selectOption('port');
    await page.getByTestId('was-access_mode').getByText('Stored: below a path').waitFor();
    await save();
    const { public_port: port, url } = await waitFor('the port is stored', async () => {
      const instance = await stored('Alpha');
      return instance.public_port !== null && instance;
    });
    await link.getByText(`:${String(port)}`).waitFor();
    expect(await link.getAttribute('href')).toBe(url);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dashboard.row('Alpha').hover();
    await dashboard.row('Alpha').getByTestId('row-address-copy').click();
    await dashboard.toast(`Copied ${url}`);
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(url);
    const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await waitFor('the tab is there', () => tab.url() === url);
    await tab.close();
  });

  it('the details list every address', async () => {
    await openDetails('Made');
    const list = page.getByTestId('addresses');
    const instance = await stored('Made');
    const apps = `http://127.0.0.1:${aikore.appsPort}`;
    const expected: [string, string][] = [
      ['hostname', instance.url],
      ['port', `http://127.0.0.1:${FIRST}/`],
      ['path', `${apps}/instance/made/`],
      ['localhost', `http://made.localhost:${aikore.appsPort}/`],
      ['desktop', instance.desktop_url ?? ''],
    ];
    for (const [kind, url] of expected)
      expect(await list.getByTestId(`address-${kind}`).getByRole('link').getAttribute('href')).toBe(url);
    await dashboard.expectAccessible();
    await page.keyboard.press('Escape');
  });

  it('the view shows the desktop of a persistent instance, and its application by the path', async () => {
    const { id, desktop_url: desktop } = await stored('Made');
    await aikore.api.command(id, 'start');
    await dashboard.status('Made', 'started');
    await dashboard.openTool('Made', 'v');
    const frame = page.locator(`[data-testid="view-frame"][data-id="${id}"]:visible`);
    await frame.waitFor();
    expect(await frame.getAttribute('src')).toBe(desktop);
    expect(await frame.getAttribute('allow')).toContain('clipboard-read; clipboard-write; fullscreen');
    await page.getByTestId('view-application').click();
    await page
      .frameLocator(`[data-testid="view-frame"][data-id="${id}"]:visible`)
      .getByText('answered')
      .waitFor({ timeout: 20_000 });
    expect(await frame.getAttribute('src')).toBe(`http://127.0.0.1:${aikore.appsPort}/instance/made/`);
    await page.getByTestId('view-desktop').click();
    expect(await frame.getAttribute('src')).toBe(desktop);
    await page.getByTestId('tools-close').click();
  });

  it('the menu says why there is no desktop to open', async () => {
    await dashboard.row('Beta').getByTestId('action-menu').click();
    const entry = page.getByTestId('menu-instance.desktop');
    await entry.getByText('Beta has no desktop; its settings can give it one.').waitFor();
    await page.keyboard.press('Escape');
    expect(await dashboard.row('Made').getByTestId('row-desktop').getAttribute('href')).toBe(
      (await stored('Made')).desktop_url,
    );
  });

  it('a port that is stored stays when the published range has become another one', async () => {
    const later = new DashboardPage(await dashboard.context.newPage(), aikore, NOBODY_THERE);
    await later.page.routeWebSocket(/events/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((text) =>
        socket.send(String(text).replace(`"${FIRST}-${FIRST + 3}"`, '"20001-20004"')),
      );
    });
    await later.page.goto(aikore.dashboardUrl);
    await later.live();
    await openDetails('Alpha', later);
    await later.get('field-public-port').fill(String(FIRST + 3));
    await later.get('field-public-port-problem').getByText('20001-20004').waitFor();
    const { public_port: port } = await stored('Alpha');
    await later.get('field-public-port').fill(String(port));
    await later.get('field-autostart').check();
    await save(later);
    expect(await stored('Alpha')).toMatchObject({ autostart: true, public_port: port });
    await later.page.close();
    expect(later.faults).toEqual([]);
  });

  it('a published port that waited goes with the way that it belonged to', async () => {
    await openDetails('Beta');
    await page.getByTestId('field-access-mode').selectOption('port');
    await page.getByTestId('field-public-port').fill(String(FIRST + 3));
    await page.getByTestId('edit-later').click();
    await page.getByTestId('save-changes').waitFor();
    await openDetails('Beta');
    expect(await page.getByTestId('field-public-port').inputValue()).toBe(String(FIRST + 3));
    await page.getByTestId('field-access-mode').selectOption('path');
    await page.getByTestId('edit-later').click();
    await page.getByTestId('save-changes').waitFor({ state: 'hidden' });
  });

  it('waits with the other changes when it is saved later', async () => {
    await openDetails('Beta');
    await page.getByTestId('field-persistent').check();
    await page.getByTestId('edit-later').click();
    await page.getByTestId('save-changes').click();
    await page.getByTestId('changes-dialog').getByText('Desktop').first().waitFor();
    await page.getByTestId('changes-save').click();
    await waitFor('it is stored', async () => (await stored('Beta')).persistent_mode);
  });

  it('everything can be reached on a phone', async () => {
    const phone = await DashboardPage.open(browser, aikore, {
      ...NOBODY_THERE,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    phone.page.setDefaultTimeout(15_000);
    await phone.row('Made').getByTestId('action-menu').click();
    await phone.page.getByTestId('menu-instance.copy-address').waitFor();
    await phone.page.getByTestId('menu-instance.details').click();
    await phone.page.getByTestId('edit-dialog').waitFor();
    await phone.page.getByTestId('field-hostname').scrollIntoViewIfNeeded();
    await phone.expectAccessible();
    const overflow = await phone.page.evaluate<number>(
      `document.querySelector('[data-testid="edit-dialog"]').scrollWidth - document.querySelector('[data-testid="edit-dialog"]').clientWidth`,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await phone.page.context().close();
    expect(phone.faults).toEqual([]);
  });
});
