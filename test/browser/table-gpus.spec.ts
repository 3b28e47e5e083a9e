import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { FakeNvidiaSmi } from '../support/fake-nvidia-smi.js';
import { useLab } from '../support/lab.js';

const card = (index: number, usedMib: number): string =>
  `${String(index)}, GPU-${String(index)}0aa, 24576, ${String(usedMib)}, 50, 41, 118.27, Disabled, NVIDIA GeForce RTX 4090`;

/** What the table shows of GPUs, and how they are chosen in it, on a machine that has two. */
describeInBrowser('GPUs in the table', () => {
  const lab = useLab();
  const smi = new FakeNvidiaSmi(join(lab.root, 'smi'));
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  let id = 0;
  const row = (name: string): Locator => dashboard.row(name);

  beforeAll(async () => {
    smi.answers([card(0, 18_000), card(1, 512)], ['[N/A], GPU-00aa, [N/A]', '4242, GPU-00aa, [N/A]']);
    aikore = await lab.start(smi.env);
    ({ id } = await aikore.api.create({ name: 'Painter', base_blueprint: 'idles.sh', gpu_ids: '0' }));
    await aikore.api.startUp(id);
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
    await row('Painter').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('says where the memory of a GPU is known from', async () => {
    const vram = row('Painter').getByTestId('row-vram');
    await vram.getByText('≈ 17.6 GB').waitFor({ timeout: 20_000 });
    expect(await vram.getAttribute('data-tip')).toMatch(/What GPU 0 holds altogether/);
  });

  it('lets one choose by name and free memory, and gives the focus back', async () => {
    await row('Painter').getByTestId('row-gpu').focus();
    await page.keyboard.press('Enter');
    const popover = page.getByTestId('gpu-popover');
    await popover.getByText('GPU 1 · NVIDIA GeForce RTX 4090').waitFor();
    await popover.getByText('23.5 GB free of 24.0 GB').waitFor();
    await dashboard.shoot('gpu-popover');
    await dashboard.expectAccessible();
    await popover.getByTestId('gpu-box-1').check();
    await row('Painter').getByTestId('row-gpu').getByText('0, 1').waitFor();
    await page.keyboard.press('Escape');
    await popover.waitFor({ state: 'detached' });
    await row('Painter').getByTestId('row-gpu').getByText('0', { exact: true }).waitFor();
    expect(await page.getByTestId('save-changes').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.closest(".row")?.dataset.name')).toBe('Painter');
    await row('Painter').getByTestId('row-gpu').dblclick();
    await popover.getByTestId('gpu-box-0').uncheck();
    await popover.getByTestId('gpu-box-1').check();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+s');
    await page.getByTestId('change').getByText('1', { exact: true }).waitFor();
    await page.getByTestId('changes-save').click();
    await row('Painter').getByTestId('pending-restart').waitFor();
    expect((await aikore.api.instance(id)).gpu_ids).toBe('1');
  });

  it('chooses the card with most free memory for a new one', async () => {
    await page.keyboard.press('n');
    await page.getByTestId('create-dialog').waitFor();
    expect(await page.getByTestId('gpu-box-1').isChecked()).toBe(true);
    expect(await page.getByTestId('gpu-box-0').isChecked()).toBe(false);
    await page.getByTestId('blueprint-search').fill('idles');
    await page.getByTestId('field-name').fill('Fresh');
    await page.getByTestId('create-submit').click();
    await row('Fresh').waitFor();
    expect((await aikore.api.byName('Fresh')).gpu_ids).toBe('1');
  });

  it('says first why one failed, with the button that mends it beside', async () => {
    writeFileSync(
      aikore.path('custom_blueprints', 'crammed.sh'),
      'echo "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."\nexit 1\n',
    );
    const crammed = await aikore.api.create({ name: 'Crammed', base_blueprint: 'crammed.sh', gpu_ids: '0' });
    await aikore.api.command(crammed.id, 'start');
    const story = row('Crammed').getByTestId('status-reason');
    await story.getByText(/^The memory of the GPU ran out \(it asked for 2\.00 GiB more\) · /).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    const button = await row('Crammed').getByTestId('row-remedy').boundingBox();
    expect((button?.x ?? 0) + (button?.width ?? Infinity)).toBeLessThan(390);
    expect(button?.height).toBeGreaterThanOrEqual(24);
    await page.setViewportSize({ width: 1440, height: 900 });
    await row('Crammed').getByTestId('row-remedy').click();
    await page.getByTestId('gpu-dialog').waitFor();
    await page.keyboard.press('Escape');
    await row('Painter').focus();
    expect(await row('Crammed').getByTestId('row-remedy').getAttribute('tabindex')).toBe('-1');
  });
});
