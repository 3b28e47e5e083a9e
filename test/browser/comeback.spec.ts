import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { otherBuild, renameAssets } from '../support/other-build.js';
import { isAlive } from '../support/processes.js';
import { TerminalPage } from '../support/terminal-page.js';
import { waitFor } from '../support/wait.js';

const COUNTING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
for ((n = 1; n < 100000; n++)); do echo "count $n"; sleep 0.05; done
`;

/** Everything that somebody may have open at once, under one page that is never reloaded. */
describeInBrowser('a server that goes and comes back', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  let terminal: TerminalPage;
  let counting: number;
  let shell: string;

  const lost = (): Promise<void> => page.locator('[data-testid="connection"][data-state="lost"]').waitFor();
  const comeBack = async (env: Record<string, string> = {}, main?: string): Promise<void> => {
    const ports = { AIKORE_PORT: String(aikore.port), AIKORE_APPS_PORT: String(aikore.appsPort) };
    aikore = await lab.launch(aikore.dataDir, { ...SIGN_IN, ...ports, ...env }, main).ready();
    await dashboard.live();
  };
  const tool = (id: string): Promise<void> => page.getByTestId(`tool-tab-${id}`).click();
  const counted = async (): Promise<number[]> =>
    (await dashboard.lines()).map((line) => Number(line.replace('count ', '')));
  /** Not one line of the log is missing or there twice, and more keep coming. */
  const expectUnbroken = async (lastBefore: number): Promise<void> => {
    const numbers = await waitFor(
      'lines from after the restart',
      async () => {
        const seen = await counted();
        return (seen.at(-1) ?? 0) > lastBefore + 20 && seen;
      },
      30_000,
    );
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(numbers[0]).toBeLessThanOrEqual(lastBefore);
  };
  const lastCounted = async (): Promise<number> => (await counted()).at(-1) ?? 0;
  const toasts = (): Promise<string[]> =>
    page.getByTestId('toasts').locator('[data-testid^="toast-"]').allTextContents();
  /** What was done is told; that the server was away is the banner's alone. */
  const expectNoTrouble = async (): Promise<void> => {
    expect(await page.locator('[data-testid="toast-error"], [data-testid="toast-warning"]').count()).toBe(0);
  };
  const text = async (): Promise<string> =>
    (await page.getByTestId('script-panel').locator('.cm-content').last().innerText()).replace(
      /\u00a0/g,
      ' ',
    );
  /** Closes the loop of a running program: what was typed before and what is typed now are one line. */
  const expectTyping = async (before: string, more: string): Promise<void> => {
    await tool('terminal');
    await terminal.focus();
    await page.keyboard.type(`${more}\n`);
    // As it was typed, and as the program that had waited for it says it again.
    await terminal.waitForText(new RegExp(`^${before}${more}\n${before}${more}$`, 'm'));
    expect(isAlive(Number(shell))).toBe(true);
  };

  beforeAll(async () => {
    aikore = await lab.start({ ...SIGN_IN, HOME: lab.root });
    writeFileSync(aikore.path('custom_blueprints', 'counting.sh'), COUNTING);
    const { id } = await aikore.api.create({ name: 'Counting', base_blueprint: 'counting.sh' });
    counting = id;
    await aikore.api.create({ name: 'Edited', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(id);
    browser = await launchBrowser();
    // A part that an upgrade took away is not found, which is what the last case is about.
    dashboard = await DashboardPage.open(browser, aikore, { expected: /status of 404 .*assets/ });
    ({ page } = dashboard);
    terminal = new TerminalPage(page);
    await page.evaluate('window.neverReloaded = true');
    await terminal.show('Counting');
    await terminal.openNew();
    shell = await terminal.ask('$$');
    await terminal.run('cat');
    await page.keyboard.type('typed before');
    await terminal.waitForText(/^typed before$/m);
    await tool('script');
    await page.getByTestId('script-panel').locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('# not saved yet');
    await page.getByTestId('script-state').getByText('Unsaved changes', { exact: true }).waitFor();
    await tool('log');
    await dashboard.get('log-following').waitFor();
    await waitFor('the log flows', async () => (await counted()).length > 20);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('killed: terminal, log, script, changed row and half-filled form are as they were', async () => {
    const edited = dashboard.row('Edited');
    await edited.focus();
    await page.keyboard.press('F2');
    await page.getByTestId('edit-name').fill('Edited here');
    await page.keyboard.press('Enter');
    await page.getByTestId('save-changes').getByText('Save changes (1)').waitFor();
    await page.getByTestId('new-instance').click();
    await page.locator('[data-testid="blueprint-option"][data-filename="counting.sh"]').click();
    await page.getByTestId('field-name').fill('Half filled');
    const { pid, run } = await aikore.api.instance(counting);
    const lastBefore = await lastCounted();

    await aikore.signal('SIGKILL');
    await lost();
    await page.getByTestId('connection-banner').getByText('AiKore does not answer.').waitFor();
    expect(await toasts()).toEqual([]);
    await comeBack({ AIKORE_KEEP_INSTANCES: '1' });
    await page.getByTestId('connection-banner').waitFor({ state: 'hidden' });

    await expectUnbroken(lastBefore);
    expect(await page.getByTestId('field-name').inputValue()).toBe('Half filled');
    await page.getByTestId('create-submit').click();
    await page.getByTestId('create-dialog').waitFor({ state: 'detached' });
    await dashboard.status('Half filled', 'stopped');
    await page.getByTestId('save-changes').getByText('Save changes (1)').waitFor();
    await edited.getByTestId('row-name').getByText('Edited here').waitFor();
    await expectTyping('typed before', ', and after');
    await tool('script');
    expect(await text()).toContain('# not saved yet');
    await page.getByTestId('script-state').getByText('Unsaved changes', { exact: true }).waitFor();
    expect(await aikore.api.instance(counting)).toMatchObject({ pid, run, status: 'started' });
    await expectNoTrouble();
    expect(await page.evaluate('window.neverReloaded')).toBe(true);
  });

  it('ended in order but leaving its instances: the same, also for a field that is being typed in', async () => {
    await tool('terminal');
    await terminal.focus();
    await page.keyboard.type('once more');
    await terminal.waitForText(/^once more$/m);
    await tool('log');
    await dashboard.get('log-following').waitFor();
    await waitFor('the log flows', async () => (await counted()).length > 20);
    const { pid, run } = await aikore.api.instance(counting);
    const lastBefore = await lastCounted();
    await dashboard.row('Half filled').focus();
    await page.keyboard.press('F2');
    await page.getByTestId('edit-name').fill('Half edited');

    expect(await aikore.signal('SIGTERM')).toEqual({ code: 0, signal: null });
    await lost();
    await page.getByTestId('connection-banner').getByText('AiKore does not answer.').waitFor();
    await comeBack({ AIKORE_KEEP_INSTANCES: '1' });
    await page.getByTestId('connection-banner').waitFor({ state: 'hidden' });

    await expectUnbroken(lastBefore);
    await page.locator('[data-testid="edit-name"]:focus').waitFor();
    expect(await page.getByTestId('edit-name').inputValue()).toBe('Half edited');
    await page.keyboard.press('Enter');
    await page.getByTestId('save-changes').getByText('Save changes (2)').waitFor();
    await page.getByTestId('save-changes').click();
    await page.getByTestId('changes-save').click();
    await dashboard.row('Half edited').waitFor();
    await dashboard.row('Edited here').waitFor();
    await expectTyping('once more', ', and again');
    await tool('script');
    await page.getByTestId('script-save').click();
    await waitFor('the script is saved', () =>
      readFileSync(aikore.home('Counting', 'launch.sh'), 'utf8').includes('# not saved yet'),
    );
    expect(await aikore.api.instance(counting)).toMatchObject({ pid, run, status: 'started' });
    await expectNoTrouble();
    expect(await page.evaluate('window.neverReloaded')).toBe(true);
  });

  it('comes back with other files: a part that was not loaded yet says so, and drafts are kept', async () => {
    await page.getByTestId('script-panel').locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('# kept as a draft');
    const main = otherBuild(join(lab.root, 'other'));
    renameAssets(main);
    await aikore.signal('SIGKILL');
    await lost();
    await tool('environment');
    await page
      .getByTestId('tool-missing')
      .getByText(/AiKore does not answer/)
      .waitFor();
    await comeBack({}, main);
    await page.getByTestId('tool-missing-retry').click();
    await page
      .getByTestId('tool-missing')
      .getByText(/AiKore was updated while this page was open/)
      .waitFor();
    expect(await page.getByTestId('toast-error').allTextContents()).toEqual([
      expect.stringContaining('AiKore was updated while this page was open'),
    ]);
    // News of the instance ask for nothing again.
    await aikore.api.expect(200, 'PATCH', `api/instances/${counting}`, { autostart: true });
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByTestId('tool-missing-reload').click();
    await page.getByTestId('environment-tool').waitFor();
    await dashboard.live();
    await tool('script');
    await page.getByTestId('draft-restore').click();
    expect(await text()).toContain('# kept as a draft');
    expect(await page.evaluate('window.neverReloaded')).toBeUndefined();
  });
});
