import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { otherBuild } from '../support/other-build.js';
import { isAlive } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const COUNTING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
for ((n = 1; n < 100000; n++)); do echo "count $n"; sleep 0.05; done
`;

/** The server goes and comes back; whoever has the dashboard open loses nothing by it. */
describeInBrowser('a server that restarts under an open page', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  let counting: number;

  /** The same AiKore again, where the page looks for it. */
  const comeBack = async (env: Record<string, string> = {}, main?: string): Promise<void> => {
    aikore = await lab.launch(aikore.dataDir, { ...SIGN_IN, ...aikore.ports, ...env }, main).ready();
    await dashboard.live();
  };
  const counted = async (): Promise<number[]> =>
    (await dashboard.lines()).map((line) => Number(line.replace('count ', '')));
  /** Every line is there once, also those of the time without a server, and more keep coming. */
  const expectUnbroken = async (lastBefore: number): Promise<void> => {
    const numbers = await waitFor('lines from after the restart', async () => {
      const seen = await counted();
      return (seen.at(-1) ?? 0) > lastBefore + 20 && seen;
    });
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(numbers[0]).toBeLessThanOrEqual(lastBefore);
  };

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'counting.sh'), COUNTING);
    const { id } = await aikore.api.create({ name: 'Counting', base_blueprint: 'counting.sh' });
    counting = id;
    await aikore.api.startUp(id);
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
    await dashboard.openLog('Counting');
    await dashboard.get('log-following').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('killed: the followed log goes on, and a form that was being filled is unharmed', async () => {
    await page.keyboard.press('Escape');
    await dashboard.openLog('Counting');
    await dashboard.get('new-instance').click();
    await page.locator('[data-testid="blueprint-option"][data-filename="counting.sh"]').click();
    await dashboard.get('field-name').fill('Half filled');
    await dashboard.get('advanced').locator('summary').click();
    await dashboard.get('field-launch-args').fill('--kept "as it is"');
    const { pid } = await aikore.api.instance(counting);
    const lastBefore = (await counted()).at(-1) ?? 0;
    await aikore.signal('SIGKILL');
    await dashboard.lost();
    expect(isAlive(pid ?? 0)).toBe(true);
    await comeBack();
    await expectUnbroken(lastBefore);
    expect(await dashboard.get('field-name').inputValue()).toBe('Half filled');
    expect(await dashboard.get('field-launch-args').inputValue()).toBe('--kept "as it is"');
    await dashboard.get('create-submit').click();
    await dashboard.get('create-dialog').waitFor({ state: 'detached' });
    await dashboard.status('Half filled', 'stopped');
    expect((await aikore.api.byName('Half filled')).launch_args).toBe('--kept "as it is"');
    expect(await aikore.api.instance(counting)).toMatchObject({ pid, status: 'started' });
  });

  it('killed under the form of an instance: what was typed can be saved', async () => {
    await dashboard.row('Half filled').focus();
    await page.keyboard.press('Enter');
    await dashboard.get('edit-dialog').waitFor();
    await dashboard.get('advanced').locator('summary').click();
    await dashboard.get('field-launch-args').fill('--typed before');
    await aikore.signal('SIGKILL');
    await dashboard.lost();
    await dashboard.get('edit-submit').click();
    await dashboard.get('form-error').waitFor();
    expect(await dashboard.get('field-launch-args').inputValue()).toBe('--typed before');
    await comeBack();
    expect(await dashboard.get('field-launch-args').inputValue()).toBe('--typed before');
    await dashboard.get('edit-submit').click();
    await dashboard.get('edit-dialog').waitFor({ state: 'detached' });
    expect((await aikore.api.byName('Half filled')).launch_args).toBe('--typed before');
  });

  it('lets a reader stay where he reads', async () => {
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('Home');
    await dashboard.get('log-lines').getByText('count 1', { exact: true }).waitFor();
    await aikore.signal('SIGKILL');
    await dashboard.lost();
    await comeBack();
    await page.waitForTimeout(500);
    expect((await counted())[0]).toBe(1);
    await page.keyboard.press('End');
    await dashboard.get('log-following').waitFor();
    await expectUnbroken((await counted()).at(-1) ?? 0);
  });

  it('ended in order but leaving its instances: nobody notices', async () => {
    await aikore.signal('SIGKILL');
    await comeBack({ AIKORE_KEEP_INSTANCES: '1' });
    const { pid, run } = await aikore.api.instance(counting);
    await waitFor('the log flows', async () => (await counted()).length > 100);
    const lastBefore = (await counted()).at(-1) ?? 0;
    expect(await aikore.signal('SIGTERM')).toEqual({ code: 0, signal: null });
    await dashboard.lost();
    await comeBack();
    await expectUnbroken(lastBefore);
    expect(await aikore.api.instance(counting)).toMatchObject({ pid, run, status: 'started' });
    expect(await dashboard.get('toast-error').count()).toBe(0);
  });

  it('comes back as a newer version, and offers its new dashboard', async () => {
    const main = otherBuild(join(lab.root, 'newer'), '99.0.0');
    await aikore.signal('SIGKILL');
    await comeBack({}, main);
    await dashboard
      .get('toast-info')
      .getByText(/version 99\.0\.0/)
      .waitFor();
    await dashboard.get('toast-info').getByRole('button', { name: 'Reload' }).click();
    await dashboard.live();
    await aikore.signal('SIGKILL');
    await comeBack();
  });
});
