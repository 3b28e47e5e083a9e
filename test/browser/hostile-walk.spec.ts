import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { useLab } from '../support/lab.js';
import { TerminalPage } from '../support/terminal-page.js';
import { WatchedContext } from '../support/watched-context.js';

const PASSWORD = 'correct horse battery staple';
const MARKUP = '<img src=x onerror="window.broken=1">';
const TURNED = '\u202egnp.exe\u202c\u2066';
/** The original AiKore took such a name; folders have it too. */
const NAME = `${MARKUP}${TURNED} ${'W'.repeat(120)}`;

/** Fails in the words of a program that means harm, under a script that no checker can read. */
const SCRIPT = `### AIKORE-METADATA-START ###
# aikore.name = ${MARKUP}${TURNED}
# aikore.${MARKUP} = x
# aikore.probe = ${MARKUP}
### AIKORE-METADATA-END ###
echo "ModuleNotFoundError: No module named '<img/src=x/onerror=window.broken=1>'"
exit 1
if <img src=x onerror="window.broken=1"> ${'w'.repeat(10_000)}
`;

/** Everywhere that a hostile instance can be looked at: words stay words, and nothing is asked of other hosts. */
describeInBrowser('an instance of hostile words', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let context: BrowserContext;
  let watched: WatchedContext;
  let page: Page;
  let id: number;

  const row = () => page.locator(`[data-testid="row"][data-id="${String(id)}"]`);
  const expectUnharmed = async (): Promise<void> => {
    expect(await page.evaluate('window.broken ?? null')).toBeNull();
    expect(await page.title()).toMatch(/AiKore$/);
    expect(await page.locator('img[src="x"], body script:not([src])').count()).toBe(0);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  };
  const untilLive = (): Promise<void> =>
    page.locator('[data-testid="connection"][data-state="live"]').waitFor();
  const openTool = async (key: string): Promise<void> => {
    await row().focus();
    await page.keyboard.press(key);
    await page.getByTestId('tools-name').getByText('<img src=x').waitFor();
  };

  beforeAll(async () => {
    const dataDir = lab.dataDir();
    const first = await lab.start({}, dataDir);
    writeFileSync(first.path('custom_blueprints', 'harm.sh'), SCRIPT);
    ({ id } = await first.api.create({ name: 'Plain', base_blueprint: 'harm.sh' }));
    await first.stop();
    const database = new Database(first.path('aikore.db'));
    database
      .prepare('UPDATE instances SET name = ?, hostname = ?, launch_args = ? WHERE id = ?')
      .run(NAME, `javascript:window.broken=1//${MARKUP}`, MARKUP, id);
    database.close();
    mkdirSync(first.home(NAME), { recursive: true });
    writeFileSync(first.home(NAME, 'launch.sh'), SCRIPT);
    aikore = await lab.start({ AIKORE_PASSWORD: PASSWORD }, dataDir);
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    watched = new WatchedContext(context, aikore.dashboardUrl);
    page = await context.newPage();
    await page.goto(aikore.dashboardUrl);
    await page.getByTestId('signin-password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await untilLive();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    expect(watched.faults).toEqual([]);
    expect(watched.seenCount).toBeGreaterThan(20);
  });

  it('is a row, with what happened, a menu and questions', async () => {
    expect(await row().getByTestId('row-name').textContent()).toContain(MARKUP);
    await row().focus();
    await page.keyboard.press('ArrowRight');
    await row().getByTestId('evidence').getByText('<img/src=x/onerror').first().waitFor();
    await expectUnharmed();
    await row().getByTestId('action-menu').click();
    await page.getByTestId('menu-instance.delete').click();
    await page.getByTestId('confirm-delete').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.getByTestId('confirm-cancel').click();
  });

  it('is told of in messages, in the palette and to screen readers', async () => {
    await row().focus();
    await page.keyboard.press('s');
    await page.getByTestId('toasts').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await aikore.api.reaches(id, 'error');
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-input').fill('<img');
    await page.getByTestId('palette-option').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.keyboard.press('Escape');
  });

  it('has its details', async () => {
    await row().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('edit-dialog').getByText(MARKUP).first().waitFor();
    await page.getByTestId('advanced').locator('summary').click();
    expect(await page.getByTestId('field-launch-args').inputValue()).toBe(MARKUP);
    const links = await page.locator('a[href]').evaluateAll((found) => found.map((link) => String(link)));
    expect(links.filter((href) => !href.startsWith('http'))).toEqual([]);
    await expectUnharmed();
    await page.keyboard.press('Escape');
    await page.getByTestId('edit-dialog').waitFor({ state: 'detached' });
  });

  it('has its script, what is wrong with it, its versions and a blueprint', async () => {
    await openTool('e');
    await page.locator('.cm-content').first().getByText(MARKUP).first().waitFor();
    await page.getByTestId('findings-button').last().click();
    await page.getByTestId('finding').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('script-compare').last().click();
    await page.getByTestId('compare').waitFor();
    await expectUnharmed();
    await page.getByTestId('compare-close').click();
    await page.locator('.cm-content').last().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`# ${MARKUP}\n`);
    await page.getByTestId('script-save').last().click();
    await page.getByTestId('script-history').last().click();
    await page.getByTestId('history-version').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('history-close').click();
    await row().focus();
    await page.keyboard.press('b');
    await page.locator('[data-testid="blueprints-item"][data-filename="harm.sh"]').click();
    await page.getByTestId('blueprint-users').getByText(MARKUP).waitFor();
    await expectUnharmed();
    await page.getByTestId('blueprints-dialog').getByTestId('dialog-close').click();
  });

  it('has terminals, where a program may be called anything', async () => {
    await openTool('t');
    const terminal = new TerminalPage(page);
    await terminal.openNew();
    const program = aikore.home(NAME, '<img src=x>');
    copyFileSync('/bin/sleep', program);
    chmodSync(program, 0o755);
    await terminal.run(`printf '\\033]0;${MARKUP}\\007'; './<img src=x>' 600`);
    await terminal.tabs.getByText('<img src=x').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('terminal-tab-close').first().click();
    await page.getByTestId('confirm-terminal-close').getByText('<img src=x').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('confirm-ok').click();
    await page.getByTestId('terminal-empty').waitFor();
  });

  it('has a view, versions and a log', async () => {
    await openTool('v');
    await page.getByTestId('view-instead').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.getByTestId('tool-tab-environment').click();
    await page.getByTestId('environment-view-versions').click();
    await page.getByTestId('versions-check').click();
    await page.getByTestId('versions-environment').waitFor({ timeout: 60_000 });
    await expectUnharmed();
    await openTool('l');
    await page.getByTestId('log-lines').getByText('<img/src=x').first().waitFor();
    await page.getByTestId('log-failure').getByText('<img/src=x').first().waitFor();
    await expectUnharmed();
    await page.getByTestId('tools-close').click();
  });

  it('is in the list of ports and in the audit log', async () => {
    await page.evaluate(`location.hash = '#settings=ports'`);
    await page.getByTestId('settings-ports').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.getByTestId('settings-tab-audit').click();
    await page.getByTestId('audit-table').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.keyboard.press('Escape');
  });

  it('is removed and comes back', async () => {
    await row().focus();
    await row().getByTestId('action-menu').click();
    await page.getByTestId('menu-instance.trash').click();
    await page.getByTestId('confirm-ok').click();
    await row().waitFor({ state: 'detached' });
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-trash').click();
    await page.getByTestId('trash-entry').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.getByTestId('trash-entry').first().getByTestId('trash-delete').click();
    await page.getByTestId('confirm-purge').getByText(MARKUP).first().waitFor();
    await expectUnharmed();
    await page.getByTestId('confirm-cancel').click();
    await page.getByTestId('trash-dialog').getByTestId('dialog-close').click();
    await page.reload();
    await untilLive();
    await expectUnharmed();
  });
});
