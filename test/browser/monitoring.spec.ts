import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { StatsHistory } from '../../src/contracts/system.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { FakeNvidiaSmi } from '../support/fake-nvidia-smi.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const HOSTILE = '<img src=x onerror=alert(1)> \u202eCARD';

const BUSY = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
exec node -e 'const held = Buffer.alloc(200 * 1048576, 1); setInterval(() => held[0], 1000);'
`;

describeInBrowser('monitoring of the machine', () => {
  const lab = useLab();
  const smi = new FakeNvidiaSmi(join(lab.root, 'smi'));
  /** Index, memory, used, load, °C, W, MIG, name, as the driver prints them. */
  const card = (index: number, used: number, load: string, heat: string, watts: string, name: string) =>
    `${String(index)}, GPU-${String(index)}0aa, 24000, ${String(used)}, ${load}, ${heat}, ${watts}, ${index === 1 ? 'Enabled' : 'Disabled'}, ${name}`;
  /** In a container the driver does not tell whose memory it is: the mask has to do. */
  const healthy = (): void =>
    smi.answers(
      [
        card(0, 23_500, '93', '91', '318.2', 'NVIDIA GeForce RTX 4090'),
        card(1, 1000, '[N/A]', '[N/A]', '[N/A]', HOSTILE),
      ],
      ['4242, GPU-00aa, [N/A]'],
    );
  let aikore: AiKoreProcess;
  let browser: Browser;
  let page: Page;
  let dashboard: DashboardPage;
  let busyId: number;

  const gpu = (index: number): Locator => page.getByTestId(`card-gpu-${String(index)}`);
  const openMonitor = async (): Promise<void> => {
    await page.getByTestId('monitoring').click();
    await page.getByTestId('monitor-content').waitFor();
  };

  beforeAll(async () => {
    healthy();
    aikore = await lab.start(smi.env);
    writeFileSync(aikore.path('custom_blueprints', 'busy.sh'), BUSY);
    const busy = await aikore.api.create({ name: 'Busy one', base_blueprint: 'busy.sh', gpu_ids: '0' });
    busyId = busy.id;
    await aikore.api.startUp(busyId);
    const small = await aikore.api.create({ name: 'Small one', base_blueprint: 'idles.sh', gpu_ids: '' });
    await aikore.api.startUp(small.id);
    await aikore.api.create({ name: 'Resting one', base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
    page.setDefaultTimeout(20_000);
    await openMonitor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('shows figures of the machine, with a past on a canvas', async () => {
    await page.getByTestId('card-cpu').locator('canvas').waitFor();
    expect(await page.getByTestId('card-cpu').locator('.figure').innerText()).toMatch(/^[\d.]+ %$/);
    expect(await page.getByTestId('card-memory').locator('.figure').innerText()).toMatch(/^\d+\/\d+ GB$/);
    expect(await page.getByTestId('card-disk').locator('.figure').innerText()).toMatch(/\/[\d.]+ [GT]B$/);
    await waitFor('the chart tells its past in words', async () => {
      const words = await page.getByTestId('card-cpu').getByTestId('chart').getAttribute('aria-label');
      return /^CPU: CPU [\d.]+ %, between [\d.]+ % and [\d.]+ %$/.test(words ?? '');
    });
  });

  it('shows cards with what they tell, says by a word what needs attention, and text as text', async () => {
    await gpu(0).getByText('91 °C').waitFor();
    await gpu(0).getByText('318 W').waitFor();
    await gpu(0).getByText('too hot').waitFor();
    await gpu(0).getByText('almost full').waitFor();
    expect(await gpu(1).locator('.figure').allInnerTexts()).toEqual(['1/23 GB', '–', '–', '–']);
    expect(await gpu(1).locator('.gpu-name').textContent()).toBe(HOSTILE);
    await gpu(1).getByText('MIG', { exact: true }).waitFor();
    await page.getByTestId('monitor-fill').click();
    await page.waitForTimeout(500);
    await dashboard.shoot('monitoring-filled');
    await dashboard.expectAccessible();
    await page.keyboard.press('Escape');
  });

  it('says exact values at the pointer, and at the arrows', async () => {
    const chart = page.getByTestId('card-memory').getByTestId('chart');
    const box = await chart.locator('.u-over').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 20);
    const tip = chart.getByTestId('chart-tip');
    await tip.getByText(/GB$/).waitFor();
    expect(await tip.innerText()).toMatch(/^\d\d:\d\d:\d\d\s+In use\s+[\d.]+ GB$/);
    expect(await page.getByTestId('card-cpu').getByTestId('chart-tip').isVisible()).toBe(false);
    await page.mouse.move(10, 10);
    await tip.waitFor({ state: 'hidden' });
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await tip.waitFor();
    await page.keyboard.press('Tab');
    await tip.waitFor({ state: 'hidden' });
  });

  it('says what takes it, and shows the row and the past of the one that is chosen', async () => {
    const consumers = page.getByTestId('consumer');
    await consumers
      .first()
      .getByText(/2\d\d MB/)
      .waitFor();
    expect(await consumers.first().innerText()).toMatch(/^Busy one\s+2\d\d MB · \d+ %$/);
    expect(await consumers.count()).toBe(2);
    await page.getByTestId('consumers-by-vram').click();
    await consumers.first().getByText('22.9 GB').waitFor();
    expect(await consumers.first().innerText()).toMatch(/^Busy one\s+22\.9 GB/);
    await consumers.first().click();
    await page.locator('[data-testid="row"][data-name="Busy one"]:focus').waitFor();
    await page.getByTestId('monitor-instance-name').getByText('Busy one').waitFor();
    expect(await page.getByTestId('instance-memory').locator('.figure').innerText()).toMatch(/^2\d\d MB$/);
    await dashboard.row('Resting one').getByTestId('row-name').click();
    await page.getByTestId('monitor-instance').getByText('It is stopped and takes nothing now.').waitFor();
  });

  it('asks only for the past that is looked at', async () => {
    await waitFor('the past of both', async () => {
      const all = await aikore.api.expect<StatsHistory>(200, 'GET', 'api/system/stats/history');
      return all.instances.length === 2;
    });
    const one = await aikore.api.expect<StatsHistory>(
      200,
      'GET',
      `api/system/stats/history?instance=${String(busyId)}`,
    );
    expect(one.instances.map(({ id }) => id)).toEqual([busyId]);
    expect(one.gpus[0]?.power_watts.at(-1)).toBe(318.2);
    expect(one.disk_used_bytes.at(-1)).toBeGreaterThan(0);
    const wrong = await aikore.api.refused('GET', 'api/system/stats/history?instance=-1');
    expect([wrong.status, wrong.body.code]).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('draws as often as one wants, or not at all, and remembers it', async () => {
    await page.getByTestId('range-5').click();
    await page.getByTestId('monitor-refresh').selectOption('0');
    await page.getByTestId('monitor-state').getByText('Paused.').waitFor();
    const chart = page.getByTestId('card-load').getByTestId('chart');
    const before = await chart.getAttribute('aria-label');
    const figure = await gpu(0).locator('.figure').allInnerTexts();
    smi.answers([card(0, 2000, '7', '40', '55', 'NVIDIA GeForce RTX 4090')]);
    await page.waitForTimeout(5000);
    expect(await gpu(0).locator('.figure').allInnerTexts()).toEqual(figure);
    expect(await chart.getAttribute('aria-label')).toBe(before);
    await page.reload();
    await page.getByTestId('monitor-content').waitFor();
    expect(await page.getByTestId('monitor-refresh').inputValue()).toBe('0');
    expect(await page.getByTestId('range-5').getAttribute('aria-checked')).toBe('true');
    await page.getByTestId('monitor-refresh').selectOption('2');
    await gpu(0).getByText('40 °C').waitFor();
    healthy();
    await gpu(0).getByText('91 °C').waitFor();
  });

  it('costs a few milliseconds a tick, an hour of charts included', async () => {
    await page.getByTestId('range-60').click();
    const session = await page.context().newCDPSession(page);
    // Processor time of the page, not what else this machine does.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const scriptMs = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0);
    };
    const [began, beganMs] = [await scriptMs(), Date.now()];
    await page.waitForTimeout(12_000);
    const ticks = (Date.now() - beganMs) / 2000;
    const eachMs = ((await scriptMs()) - began) / ticks;
    // Everything that the page does counts here; a redraw of all from nothing would take several times as much.
    expect(eachMs).toBeLessThan(60);
  });

  it('tells that a driver does not answer', async () => {
    smi.fails('Unable to determine the device handle', 15);
    await gpu(0).getByTestId('gpu-problem').waitFor();
    expect(await gpu(0).locator('.figure').allInnerTexts()).toEqual(['–', '–', '–', '–']);
    healthy();
  });

  it('greys what is old while the connection is lost, and fills the gap afterwards', async () => {
    await aikore.signal('SIGKILL');
    await page
      .getByTestId('monitor-state')
      .getByText(/connection is lost\. Figures of \d\d:/)
      .waitFor();
    await dashboard.shoot('monitoring-lost');
    aikore = await lab.start({ ...smi.env, ...aikore.ports }, aikore.dataDir);
    await page.getByTestId('monitor-state').waitFor({ state: 'hidden', timeout: 40_000 });
    await page.getByTestId('card-cpu').locator('canvas').waitFor();
  });

  it('has no fault that axe-core finds beside the tools and on a telephone', async () => {
    await dashboard.openTool('Busy one', 'l');
    await dashboard.expectAccessible();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByTestId('tools-back').click();
    await dashboard.expectAccessible();
    await dashboard.expectNoOverflow();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('says calmly that there is no GPU', async () => {
    const plain = await lab.start({ PATH: '/usr/bin:/bin' });
    const there = await DashboardPage.openByLink(browser, plain);
    await there.page.keyboard.press('m');
    await there.page
      .getByTestId('monitor-no-gpu')
      .getByText(/no GPU/)
      .waitFor();
    await there.page.getByTestId('consumers').getByText('No instance runs.').waitFor();
    await there.expectAccessible();
    expect(there.faults).toEqual([]);
    await there.close();
    await plain.stop();
  });
});
