import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { FakeNvidiaSmi } from '../support/fake-nvidia-smi.js';
import { useLab } from '../support/lab.js';
import { waitFor } from '../support/wait.js';

const TRAINER = `### AIKORE-METADATA-START ###
# aikore.name = Trainer
# aikore.category = Training
# aikore.description = Trains what it is given.
# aikore.vram = 48 GB
# aikore.disk = 99999 TB
# aikore.repository = https://example.org/trainer
# aikore.probe = process
# aikore.var.STEPS = integer "100" Steps of a run
# aikore.var.PRECISION = choice(no|fp16|bf16) "bf16" Precision
# aikore.var.HF_TOKEN = secret "" Token of the hub
# aikore.var.REPORT = boolean "false" Report what happens
### AIKORE-METADATA-END ###
echo "steps: \${STEPS:-100}, report: \${REPORT:-false}, python: \${PYTHON_VERSION:-any}, ref: \${GIT_REF:-main}"
exec sleep 120
`;

/** Options of a blueprint and the pins of an environment, from the form to what the script gets. */
describeInBrowser('options and pins in forms', () => {
  const lab = useLab();
  const smi = new FakeNvidiaSmi(join(lab.root, 'smi'));
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;
  const get = (testId: string): Locator => page.getByTestId(testId);
  const option = (name: string): Locator =>
    page.locator(`[data-testid="blueprint-option"][data-filename="${name}"]`);
  const openDetails = async (): Promise<void> => {
    await dashboard.row('Run 1').focus();
    await page.keyboard.press('Enter');
    await get('edit-dialog').waitFor();
  };
  const closeDialog = async (): Promise<void> => {
    await get('dialog-close').click();
    await get('dialog-close').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    smi.answers(['0, GPU-0, 24564, 512, 50, 41, 118.27, Disabled, NVIDIA GeForce RTX 4090']);
    aikore = await lab.start(smi.env);
    writeFileSync(aikore.path('custom_blueprints', 'trainer.sh'), TRAINER);
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore);
    ({ page } = dashboard);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('says what a blueprint lacks on this machine before anything is made', async () => {
    await page.keyboard.press('n');
    await option('trainer.sh').getByText('48 GB VRAM').waitFor();
    await option('trainer.sh').getByTestId('blueprint-unfit').waitFor();
    expect(await option('idles.sh').getByTestId('blueprint-unfit').count()).toBe(0);
    await option('trainer.sh').click();
    const warnings = get('blueprint-warnings');
    await warnings.getByText('It wants a GPU with 48 GB; GPU 0 has 24 GB.').waitFor();
    await warnings.getByText(/It takes about .* of the disk/).waitFor();
    await get('gpu-none').check();
    await warnings.getByText(/none is chosen/).waitFor();
    await get('gpu-all').check();
    await dashboard.expectAccessible();
    await dashboard.shoot('create-options');
  });

  it('refuses beside the field what cannot be, and stores what was changed alone', async () => {
    await get('field-name').fill('Run 1');
    await get('variable-STEPS').fill('many');
    await get('variable-STEPS-problem').getByText('It is a whole number, such as 8.').waitFor();
    await get('environment').locator('summary').click();
    await get('field-git-ref').fill('--upload-pack=touch');
    await get('field-git-ref-problem').getByText('It must not begin with a dash.').waitFor();
    await get('create-submit').click();
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('variable-STEPS');
    await get('variable-STEPS').fill('250');
    await get('field-git-ref').fill('v1.2');
    await get('field-requirements').fill('einops\nsafetensors==0.6.2\n');
    await get('variable-REPORT').check();
    await get('variable-HF_TOKEN').fill('hf_1234567890');
    expect(await get('variable-HF_TOKEN').getAttribute('type')).toBe('password');
    await get('variable-reveal-HF_TOKEN').click();
    expect(await get('variable-HF_TOKEN').getAttribute('type')).toBe('text');
    await get('create-submit').click();
    await dashboard.row('Run 1').waitFor();
    const made = await aikore.api.byName('Run 1');
    expect(made.env).toEqual({ STEPS: '250', REPORT: 'true', HF_TOKEN: 'hf_1234567890' });
    expect([made.git_ref, made.extra_requirements, made.python_version]).toEqual([
      'v1.2',
      'einops\nsafetensors==0.6.2',
      null,
    ]);
  });

  it('offers the Pythons that there are, by mouse and by keys', async () => {
    await openDetails();
    expect(await get('environment').evaluate((part) => (part as unknown as { open: boolean }).open)).toBe(
      true,
    );
    await get('field-python').focus();
    await page.keyboard.press('ArrowDown');
    const first = page.locator('.combo-option.is-active');
    await page.keyboard.press('ArrowDown');
    await first.waitFor();
    const version = (await first.getAttribute('data-value')) ?? '';
    expect(version).toMatch(/^3\./);
    await page.keyboard.press('Escape');
    expect(await get('edit-dialog').isVisible()).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.locator(`.combo-option[data-value="${version}"]`).click();
    expect(await get('field-python').inputValue()).toBe(version);
    await get('python-verdict')
      .getByText(new RegExp(`Python ${version.replaceAll('.', '\\.')} is`))
      .waitFor();
    await get('was-python_version').getByText('Stored: as its blueprint says').waitFor();
    await get('field-python').fill('3.2');
    await get('python-verdict')
      .getByText(/Python 3\.2 cannot be had/)
      .waitFor();
    await get('field-python').fill(version);
    await dashboard.expectAccessible();
    await get('edit-submit').click();
    await get('edit-dialog').waitFor({ state: 'detached' });
    expect((await aikore.api.byName('Run 1')).python_version).toBe(version);
  });

  it('shows a variable once: a line of text that sets an option goes to its field', async () => {
    await openDetails();
    expect(await get('field-env').inputValue()).toBe('');
    await get('advanced').locator('summary').click();
    await get('field-env').fill('STEPS=7\nOTHER=1');
    await get('field-output-path').focus();
    expect(await get('field-env').inputValue()).toBe('OTHER=1');
    expect(await get('variable-STEPS').inputValue()).toBe('7');
    await get('variable-reset-REPORT').click();
    expect(await get('variable-REPORT').isChecked()).toBe(false);
    await get('edit-later').click();
    await page.keyboard.press('Control+s');
    const change = page.locator('[data-testid="change"][data-field="env"]');
    await change.getByText('OTHER=1').waitFor();
    expect(await change.textContent()).not.toContain('hf_1234');
    await get('changes-save').click();
    await waitFor(
      'the changes are stored',
      async () => (await aikore.api.byName('Run 1')).env['STEPS'] === '7',
    );
    expect((await aikore.api.byName('Run 1')).env).toEqual({
      STEPS: '7',
      OTHER: '1',
      HF_TOKEN: 'hf_1234567890',
    });
  });

  it('keeps to the options of its own script when the blueprint has others', async () => {
    const newer = TRAINER.replace('"100" Steps', '"900" Steps').replace('var.REPORT', 'var.NEWER');
    writeFileSync(aikore.path('custom_blueprints', 'trainer.sh'), newer);
    await openDetails();
    await get('variable-STEPS').fill('8');
    await get('variables').getByText('Default: 100').waitFor();
    expect(await get('variable-REPORT').count()).toBe(1);
    expect(await get('variable-NEWER').count()).toBe(0);
    await closeDialog();
  });

  it('gives the script what the form says', async () => {
    const { id } = await aikore.api.byName('Run 1');
    await aikore.api.startUp(id);
    const log = await aikore.api.expect<{ content: string }>(200, 'GET', `api/instances/${id}/logs`);
    expect(log.content).toMatch(/steps: 7, report: false, python: 3\.\d+, ref: v1\.2/);
    await openDetails();
    await get('field-torch').fill('2.7.1');
    await get('edit-submit').click();
    await dashboard.toast(/Restart it to apply/);
    await dashboard.row('Run 1').getByTestId('pending-restart').waitFor();
  });

  it('fits a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openDetails();
    await dashboard.expectNoOverflow();
    await dashboard.expectAccessible();
    await dashboard.shoot('edit-options-phone');
    await closeDialog();
    await get('new-instance').click();
    await option('trainer.sh').click();
    await dashboard.expectNoOverflow();
    await dashboard.expectAccessible();
    await closeDialog();
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
