import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

/** What a page may keep of a flood: lines on the screen, what waits to be drawn, and what the browser holds of it. */
const MOST_HEAP_BYTES = 40_000_000;

/** Notes the longest pause between two frames. */
const WATCH_FRAMES = `(() => {
  let last = performance.now();
  globalThis.longestPauseMs = 0;
  const note = (now) => {
    globalThis.longestPauseMs = Math.max(globalThis.longestPauseMs, now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
})()`;

describeInBrowser('a flooding log', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const flood = async (name: string): Promise<void> => {
    const { id } = await aikore.api.create({ name, base_blueprint: 'floods.sh' });
    await aikore.api.startUp(id);
    await dashboard.openLog(name);
    await dashboard.get('log-lines').getByText('ready to flood').waitFor();
  };

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('of 100 MB leaves the page usable, its memory bounded, and ends at its end', async () => {
    await flood('Flood');
    const before = await dashboard.heapBytes();
    await page.evaluate(WATCH_FRAMES);
    writeFileSync(aikore.home('Flood', 'go'), '');
    const end = dashboard.get('log-lines').getByText('the flood is over');
    let worst = 0;
    while ((await end.count()) === 0) {
      worst = Math.max(worst, await dashboard.heapBytes());
      await page.waitForTimeout(300);
    }
    expect(worst - before).toBeLessThan(MOST_HEAP_BYTES);
    expect((await dashboard.heapBytes()) - before).toBeLessThan(MOST_HEAP_BYTES);
    expect(await page.locator('.log-line').count()).toBeLessThanOrEqual(301);
    // A frame of 9 ms of drawing; what remains is the machine's, which other suites keep busy.
    expect(await page.evaluate('longestPauseMs')).toBeLessThan(8000);
    expect(await dashboard.get('log-following').isVisible()).toBe(true);
  });

  it('leads back from its end without a gap, though most of it was never sent', async () => {
    await dashboard.get('log-scroller').focus();
    let lines: string[] = [];
    await waitFor('earlier lines are fetched, and the last ones let go', async () => {
      await page.evaluate(`document.querySelector('.log-scroller').scrollBy(0, -4000)`);
      await page.waitForTimeout(60);
      lines = await dashboard.lines();
      return lines.length > 300 && lines.at(-1) !== 'the flood is over';
    });
    expect(new Set(lines.filter((line) => line.startsWith('洪水'))).size).toBe(1);
    expect(lines.filter((line) => !line.startsWith('洪水'))).toEqual([]);
    await page.keyboard.press('Home');
    await dashboard.get('log-lines').getByText('ready to flood').waitFor();
  });

  it('stands still for who reads, who can go on reading or jump to the end', async () => {
    await flood('Read');
    await dashboard.get('log-scroller').focus();
    await page.keyboard.press('Home');
    await dashboard.get('log-following').waitFor({ state: 'hidden' });
    writeFileSync(aikore.home('Read', 'go'), '');
    await page.getByTestId('log-jump').getByText('MB more').waitFor();
    expect((await dashboard.lines())[0]).toBe('ready to flood');
    for (let turn = 0; turn < 20; turn += 1) {
      await page.evaluate(`document.querySelector('.log-scroller').scrollBy(0, 3000)`);
      await page.waitForTimeout(60);
    }
    const lines = await dashboard.lines();
    expect(lines.every((line) => line === 'ready to flood' || line.startsWith('洪水'))).toBe(true);
    expect(await dashboard.get('log-place').textContent()).toContain('%');
    await dashboard.get('log-jump').click();
    await dashboard.get('log-following').waitFor();
    await dashboard.get('log-lines').getByText('the flood is over').waitFor({ timeout: 30_000 });
  });
});
