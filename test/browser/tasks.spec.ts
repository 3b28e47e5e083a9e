import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { lookAt } from '../support/look-at.js';
import { REFUSALS } from '../support/page-faults.js';
import { WorkDouble } from '../support/work-double.js';
import { waitFor } from '../support/wait.js';
import { ago, operation } from '../support/work-samples.js';

const GB = 1024 ** 3;
/** Long work as the dashboard shows it; the moments of the work are played, the instances are real. */
describeInBrowser('long work', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dash: DashboardPage;
  let double: WorkDouble;
  let comfy: Instance;

  const open = async (): Promise<void> => {
    dash = await DashboardPage.open(browser, aikore, { faults, expected: REFUSALS });
    double = await new WorkDouble().install(dash.page);
    await reload();
  };
  const reload = async (): Promise<void> => {
    await dash.page.reload();
    await dash.live();
    await dash.row('ComfyUI').waitFor();
  };
  const fromMenu = async (name: string, action: string): Promise<void> => {
    await dash.row(name).getByTestId('action-menu').click();
    await dash.get(`menu-instance.${action}`).click();
  };
  const look = (name: string): Promise<void> => lookAt(dash, name);

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    comfy = await aikore.api.create({
      name: 'ComfyUI',
      base_blueprint: 'idles.sh',
      env: { HF_TOKEN: 'hf_x', COLOUR: 'blue' },
    });
    await aikore.api.create({ name: 'Forge', base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
  }, 60_000);
  beforeEach(open);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('begins with a clone: a free name is proposed, taken ones are refused, choices go along', async () => {
    double.operations = [operation({ subject: 'ComfyUI 2', phase: 'waiting', done_bytes: 0 })];
    await reload();
    await dash.row('ComfyUI').focus();
    await dash.page.keyboard.press('c');
    const name = dash.get('field-new-name');
    // ComfyUI 2 is being made already.
    await name.waitFor();
    expect(await name.inputValue()).toBe('ComfyUI 3');
    await look('clone');
    await name.fill('forge');
    await dash.page.keyboard.press('Enter');
    await dash
      .get('field-new-name-problem')
      .getByText('There is an instance named “forge” already.')
      .waitFor();
    await name.fill('../up');
    await dash
      .get('field-new-name-problem')
      .getByText(/not allowed/)
      .waitFor();
    expect(double.called(/copy/)).toEqual([]);
    await name.fill('Twin');
    await dash.get('clone-outputs').check();
    double.answers.push([/copy$/, () => ({ status: 202, data: operation({ subject: 'Twin' }) })]);
    await dash.page.keyboard.press('Enter');
    await dash.get('clone-dialog').waitFor({ state: 'detached' });
    expect(double.called(/copy/)).toMatchObject([
      {
        path: `/api/instances/${comfy.id}/copy`,
        body: { new_name: 'Twin', environment: true, outputs: true },
      },
    ]);
    await dash.toast('Cloning ComfyUI as Twin.');
    await dash.page.getByRole('button', { name: 'Show progress' }).click();
    await dash.get('tasks-dialog').waitFor();
    await dash.close();
  });

  it('offers to stop what runs first, and goes on when it rests', async () => {
    await aikore.api.startUp(comfy.id);
    await dash.status('ComfyUI', 'started');
    await fromMenu('ComfyUI', 'clone');
    await dash
      .get('rest-guard-banner')
      .getByText(/ComfyUI is running/)
      .waitFor();
    expect(await dash.get('clone-dialog-submit').getAttribute('aria-disabled')).toBe('true');
    await dash.get('field-new-name').press('Enter');
    await dash.get('task-error').getByText('ComfyUI is running. Stop it first.').waitFor();
    await look('clone-running');
    await dash.get('rest-guard-stop').click();
    await dash.get('rest-guard-banner').waitFor({ state: 'hidden' });
    await dash.status('ComfyUI', 'stopped');
    expect(await dash.get('clone-dialog-submit').getAttribute('aria-disabled')).toBe(null);
    expect(double.called(/copy/)).toEqual([]);
    await dash.close();
  });

  it('counts satellites that run among those that use the files', async () => {
    const forge = await aikore.api.byName('Forge');
    double.change(forge.id, { parent_instance_id: comfy.id });
    await reload();
    await aikore.api.startUp(forge.id);
    await dash.status('Forge', 'started');
    await fromMenu('ComfyUI', 'export');
    await dash
      .get('rest-guard-banner')
      .getByText(/Forge is running/)
      .waitFor();
    await look('export');
    await aikore.api.shutDown(forge.id);
    await dash.get('rest-guard-banner').waitFor({ state: 'hidden' });
    await dash.get('export-dialog').getByText('HF_TOKEN').waitFor();
    expect(await dash.get('export-dialog').textContent()).not.toContain('COLOUR');
    double.answers.push([/export$/, () => ({ status: 202, data: operation({ kind: 'export' }) })]);
    await dash.get('export-dialog-submit').click();
    await dash.toast('Exporting ComfyUI.');
    expect(double.called(/export$/)).toMatchObject([
      { body: { environment: false, outputs: false, secrets: false } },
    ]);
    await dash.close();
  });

  it('adds a satellite, and shows beside the name what the server refuses of it', async () => {
    await dash.row('ComfyUI').focus();
    await dash.page.keyboard.press('a');
    await dash.get('satellite-dialog').waitFor();
    await look('satellite');
    const refusal = {
      code: 'INSTANCE_NAME_TAKEN',
      message: 'The name is taken.',
      details: {},
      request_id: 'r',
    };
    double.answers.unshift([/instantiate$/, () => ({ status: 409, data: refusal })]);
    await dash.get('satellite-dialog-submit').click();
    await dash.get('field-new-name-problem').getByText('The name is taken.').waitFor();
    double.answers.unshift([
      /instantiate$/,
      () => ({ status: 201, data: { ...comfy, id: 99, name: 'ComfyUI 2' } }),
    ]);
    await dash.get('satellite-dialog-submit').click();
    await dash.toast('ComfyUI 2 was added as a satellite of ComfyUI.');
    await dash.close();
  });

  it('shows how far it is in the top bar and in the list, and what of it takes no space', async () => {
    double.tell(operation({ done_bytes: 1 * GB, phase: 'copying' }));
    await dash.get('work-badge').getByText('12 %').waitFor();
    await dash.get('work-badge').click();
    await dash.get('operation-progress').getByText('1.0 GB of 8.2 GB').waitFor();
    await dash.page.waitForTimeout(1600);
    double.tell(operation({ done_bytes: 3.1 * GB }));
    await dash
      .get('operation-progress')
      .getByText(/[MG]B\/s · \d+ s left/)
      .waitFor();
    await dash
      .get('operation')
      .getByText(/2\.4 GB of it so far is shared with ComfyUI/)
      .waitFor();
    double.tell(
      operation({ done_bytes: 3.1 * GB }),
      operation({
        id: '8',
        kind: 'export',
        source: 'Forge',
        subject: 'Forge-2026-11-21.aikore.tar.gz',
        phase: 'waiting',
        done_bytes: 0,
        shared_bytes: 0,
        total_bytes: null,
      }),
      operation({
        id: '6',
        kind: 'import',
        source: 'Old-2026-10-01.aikore.tar.gz',
        subject: 'Old',
        phase: 'failed',
        message: 'The disk is full. Delete what is not needed, then import it again.',
        ended_at: ago(90),
        shared_bytes: 0,
      }),
      operation({
        id: '5',
        phase: 'done',
        subject: 'ComfyUI test',
        instance_id: comfy.id,
        ended_at: ago(400),
        done_bytes: 8.2 * GB,
      }),
      operation({
        id: '4',
        kind: 'export',
        phase: 'done',
        subject: 'ComfyUI-2026-11-20.aikore.tar.gz',
        ended_at: ago(9000),
        shared_bytes: 0,
      }),
    );
    await dash.get('work-badge').getByText('2 tasks').waitFor();
    await look('tasks');
    await dash.close();
  });

  it('is cancelled after a question where something would be lost', async () => {
    double.tell(operation());
    await dash.get('work-badge').click();
    await dash.get('operation-cancel').click();
    await dash
      .get('confirm-cancel-operation')
      .getByText(/3\.1 GB are done already/)
      .waitFor();
    await dash.get('confirm-cancel').click();
    expect(double.called(/^DELETE/)).toEqual([]);
    await dash.get('operation-cancel').click();
    await dash.get('confirm-ok').click();
    await waitFor('it is cancelled', () => double.called(/^DELETE/).length > 0);
    expect(double.called(/^DELETE/)).toMatchObject([{ path: '/api/operations/7' }]);
    double.tell(operation({ phase: 'cancelled', ended_at: ago(0) }));
    await dash
      .get('operation-outcome')
      .getByText(/It was cancelled, and nothing is left of it/)
      .waitFor();
    await dash.get('operation-dismiss').click();
    double.tell();
    await dash.get('tasks-empty').waitFor();
    await dash.close();
  });

  it('tells of its end with the next step, also when the page was reloaded meanwhile', async () => {
    double.tell(operation({ subject: 'Forge', source: 'ComfyUI' }));
    await dash.get('work-badge').waitFor();
    const forge = await aikore.api.byName('Forge');
    double.operations = [
      operation({
        subject: 'Forge',
        phase: 'done',
        ended_at: ago(0),
        instance_id: forge.id,
        started_at: double.operations[0]?.started_at ?? '',
      }),
    ];
    await reload();
    await dash.toast('Forge is there, a clone of ComfyUI.');
    await dash.get('toasts').getByRole('button', { name: 'Start it' }).click();
    await dash.status('Forge', 'started');
    await aikore.api.shutDown(forge.id);
    // Once is enough.
    await reload();
    await dash.page.waitForTimeout(300);
    expect(await dash.get('toasts').getByText('Forge is there').count()).toBe(0);
    await dash.close();
  });

  it('that AiKore’s end cut short is told as what it is', async () => {
    double.tell(operation({ started_at: ago(86_400) }));
    await dash.get('work-badge').waitFor();
    double.operations = [];
    await reload();
    await dash.toast(/Cloning ComfyUI as ComfyUI 2 was cut short/);
    await dash.close();
  });

  it('shows hostile names as text', async () => {
    const name = `<img src=x onerror=alert(1)>\u202e${'long '.repeat(400)}`;
    double.tell(
      operation({ subject: name, source: name }),
      operation({
        id: '9',
        subject: name,
        source: name,
        phase: 'failed',
        message: name.repeat(4),
        ended_at: ago(3),
      }),
    );
    await dash.get('work-badge').click();
    await dash.get('operation').first().waitFor();
    await dash.page.setViewportSize({ width: 390, height: 844 });
    await dash.shoot('tasks-hostile');
    await dash.expectNoOverflow();
    expect(await dash.page.locator('img[src]').count()).toBe(0);
    await dash.close();
  });
});
