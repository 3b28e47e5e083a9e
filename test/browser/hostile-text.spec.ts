import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { watchDialogs } from '../support/page-faults.js';
import { openSettings } from '../support/settings-page.js';

const MARKUP = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
const ESCAPES =
  '\u001b]0;stolen title\u0007\u001b]52;c;c3RvbGVu\u0007\u001b]8;;javascript:window.broken=1\u0007link\u001b]8;;\u0007';
const TURNED = '\u202egnp.exe\u202c\u2066';
const HOSTILE = `${MARKUP}${TURNED}`;

/** Prints everything that could harm a page, and fails. Written as bytes, so that bash reads none of it. */
const blueprint = (): string => {
  const output = `${MARKUP}\n${ESCAPES}\n${TURNED}\n${'W'.repeat(10_000)}\n`;
  const octal = [...Buffer.from(output)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `### AIKORE-METADATA-START ###
# aikore.name = ${HOSTILE}
# aikore.category = ${HOSTILE}
# aikore.description = ${HOSTILE} ${'long '.repeat(2000)}
# aikore.probe = process
### AIKORE-METADATA-END ###
printf '${octal}'
exit 1
`;
};

/** Words from outside are words: nothing of them runs, and they break nothing. */
describeInBrowser('hostile text', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const expectUnharmed = async (): Promise<void> => {
    expect(await page.evaluate('window.broken ?? null')).toBeNull();
    expect(await page.title()).toMatch(/AiKore$/);
    expect(await page.locator('img[src="x"], body script:not([src])').count()).toBe(0);
    await dashboard.expectNoOverflow();
  };
  const row = () => dashboard.row('Hostile');

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'hostile-words.sh'), blueprint());
    const { id } = await aikore.api.create({ name: 'Hostile', base_blueprint: 'hostile-words.sh' });
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    // The original AiKore left folders of any name.
    mkdirSync(aikore.path('trashcan', '<img src=x onerror=window.broken=1>\u202eabc'));
    mkdirSync(aikore.path('trashcan', 'N'.repeat(240)));
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByForm(browser, aikore, {
      userAgent: `Mozilla ${MARKUP}`,
      expected: /status of 500/,
    });
    ({ page } = dashboard);
    watchDialogs(page, dashboard.faults);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it.each([
    ['a wide page', 1440, 900],
    ['a telephone', 390, 844],
  ])('in rows and what happened, on %s', async (_name, width, height) => {
    await page.setViewportSize({ width, height });
    await page.goto(aikore.dashboardUrl);
    await page.reload();
    await dashboard.live();
    await row().focus();
    await page.keyboard.press('ArrowRight');
    await row().getByTestId('evidence').waitFor();
    await expectUnharmed();
  });

  it('in the log', async () => {
    await row().focus();
    await page.keyboard.press('l');
    await page.getByTestId('log-lines').getByText('<img src=x onerror=').first().waitFor();
    await expectUnharmed();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByTestId('tools-close').click();
  });

  it('in the catalogue of blueprints', async () => {
    await page.getByTestId('new-instance').click();
    await page.getByTestId('blueprint-search').fill('img');
    await page.getByTestId('blueprint-option').first().getByText('<img src=x onerror=').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('create-dialog').getByTestId('dialog-close').click();
  });

  it('in the trash', async () => {
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-trash').click();
    await page.getByTestId('trash-entry').nth(1).waitFor();
    await expectUnharmed();
    await page.getByTestId('trash-empty').click();
    await page.getByTestId('confirm-empty').waitFor();
    await expectUnharmed();
    await page.getByTestId('confirm-cancel').click();
    await page.getByTestId('trash-dialog').getByTestId('dialog-close').click();
  });

  it('in the settings: browsers, the audit log', async () => {
    await openSettings(page, 'sessions');
    await page
      .getByTestId('session')
      .getByText(/Mozilla <img/)
      .waitFor();
    await expectUnharmed();
    await aikore.api.as({}).refused('POST', 'api/auth/login', { password: MARKUP });
    await aikore.api.refused('POST', 'api/instances', { name: HOSTILE, base_blueprint: 'idles.sh' });
    await page.getByTestId('settings-tab-audit').click();
    await page.getByTestId('audit-table').getByText('<img src=x onerror=').first().waitFor();
    await expectUnharmed();
    await page.keyboard.press('Escape');
  });

  it('in the words of an error and in messages', async () => {
    await page.route('**/start', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/json',
        body: JSON.stringify({
          code: MARKUP,
          message: `${HOSTILE} ${'word '.repeat(2000)}${'x'.repeat(2000)}`,
          details: {},
          request_id: MARKUP,
        }),
      }),
    );
    await row().focus();
    await page.keyboard.press('s');
    await page.getByTestId('toast-error').getByTestId('notice-show-details').click();
    await expectUnharmed();
    const box = await page.getByTestId('toast-error').boundingBox();
    expect(box?.y ?? -1).toBeGreaterThanOrEqual(0);
    await page.getByTestId('notice-bell').click();
    await page.getByTestId('notice-history-entry').first().waitFor();
    await expectUnharmed();
    await page.keyboard.press('Escape');
  });
});
