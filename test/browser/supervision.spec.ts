import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { REFUSALS } from '../support/page-faults.js';
import { waitFor } from '../support/wait.js';

/** Prints what FAILS_WITH holds and fails, unless HF_TOKEN is set or its port is not the one it must not have. */
const FAILING = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
if [ -n "\${HF_TOKEN:-}" ] || [ "\${TAKEN_PORT:-$WEBUI_PORT}" != "$WEBUI_PORT" ]; then exec sleep 600; fi
printf '%s\\n' "$FAILS_WITH"
exit 1
`;

const GATED =
  'Cannot access gated repo for url https://huggingface.co/black-forest-labs/FLUX.1-dev/resolve/main/ae.safetensors.';
const TAKEN = 'OSError: [Errno 98] Address already in use';
const CRAMMED = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
const MISSING = "ModuleNotFoundError: No module named 'einops'";

/** What the dashboard shows of instances that fail, and what it offers. */
describeInBrowser('failures in the dashboard', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  const row = (name: string): Locator => dashboard.row(name);
  const status = (name: string, word: string): Promise<void> => dashboard.status(name, word);
  const fail = async (name: string, more: Record<string, unknown>): Promise<number> => {
    const { id } = await aikore.api.create({ name, base_blueprint: 'failing.sh', ...more });
    await aikore.api.command(id, 'start');
    return id;
  };
  const openEvidence = async (name: string): Promise<void> => {
    await row(name).focus();
    await page.keyboard.press('ArrowRight');
    await row(name).getByTestId('evidence').waitFor();
  };

  beforeAll(async () => {
    aikore = await lab.start({ AIKORE_STALLED_AFTER: '3' });
    writeFileSync(aikore.path('custom_blueprints', 'failing.sh'), FAILING);
    browser = await launchBrowser();
    dashboard = await DashboardPage.openByLink(browser, aikore, { expected: REFUSALS });
    ({ page } = dashboard);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(dashboard.faults).toEqual([]);
  });

  it('counts down to the next restart, which Stop calls off', async () => {
    const id = await fail('Looping', { restart_policy: 'on-failure', env: { FAILS_WITH: 'no luck' } });
    const story = row('Looping').getByTestId('status-reason');
    await story.getByText(/starts again in 3 s/).waitFor();
    await story.getByText(/starts again in 2 s/).waitFor();
    expect(await row('Looping').getByTestId('action-power').getAttribute('data-action')).toBe(
      'instance.stop',
    );
    await row('Looping').getByTestId('action-power').click();
    await status('Looping', 'stopped');
    const { run } = await aikore.api.instance(id);
    await page.waitForTimeout(5000);
    expect(await aikore.api.instance(id)).toMatchObject({ run, status: 'stopped', next_restart_at: null });
  });

  it('takes the restart policy and an own probe from the form', async () => {
    const { id } = await aikore.api.create({ name: 'Formed', base_blueprint: 'failing.sh' });
    await row('Formed').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('advanced').locator('summary').click();
    await page.getByTestId('field-restart-policy').selectOption('always');
    await page.getByTestId('field-probe').fill('http x y');
    await page.getByTestId('edit-submit').click();
    await page
      .getByTestId('field-probe-problem')
      .getByText(/A probe is/)
      .waitFor();
    await page.getByTestId('field-probe').fill('tcp');
    await page.getByTestId('edit-submit').click();
    await page.getByTestId('edit-dialog').waitFor({ state: 'detached' });
    expect(await aikore.api.instance(id)).toMatchObject({ restart_policy: 'always', probe: 'tcp' });
  });

  it('asks for a missing token and starts with it', async () => {
    const id = await fail('Gated', { env: { FAILS_WITH: GATED, KEPT: 'as it is' } });
    await status('Gated', 'error');
    await openEvidence('Gated');
    await row('Gated').getByTestId('failure').waitFor();
    await row('Gated').getByTestId('remedy-set_variable').click();
    await page.getByTestId('variable-dialog-submit').click();
    await page.getByTestId('field-variable-problem').getByText('Give HF_TOKEN a value.').waitFor();
    await page.getByTestId('field-variable').fill('hf_secret');
    await page.keyboard.press('Enter');
    await status('Gated', 'started');
    const { env } = await aikore.api.instance(id);
    expect(env).toEqual({ FAILS_WITH: GATED, KEPT: 'as it is', HF_TOKEN: 'hf_secret' });
  });

  it('offers no other GPU where there is none', async () => {
    await fail('Crammed', { env: { FAILS_WITH: CRAMMED } });
    await status('Crammed', 'error');
    await openEvidence('Crammed');
    await row('Crammed')
      .getByTestId('failure')
      .getByText(/memory of the GPU/)
      .waitFor();
    expect(await row('Crammed').locator('[data-testid^="remedy-"]').count()).toBe(0);
  });

  it('restarts what stalled from where it says so', async () => {
    writeFileSync(aikore.path('custom_blueprints', 'mute.sh'), 'exec sleep 600\n');
    const { id } = await aikore.api.create({ name: 'Mute', base_blueprint: 'mute.sh' });
    await aikore.api.command(id, 'start');
    await status('Mute', 'stalled');
    await openEvidence('Mute');
    await row('Mute').getByTestId('evidence-restart').click();
    await waitFor('it runs anew', async () => (await aikore.api.instance(id)).run === 2);
  });

  it('takes another port with one click', async () => {
    const { id, port } = await aikore.api.create({ name: 'Crowded', base_blueprint: 'failing.sh' });
    const env = { FAILS_WITH: TAKEN, TAKEN_PORT: String(port) };
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { env });
    await aikore.api.command(id, 'start');
    await status('Crowded', 'error');
    await openEvidence('Crowded');
    await row('Crowded').getByTestId('remedy-change_port').click();
    await status('Crowded', 'started');
    expect((await aikore.api.instance(id)).port).not.toBe(port);
  });

  it('rebuilds the environment after asking', async () => {
    const id = await fail('Broken', { env: { FAILS_WITH: MISSING } });
    await status('Broken', 'error');
    await openEvidence('Broken');
    const { run } = await aikore.api.instance(id);
    await row('Broken').getByTestId('remedy-rebuild').click();
    await page.getByTestId('confirm-cancel').click();
    expect((await aikore.api.instance(id)).run).toBe(run);
    const script = aikore.path('instances', 'Broken', 'launch.sh');
    const venv = readFileSync(script, 'utf8').replace(
      '# aikore.probe',
      '# aikore.venv_path = ./env\n# aikore.probe',
    );
    writeFileSync(script, venv);
    await row('Broken').getByTestId('remedy-rebuild').click();
    await page.getByTestId('confirm-ok').click();
    await waitFor('it was started for the rebuild', async () => (await aikore.api.instance(id)).run > run);
  });

  it('fits a telephone, however long the words of an application are', async () => {
    await fail('Wordy', { env: { FAILS_WITH: `ModuleNotFoundError: No module named '${'x'.repeat(150)}'` } });
    await status('Wordy', 'error');
    await openEvidence('Wordy');
    await page.setViewportSize({ width: 390, height: 844 });
    for (const part of ['failure', 'status-reason', 'remedy-rebuild', 'action-power']) {
      const box = await row('Wordy').getByTestId(part).boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
