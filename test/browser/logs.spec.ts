import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { expectAccessible } from '../support/axe.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { Emitter } from '../support/emitter.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const FAILING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
echo "before run $(cat count 2>/dev/null | wc -l)"; echo x >>count
if [ "$(wc -l <count)" -ge 3 ]; then for ((n = 1; n < 2000; n++)); do echo "drip $n"; sleep 0.05; done; fi
echo "ModuleNotFoundError: No module named 'einops'"
exit 3
`;

/** Numbers of \`numbers-lines.sh\`, each in a line of 100 bytes. */
const numbersOf = (lines: readonly string[]): number[] =>
  lines.filter((line) => /^\d{99}$/.test(line)).map(Number);

/** What an operator does with logs, on real processes. */
describeInBrowser('logs in the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const run = async (name: string, base_blueprint: string): Promise<number> => {
    const { id } = await aikore.api.create({ name, base_blueprint });
    await aikore.api.startUp(id);
    return id;
  };
  /** Prints so many numbered lines of 100 bytes. */
  const printNumbers = async (name: string, count: number): Promise<number> => {
    const id = await run(name, 'numbers-lines.sh');
    writeFileSync(aikore.home(name, 'go'), `${count}\n`);
    const logSize = async (): Promise<number> =>
      (await aikore.api.expect<{ size: number }>(200, 'GET', `api/instances/${id}/logs?offset=-1`)).size;
    await waitFor('all lines are printed', async () => (await logSize()) === count * 100, 60_000);
    return id;
  };
  const following = () => dashboard.get('log-following');
  const hits = (text: string): Promise<void> => dashboard.get('log-search-count').getByText(text).waitFor();
  const expectUnbroken = async (): Promise<number[]> => {
    const numbers = numbersOf(await dashboard.lines());
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    return numbers;
  };
  const scrollBy = (pixels: number): Promise<void> =>
    page.evaluate(`document.querySelector('.log-scroller').scrollBy(0, ${pixels})`);
  const goTo = async (goal: string): Promise<void> => {
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('g');
    await dashboard.get('log-go-field').fill(goal);
    await page.keyboard.press('Enter');
    await dashboard.get('log-go-dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'failing.sh'), FAILING);
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('opens a long log at its end at once, and leads through it in bounded memory', async () => {
    const count = 1_500_000;
    await printNumbers('Long', count);
    await dashboard.openLog('Long');
    const last = String(count).padStart(99, '0');
    await dashboard.get('log-lines').getByText(last).waitFor({ timeout: 20_000 });
    const before = await dashboard.heapBytes();
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('Home');
    await dashboard.get('log-lines').getByText('1'.padStart(99, '0')).waitFor();
    expect((await expectUnbroken())[0]).toBe(1);
    await following().waitFor({ state: 'hidden' });
    await goTo('50 %');
    await dashboard.get('log-place').getByText('50 %').waitFor();
    const middle = await expectUnbroken();
    expect(Math.abs((middle[0] ?? 0) - count / 2)).toBeLessThan(2000);
    for (let turn = 0; turn < 40; turn += 1) {
      const [deltaY, isUpwards] = turn % 2 === 0 ? [-30_000, true] : [20_000, false];
      await scrollBy(deltaY);
      await page.waitForTimeout(40);
      const numbers = await expectUnbroken();
      expect(numbers.length).toBeLessThanOrEqual(1600);
      if (isUpwards) expect(numbers.length).toBeGreaterThan(100);
    }
    for (let percent = 1; percent < 100; percent += 11) await goTo(`${percent}`);
    expect((await dashboard.heapBytes()) - before).toBeLessThan(30_000_000);
    await page.keyboard.press('End');
    await dashboard.get('log-lines').getByText(last).waitFor();
    await following().waitFor();
  });

  it('goes where it was sent last, when an earlier way takes longer', async () => {
    const last = dashboard.get('log-lines').getByText(String(1_500_000).padStart(99, '0'));
    let answer = (): void => undefined;
    const isAllowed = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/logs\?.*offset=-1&/, async (route) => {
      await isAllowed;
      await route.continue();
    });
    const asked = page.waitForRequest(/\/logs\?.*offset=-1&/);
    await goTo('50 %');
    await asked;
    await page.keyboard.press('Home');
    await following().waitFor({ state: 'hidden' });
    await page.keyboard.press('End');
    await last.waitFor();
    await following().waitFor();
    const answered = page.waitForResponse(/\/logs\?.*offset=-1&/);
    answer();
    await (await answered).finished();
    await page.unrouteAll();
    // Whatever the answer led to would be in the page by then.
    await page.waitForTimeout(1000);
    expect(await following().isVisible()).toBe(true);
    expect(await last.isVisible()).toBe(true);
  });

  it('keeps the place while more is fetched in either direction', async () => {
    await goTo('30');
    await dashboard.get('log-place').getByText('30 %').waitFor();
    const topNumber = async (): Promise<number> =>
      Number(
        await page.evaluate(`(() => {
          const box = document.querySelector('.log-scroller').getBoundingClientRect();
          return document.elementFromPoint(box.x + 60, box.y + 12).closest('.log-line').textContent;
        })()`),
      );
    for (const step of [-900, 900]) {
      let before = await topNumber();
      for (let turn = 0; turn < 25; turn += 1) {
        await scrollBy(step);
        // 900 pixels are 50 lines of 18; what is fetched moves nothing, before it comes and afterwards.
        const from = before;
        const isInPlace = async (): Promise<boolean> => Math.abs((await topNumber()) - from - step / 18) <= 1;
        await waitFor('the lines are where they were scrolled to', isInPlace);
        await page.waitForTimeout(50);
        expect(await isInPlace()).toBe(true);
        before = await topNumber();
      }
    }
  });

  it('finds in the whole file, forwards and backwards, with keys', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('00777');
    // 1,111 numbers that begin with 777, 1007770 to 1007779, and 14 that end with 00777.
    await hits('of 1,135');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Enter');
    await dashboard.get('log-search').fill(`${'0'.repeat(93)}123456`);
    await hits('1 of 1');
    await dashboard.get('log-lines').getByText('123456'.padStart(99, '0')).waitFor();
    await expectUnbroken();
    await dashboard.get('log-search').fill('0099999');
    // 99999 and 999990 to 999999.
    await hits('of 11');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await dashboard.get('log-search').inputValue()).toBe('');
    await dashboard.get('log-search').fill('no such thing');
    await hits('no hits');
    await dashboard.get('log-search').fill('000042\n');
    await page.keyboard.press('Escape');
  });

  it('goes from hit to hit with n and N, minds the case on demand, and counts what is printed later', async () => {
    const emitter = await Emitter.start(aikore, 'Talking');
    await emitter.print('one Error\ntwo error\nthree ERROR\n');
    await dashboard.openLog('Talking');
    await dashboard.get('log-lines').getByText('three ERROR').waitFor();
    // From the row as well, where opening a log with a key leaves the focus.
    await page.locator('[data-testid="row"][data-name="Talking"]').focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('error');
    await hits('3 of 3');
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('N');
    await hits('2 of 3');
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await hits('1 of 3');
    await dashboard.get('log-search-case').click();
    await hits('1 of 1');
    await dashboard.get('log-search-case').click();
    await emitter.print('four error\n');
    await hits('of 4');
    await dashboard.get('log-search').fill('');
  });

  it('says while it reads how much has come, and follows again', async () => {
    const emitter = await Emitter.start(aikore, 'Growing');
    await emitter.print(Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join(''));
    await dashboard.openLog('Growing');
    await dashboard.get('log-lines').getByText('line 199', { exact: true }).waitFor();
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('PageUp');
    await following().waitFor({ state: 'hidden' });
    // Keys scroll smoothly.
    let top = -1;
    await waitFor('the log stands still', async () => {
      const before = top;
      await page.waitForTimeout(300);
      top = await page.evaluate<number>(`document.querySelector('.log-scroller').scrollTop`);
      return top === before;
    });
    const told = /\(([\d,]+) more lines\)/;
    const before = Number(told.exec((await dashboard.get('log-jump').textContent()) ?? '')?.[1]);
    await emitter.print('new\n'.repeat(1234));
    await waitFor('the button counts', async () => {
      const text = (await dashboard.get('log-jump').textContent()) ?? '';
      return Number(told.exec(text)?.[1]?.replace(',', '')) === before + 1234;
    });
    await dashboard.get('log-jump').click();
    await following().waitFor();
    await emitter.print('the very last\n');
    await dashboard.get('log-lines').getByText('the very last').waitFor();
  });

  it('keeps earlier runs, shown whole and not followed, and finds in all of them', async () => {
    const { id } = await aikore.api.create({ name: 'Runner', base_blueprint: 'failing.sh' });
    for (let turn = 0; turn < 2; turn += 1) {
      await aikore.api.command(id, 'start');
      await aikore.api.reaches(id, 'error');
    }
    await aikore.api.startUp(id);
    await dashboard.openLog('Runner');
    await dashboard.get('log-run').getByText('run 3 (now)').waitFor();
    await dashboard.get('log-runs').click();
    await dashboard.get('log-run-2').getByText('exit code 3').waitFor();
    expect(await page.locator('[data-testid="menu"] .menu-item').count()).toBe(3);
    await dashboard.get('log-run-1').click();
    await dashboard.get('log-lines').getByText('einops').waitFor();
    expect(await dashboard.lines()).toEqual([
      'before run 0',
      "ModuleNotFoundError: No module named 'einops'",
    ]);
    expect(await following().isVisible()).toBe(false);
    expect(await dashboard.get('log-download').getAttribute('href')).toContain('run=1');
    await page.waitForTimeout(300);
    expect(await dashboard.lines()).toHaveLength(2);
    await dashboard.get('log-search').fill('before run');
    await hits('1 of 1');
    await dashboard.get('log-search-runs').click();
    await hits('of 3');
    await dashboard.get('log-search').focus();
    await page.keyboard.press('Enter');
    await waitFor(
      'a hit of another run',
      async () => (await dashboard.get('log-run').textContent()) !== 'run 1',
    );
    await dashboard.get('log-search-runs').click();
    await dashboard.get('log-search').fill('');
    if (await dashboard.get('log-jump').isVisible()) await dashboard.get('log-jump').click();
    await following().waitFor();
    await aikore.api.shutDown(id);
  });

  it('draws progress as a terminal does, links to the web only', async () => {
    await run('Drawing', 'draws-progress.sh');
    await dashboard.openLog('Drawing');
    await dashboard.get('log-lines').getByText('all drawn').waitFor();
    expect(await dashboard.lines()).toEqual([
      '100%|█████     | 100/100 [00:01<00:00, 99.1it/s]',
      '   ━━━━ 2.8/2.8 MB eta 0:00:01',
      'Downloading 100%',
      'Extracting 50%',
      'layer a: done',
      'layer b: done',
      'the documents and no link',
      'never ended',
      'plain again',
      'all drawn',
    ]);
    const links = dashboard.get('log-lines').locator('a');
    const addresses = await Promise.all((await links.all()).map((link) => link.getAttribute('href')));
    expect(addresses).toEqual(['https://example.org/docs', 'https://example.org/open']);
    expect(await links.allTextContents()).toEqual(['the documents', 'never ended']);
    expect(await links.first().getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('shows when lines were printed, and copies them without', async () => {
    await dashboard.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const emitter = await Emitter.start(aikore, 'Timed');
    await emitter.print('first\n\n');
    await page.waitForTimeout(1500);
    await emitter.print('  last\n');
    await dashboard.openLog('Timed');
    await dashboard.get('log-lines').getByText('last').waitFor();
    await dashboard.get('log-times').click();
    const gutter = (index: number): Promise<string | null> =>
      page.locator('.log-line').nth(index).getAttribute('data-gutter');
    await waitFor('all lines have their times', async () => (await gutter(2)) !== null);
    const seconds = (text: string | null): number =>
      (text ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    expect(seconds(await gutter(2)) - seconds(await gutter(0))).toBeGreaterThanOrEqual(1);
    const now = new Date();
    expect(
      Math.abs(seconds(await gutter(2)) - (now.getHours() * 60 + now.getMinutes()) * 60 - now.getSeconds()),
    ).toBeLessThan(60);
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('first\n\n  last');
    await dashboard.get('log-times').click();
  });

  it('counts in another log what was looked for, without leaving its end', async () => {
    await dashboard.openLog('Drawing');
    await dashboard.get('log-search').fill('line');
    await hits('no hits');
    await dashboard.openLog('Growing');
    await hits('200');
    expect(await following().isVisible()).toBe(true);
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('N');
    await hits('200 of 200');
    await dashboard.get('log-search').fill('');
  });

  it('is read larger and smaller, wrapped or not, from the place where one reads', async () => {
    await dashboard.openLog('Growing');
    await dashboard.get('log-scroller').focus();
    const size = (): Promise<string> =>
      page.evaluate(`getComputedStyle(document.querySelector('.log-lines')).fontSize`);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await size()).toBe('14px');
    await page.keyboard.press('0');
    expect(await size()).toBe('12px');
    await page.keyboard.press('Home');
    await dashboard.get('log-lines').getByText('line 0', { exact: true }).waitFor();
    await dashboard.get('log-wrap').click();
    expect((await dashboard.lines())[0]).toBe('line 0');
    expect(await following().isVisible()).toBe(false);
    await dashboard.get('log-wrap').click();
    await dashboard.get('log-clear').click();
    await dashboard.get('log-lines').getByText('line 0', { exact: true }).waitFor({ state: 'detached' });
    await dashboard.get('log-older').click();
    await dashboard.get('log-lines').getByText('the very last').waitFor();
  });

  it('explains a crash above the log and offers what helps', async () => {
    const { id } = await aikore.api.create({ name: 'Crashed', base_blueprint: 'failing.sh' });
    await aikore.api.command(id, 'start');
    await aikore.api.reaches(id, 'error');
    await dashboard.openLog('Crashed');
    await dashboard
      .get('log-failure-text')
      .getByText(/einops/)
      .waitFor();
    await dashboard.get('log-remedy-rebuild').click();
    await dashboard.get('confirm-rebuild').waitFor();
    await dashboard.get('confirm-cancel').click();
    await dashboard.get('log-failure-dismiss').click();
    await dashboard.get('log-failure').waitFor({ state: 'hidden' });
  });

  it('is accessible in both themes, on a telephone and at 200 %', async () => {
    await dashboard.openLog('Drawing');
    await dashboard.get('log-search').fill('drawn');
    await hits('1 of 1');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [width, height] of [
        [1440, 900],
        // 1440 × 900 at 200 %.
        [720, 450],
        [390, 844],
      ] as const) {
        await page.setViewportSize({ width, height });
        await expectAccessible(page, '[data-testid="tools"]');
        await dashboard.expectNoOverflow();
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await dashboard.get('log-search').fill('');
  });
});
