import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { parentOf, residentBytes } from '../support/processes.js';
import { TerminalPage } from '../support/terminal-page.js';
import { waitFor } from '../support/wait.js';

const IS_SOAK = process.env['AIKORE_SOAK'] === '1';
const SOAK_MINUTES = Number(process.env['AIKORE_SOAK_MINUTES'] ?? 60);
const MIB = 1024 * 1024;
/** A round of views changes them this often. */
const CHANGES_A_ROUND = 10;

/** Numbered lines, some hundred a second, in bursts as programs print them. */
const FLOWING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
for ((n = 1; ; n++)); do
  echo "flow $n of what a program says while it works, coloured \x1b[32mgreen\x1b[0m here and there"
  if ((n % 40 == 0)); then sleep 0.1; fi
done
`;

interface Footprint {
  heapBytes: number;
  nodes: number;
  listeners: number;
}

/** A dashboard that stays open for days: what it needs must not grow with what went through it. */
describeInBrowser('a page that stays open', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  let terminal: TerminalPage;
  let flowing: number;

  const tool = async (id: string): Promise<void> => {
    await page.getByTestId(`tool-tab-${id}`).click();
    await page.locator(`[data-testid="tool-tab-${id}"][aria-selected="true"]`).waitFor();
  };
  const numbers = async (): Promise<number[]> =>
    (await dashboard.lines()).map((line) => Number(/^flow (\d+) /.exec(line)?.[1]));
  const logSize = async (): Promise<number> => {
    const path = `api/instances/${flowing}/logs?offset=-1`;
    return (await aikore.api.expect<{ size: number }>(200, 'GET', path)).size;
  };
  const footprint = async (): Promise<Footprint> => {
    const session = await dashboard.context.newCDPSession(page);
    await session.send('HeapProfiler.enable');
    // What only weak references hold goes with the second time.
    for (let time = 0; time < 2; time += 1) await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    await session.detach();
    const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
    return {
      heapBytes: metric('JSHeapUsedSize'),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
    };
  };

  beforeAll(async () => {
    aikore = await lab.start({ ...SIGN_IN, HOME: lab.root });
    writeFileSync(aikore.path('custom_blueprints', 'flowing.sh'), FLOWING);
    flowing = (await aikore.api.create({ name: 'Flowing', base_blueprint: 'flowing.sh' })).id;
    await aikore.api.create({ name: 'Quiet', base_blueprint: 'idles.sh' });
    await aikore.api.startUp(flowing);
    browser = await launchBrowser();
    dashboard = await DashboardPage.open(browser, aikore);
    ({ page } = dashboard);
    terminal = new TerminalPage(page);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('shows a log whole that flowed while another tab was chosen', async () => {
    await dashboard.openLog('Flowing');
    await dashboard.get('log-following').waitFor();
    for (let turn = 0; turn < 3; turn += 1) {
      await waitFor('lines are there', async () => (await numbers()).length > 50);
      const lastBefore = (await numbers()).at(-1) ?? 0;
      const sizeBefore = await logSize();
      await tool('terminal');
      // Less than what the page takes in one piece, so that nothing may be left out.
      await waitFor('it flowed on', async () => (await logSize()) > sizeBefore + 20_000);
      await tool('log');
      const seen = await waitFor('it is at its end again', async () => {
        const all = await numbers();
        return (all.at(-1) ?? 0) > lastBefore + 200 && all;
      });
      expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
      expect(await dashboard.get('log-following').isVisible()).toBe(true);
    }
  });

  /** Ten views, each of which holds something while it is there. */
  const round = async (): Promise<void> => {
    await dashboard.openLog('Flowing');
    await tool('terminal');
    await page.getByTestId('terminal-deck').waitFor();
    await tool('script');
    await page.getByTestId('script-panel').locator('.cm-content').first().waitFor();
    await tool('environment');
    await tool('view');
    await dashboard.openLog('Quiet');
    await dashboard.openLog('Flowing');
    await dashboard.get('log-lines').getByText(/^flow/).first().waitFor();
    await page.getByTestId('new-instance').click();
    await page.getByTestId('create-dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('create-dialog').waitFor({ state: 'detached' });
    await page.evaluate("location.hash = '#settings=audit'");
    await page.getByTestId('audit-table').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('settings-dialog').waitFor({ state: 'detached' });
    await page.getByTestId('tools-close').click();
    await page.getByTestId('tools').waitFor({ state: 'detached' });
  };

  it(
    'needs no more after many changes of views than after few, while a log floods it',
    async () => {
      for (let warmUp = 0; warmUp < 2; warmUp += 1) await round();
      const before = await footprint();
      const endMs = performance.now() + (IS_SOAK ? SOAK_MINUTES * 60_000 : 0);
      let changes = 0;
      while (changes < (IS_SOAK ? 100 : 3 * CHANGES_A_ROUND) || performance.now() < endMs) {
        await round();
        changes += CHANGES_A_ROUND;
        if (IS_SOAK && changes % 100 === 0) report(`${changes} changes`, await footprint());
      }
      const after = await footprint();
      if (IS_SOAK) report(`before`, before);
      expect(after.heapBytes - before.heapBytes).toBeLessThan(8 * MIB);
      expect(after.nodes - before.nodes).toBeLessThan(3000);
      expect(after.listeners - before.listeners).toBeLessThan(500);
    },
    (SOAK_MINUTES + 10) * 60_000,
  );

  it(
    'needs no more for a terminal that floods, nor do the server and the terminal’s host, and another one answers',
    async () => {
      await terminal.show('Quiet');
      await terminal.openNew();
      const flooding = Number(await terminal.ask('$$'));
      await terminal.run('yes a line that never ends');
      await terminal.waitForText('never ends');
      await page.keyboard.press('Control+Shift+Enter');
      await waitFor('two tabs', async () => (await terminal.tabs.count()) === 2);
      await terminal.waitForText(/[#$] ?$/);
      await terminal.tabs.first().click();
      // The history of the screen fills up first.
      await waitFor('many lines came', async () => (await terminal.text()).includes('never ends'));
      await page.waitForTimeout(3000);
      const host = parentOf(flooding);
      const sizes = async () => ({
        page: (await footprint()).heapBytes,
        server: residentBytes(aikore.pid),
        host: residentBytes(host),
      });
      const before = await sizes();
      const endMs = performance.now() + (IS_SOAK ? (SOAK_MINUTES * 60_000) / 6 : 6000);
      for (let turn = 1; turn < 4 || performance.now() < endMs; turn += 1) {
        await page.keyboard.press('Control+Shift+ArrowRight');
        expect(await terminal.ask(`$((${turn} * 7))`)).toBe(String(turn * 7));
        await page.keyboard.press('Control+Shift+ArrowLeft');
        await terminal.waitForText('never ends');
      }
      const after = await sizes();
      if (IS_SOAK) process.stderr.write(`a flood: ${JSON.stringify({ before, after })}\n`);
      expect(after.page - before.page).toBeLessThan(16 * MIB);
      expect(after.server - before.server).toBeLessThan(64 * MIB);
      expect(after.host - before.host).toBeLessThan(4 * MIB);
    },
    (SOAK_MINUTES + 10) * 60_000,
  );
});

function report(when: string, { heapBytes, nodes, listeners }: Footprint): void {
  const megabytes = (heapBytes / MIB).toFixed(1);
  process.stderr.write(`${when}: heap ${megabytes} MiB, ${nodes} nodes, ${listeners} listeners\n`);
}
