import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { REFUSALS, watchDialogs } from '../support/page-faults.js';
import { waitFor } from '../support/wait.js';

const MARKUP = '<img src=x onerror=alert(1)>';

/** Everything that a blueprint can say of itself and print is hostile here. */
const HOSTILE = `### AIKORE-METADATA-START ###
# aikore.name = ${MARKUP}
# aikore.category = <script>alert(2)</script>
# aikore.description = decorated demonstration ${MARKUP}
# aikore.probe = process
### AIKORE-METADATA-END ###
echo '${MARKUP}<script>alert(3)</script>'
printf '\\033]8;;javascript:alert(4)\\033\\\\a link\\033]8;;\\033\\\\ and on\\n'
printf '\\033]0;taken\\a\\033]52;c;aGVsbG8=\\aafter title and clipboard\\n'
printf '\\342\\200\\256turned around\\n'
printf 'x%.0s' {1..10000}; echo
printf '\\033[41mdefault on red\\033[0m \\033[48;5;52mdefault on maroon\\033[0m\\n'
echo 'the last line'
exec sleep 120
`;

const DRIPPING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
for ((n = 1; n < 4000; n++)); do echo "drip $n"; sleep 0.03; done
`;

/** What is easily broken without any part of the story noticing. */
describeInBrowser('the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const row = (name: string): Locator => dashboard.row(name);
  const status = (name: string, word: string): Promise<void> => dashboard.status(name, word);
  const create = (name: string, base_blueprint: string): Promise<Instance> =>
    aikore.api.create({ name, base_blueprint });

  beforeAll(async () => {
    aikore = await lab.start();
    writeFileSync(aikore.path('custom_blueprints', 'hostile.sh'), HOSTILE);
    writeFileSync(aikore.path('custom_blueprints', 'dripping.sh'), DRIPPING);
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore, { expected: REFUSALS });
    ({ page } = dashboard);
    watchDialogs(page, dashboard.faults);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('creates what a search found best, with the keyboard alone', async () => {
    await page.keyboard.press('n');
    await page.getByTestId('create-dialog').waitFor();
    await page.locator('[data-testid="blueprint-option"][data-filename="hostile.sh"]').click();
    await page.getByTestId('blueprint-search').focus();
    await page.keyboard.type('demo');
    const chosen = page.locator('[data-testid="blueprint-option"][aria-selected="true"]');
    expect(await chosen.getAttribute('data-filename')).toBe('Demo.sh');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('field-name');
    await page.keyboard.press('Enter');
    await status('Demo', 'stopped');
    expect((await aikore.api.byName('Demo')).base_blueprint).toBe('Demo.sh');
  });

  it('creates nothing while the search finds nothing', async () => {
    await page.keyboard.press('n');
    await page.keyboard.type('demo');
    await page.keyboard.type(' of nothing');
    await page.keyboard.press('Enter');
    await page.getByTestId('field-blueprint-problem').getByText('Choose a blueprint.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByTestId('create-dialog').waitFor({ state: 'detached' });
  });

  it('shows hostile words as words', async () => {
    const { id } = await create('Hostile', 'hostile.sh');
    await aikore.api.startUp(id);
    await row('Hostile').getByText(MARKUP).first().waitFor();
    await row('Hostile').getByTestId('action-log').click();
    const log = page.getByTestId('log-lines');
    await log.getByText('the last line').waitFor();
    const text = await log.innerText();
    expect(text).toContain(`${MARKUP}<script>alert(3)</script>`);
    expect(text).toContain('a link and on');
    expect(text).toContain('after title and clipboard');
    expect(text).not.toMatch(/javascript:|aGVsbG8|taken/);
    expect(await log.locator('a, img, script').count()).toBe(0);
    expect(await page.title()).not.toContain('taken');
    await dashboard.expectNoOverflow();
    await page.getByTestId('tools-close').click();
  });

  it('says of a status only what its word does not', async () => {
    const { id } = await create('Plain', 'idles.sh');
    await aikore.api.startUp(id);
    await status('Plain', 'started');
    expect(await row('Plain').getByTestId('status-reason').textContent()).toBe('');
    await aikore.api.shutDown(id);
    await status('Plain', 'stopped');
    expect(await row('Plain').getByTestId('status-reason').textContent()).toBe('');
  });

  it('tells how a failure ended and what was said last, and shows the evidence', async () => {
    const { id } = await create('Failing', 'exits-three.sh');
    await aikore.api.command(id, 'start');
    await status('Failing', 'error');
    const reason = row('Failing').getByTestId('status-reason');
    await reason.getByText(/exit code 3 · giving up/).waitFor();
    await row('Failing').focus();
    await page.keyboard.press('ArrowRight');
    await row('Failing').getByTestId('evidence').getByText('fatal: there is no model').waitFor();
    await page.keyboard.press('ArrowLeft');
    await row('Failing').getByTestId('evidence').waitFor({ state: 'detached' });
  });

  it('follows a log through changes of its size, lets go upwards, and takes hold again with End', async () => {
    const { id } = await create('Dripping', 'dripping.sh');
    await aikore.api.startUp(id);
    await row('Dripping').getByTestId('action-log').click();
    const following = page.getByTestId('log-following');
    await page.getByTestId('log-lines').getByText('drip 60', { exact: true }).waitFor();
    for (const [width, height] of [
      [390, 844],
      [1440, 900],
      [820, 500],
      [1440, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(200);
      expect(await following.isVisible()).toBe(true);
    }
    await page.getByTestId('log-scroller').focus();
    await page.keyboard.press('PageUp');
    await following.waitFor({ state: 'hidden' });
    await page.keyboard.press('End');
    await following.waitFor();
    await page.waitForTimeout(300);
    expect(await following.isVisible()).toBe(true);
  });

  it('keeps messages off the edge of the log that says whether it follows', async () => {
    await row('Plain').getByTestId('action-power').click();
    const toast = page.getByTestId('toast-success').first();
    await toast.waitFor();
    const [above, below] = [await toast.boundingBox(), await page.getByTestId('log-following').boundingBox()];
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
    await page.getByTestId('tools-close').click();
  });

  it('offers the present values to who edits old ones', async () => {
    const { id } = await aikore.api.byName('Demo');
    await row('Demo').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('edit-dialog').waitFor();
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { launch_args: '--from elsewhere' });
    await page.getByTestId('field-autostart').check();
    await page.getByTestId('edit-submit').click();
    await page.getByTestId('edit-reload').click();
    await page.getByTestId('advanced').locator('summary').click();
    expect(await page.getByTestId('field-launch-args').inputValue()).toBe('--from elsewhere');
    await page.getByTestId('field-autostart').check();
    await page.getByTestId('edit-submit').click();
    await page.getByTestId('edit-dialog').waitFor({ state: 'detached' });
    const saved = await aikore.api.instance(id);
    expect([saved.autostart, saved.launch_args]).toEqual([true, '--from elsewhere']);
  });

  it('forgets its complaint of an outage when the server is back', async () => {
    const other = await dashboard.another();
    watchDialogs(other.page, dashboard.faults);
    await other.page.route('**/stop', (route) => route.abort());
    await other.row('Dripping').getByTestId('action-power').click();
    await other.get('toast-error').getByText('AiKore does not answer').first().waitFor();
    await aikore.signal('SIGKILL');
    await other.lost();
    aikore = await lab.start(aikore.ports, aikore.dataDir);
    await other.live();
    await other.get('toast-error').waitFor({ state: 'detached' });
    await other.page.close();
  });

  it('keeps the row in sight whose log opens, among many', async () => {
    for (let number = 1; number <= 60; number += 1) await create(`Many ${number}`, 'idles.sh');
    await row('Many 60').waitFor();
    await page.getByTestId('filter').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.press('l');
    await page.getByTestId('tools').waitFor();
    const bottomOf = async (place: Locator): Promise<number> => {
      const box = await place.boundingBox();
      return (box?.y ?? 0) + (box?.height ?? 0);
    };
    await waitFor('the row is above the tools', async () => {
      return (await bottomOf(row('Many 60'))) <= (await bottomOf(page.getByTestId('divider'))) + 1;
    });
    expect(await page.getByTestId('log-download').getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('/');
    await page.keyboard.type('many 7');
    await row('Many 8').waitFor({ state: 'detached' });
    expect(await page.getByTestId('row').count()).toBe(6);
  });
});
