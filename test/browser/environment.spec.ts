import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { SERVES, withVenv } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { lookAt } from '../support/look-at.js';
import { REFUSALS } from '../support/page-faults.js';
import { WorkDouble } from '../support/work-double.js';
import { environment, record, updateCheck } from '../support/work-samples.js';

const HOSTILE = `<img src=x onerror=alert(1)>\u202e${'nothing '.repeat(60)}`;

/** What an environment was made from, as the dashboard shows it; the records are played, the instances are real. */
describeInBrowser('the environment of an instance', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dash: DashboardPage;
  let double: WorkDouble;
  let comfy: Instance;

  const reload = async (): Promise<void> => {
    await dash.page.reload();
    await dash.live();
  };
  const show = async (name: string): Promise<void> => {
    await dash.row(name).getByTestId('action-menu').click();
    await dash.get('menu-instance.environment').click();
    await dash.get('environment-tool').waitFor();
  };

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'comfy.sh'), withVenv('./env') + SERVES);
    comfy = await aikore.api.create({ name: 'ComfyUI', base_blueprint: 'comfy.sh' });
    browser = await launchBrowser();
    dash = await DashboardPage.open(browser, aikore, { faults, expected: REFUSALS });
    double = await new WorkDouble().install(dash.page);
    double.environments.set(comfy.id, environment({ owner_id: comfy.id }));
    await reload();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('says what it was made from', async () => {
    await show('ComfyUI');
    await dash.get('environment-state').getByText('Installed', { exact: true }).waitFor();
    for (const words of ['3.12.8, from uv', '2.7.1+cu128', 'CUDA (NVIDIA)', '6 min', '3 d ago'])
      await dash.get('environment-facts').getByText(words).first().waitFor();
    await dash.get('repository').first().getByText('c7f1d0a9').waitFor();
    expect(await dash.get('repository').first().getByRole('link').getAttribute('href')).toBe(
      'https://github.com/comfyanonymous/ComfyUI.git',
    );
    await lookAt(dash, 'environment');
  });

  it('asks what is new when it is wanted, and shows the commits', async () => {
    double.updates.set(comfy.id, updateCheck());
    await dash.get('environment-check').click();
    await dash.toast('ComfyUI: 23 new commits.');
    await dash
      .get('repository-news')
      .first()
      .getByText(/23 commits behind · newest tag v0\.3\.44/)
      .waitFor();
    await dash.get('repository-news').nth(1).getByText('Up to date').waitFor();
    await dash.get('repository-news').first().locator('summary').click();
    await dash.get('repository-change').getByText('Add a native node for Hunyuan 3D 2.1').waitFor();
    await lookAt(dash, 'environment-news');
  });

  it('is updated after a look at what will happen', async () => {
    await dash.get('environment-update').click();
    await dash.get('update-repository').first().getByText('and 18 more').waitFor();
    await lookAt(dash, 'update');
    await dash.get('update-submit').click();
    await dash.toast('ComfyUI is updated at its next start.');
    expect(double.called(/\/update$/)).toMatchObject([{ body: { variables: {} } }]);
  });

  it('takes newer packages by their variables, and says beside them why an update was refused', async () => {
    double.updates.set(
      comfy.id,
      updateCheck({
        repositories: [],
        packages: [
          {
            name: 'jupyterlab',
            registry: 'pypi',
            installed: '4.3.1',
            latest: '4.4.5',
            variable: 'JUPYTERLAB_VERSION',
            problem: null,
          },
          {
            name: 'notebook',
            registry: 'pypi',
            installed: '7.0.0',
            latest: null,
            variable: 'NOTEBOOK_VERSION',
            problem: 'The index did not answer.',
          },
        ],
      }),
    );
    await dash.get('environment-check').click();
    await dash.get('environment-packages').getByText('4.4.5').waitFor();
    await dash.page.keyboard.press('Escape');
    await dash.row('ComfyUI').focus();
    await dash.page.keyboard.press('u');
    await dash.get('update-list').getByText('jupyterlab 4.3.1 → 4.4.5').waitFor();
    await dash.get('update-list').getByText('notebook: The index did not answer.').waitFor();
    await lookAt(dash, 'update-packages');
    const refusal = {
      code: 'NO_UPDATES',
      message: 'Its script decides itself.',
      details: {},
      request_id: 'r',
    };
    double.answers.unshift([/\/update$/, () => ({ status: 422, data: refusal })]);
    await dash.get('update-submit').click();
    await dash.get('update-problem').getByText('Its script decides itself.').waitFor();
    double.answers.shift();
    await dash.get('update-submit').click();
    await dash.get('update-dialog').waitFor({ state: 'detached' });
    expect(double.called(/\/update$/).at(-1)?.body).toEqual({ variables: { JUPYTERLAB_VERSION: '4.4.5' } });
  });

  it('has a history, from which its source is pinned', async () => {
    await show('ComfyUI');
    await dash.get('environment-view-history').click();
    await dash.get('install').nth(2).waitFor();
    await dash
      .get('install')
      .nth(1)
      .getByText(/torch 2\.6\.0\+cu124 → 2\.7\.1\+cu128/)
      .waitFor();
    await lookAt(dash, 'environment-history');
    await dash.get('install-pin').nth(1).click();
    await dash
      .get('confirm-pin')
      .getByText(/Updates leave it there/)
      .waitFor();
    await dash.get('confirm-ok').click();
    await dash.toast('ComfyUI is pinned to f03a6d81.');
    expect((await aikore.api.instance(comfy.id)).git_ref).toBe('f03a6d815c29be74a0d18f3526c94eb7d0a31f58');
    await dash.get('environment-view-installed').click();
    await dash.get('environment-unpin').click();
    await dash.toast('ComfyUI is not pinned any more.');
    expect((await aikore.api.instance(comfy.id)).git_ref).toBe(null);
  });

  it('says why the next start installs again, and keeps the view over a reload', async () => {
    double.environments.set(
      comfy.id,
      environment({
        owner_id: comfy.id,
        state: 'stale',
        reasons: [
          'The next start installs again: Python 3.11 → 3.12.',
          'The next start installs again: its extra requirements were changed.',
        ],
      }),
    );
    await reload();
    await dash.get('environment-reasons').getByText('Python 3.11 → 3.12').waitFor();
    await lookAt(dash, 'environment-stale');
    await dash.get('environment-view-versions').click();
    await dash.get('versions-check').waitFor();
    await reload();
    await dash.get('versions-check').waitFor();
    await dash.get('environment-view-installed').click();
  });

  it('is rebuilt clean where that is wished', async () => {
    await dash.get('environment-rebuild').click();
    await dash.get('rebuild-clean').check();
    await lookAt(dash, 'rebuild');
    await dash.get('confirm-ok').click();
    await dash.toast('The environment of ComfyUI is rebuilt at its next start.');
    expect(readFileSync(aikore.home('ComfyUI', '.rebuild-env'), 'utf8')).toContain('clean');
  });

  it('of a satellite is its parent’s', async () => {
    const twin = await aikore.api.create({ name: 'Twin', base_blueprint: 'idles.sh' });
    double.change(twin.id, { parent_instance_id: comfy.id });
    double.environments.set(twin.id, environment({ owner_id: comfy.id }));
    await reload();
    await show('Twin');
    await dash
      .get('environment-owner')
      .getByText(/Twin is a satellite: this is the environment of ComfyUI/)
      .waitFor();
    await lookAt(dash, 'environment-satellite');
  });

  it.each(['none', 'absent', 'interrupted'] as const)('that is %s says so calmly', async (state) => {
    double.environments.set(
      comfy.id,
      environment({
        owner_id: comfy.id,
        state,
        record: null,
        history: [],
        reasons: state === 'none' ? [] : ['The next start installs it.'],
      }),
    );
    await reload();
    await show('ComfyUI');
    await dash
      .get(`environment-state`)
      .and(dash.page.locator(`[data-state="${state}"]`))
      .waitFor();
    await lookAt(dash, `environment-${state}`);
  });

  it('that is hostile is shown as text, and one that cannot be asked says so', async () => {
    const present = record();
    double.environments.set(
      comfy.id,
      environment({
        owner_id: comfy.id,
        reasons: [HOSTILE],
        record: record({
          blueprint: HOSTILE,
          python: { version: HOSTILE, source: 'machine' },
          repositories: present.repositories.map((repository) => ({
            ...repository,
            path: HOSTILE,
            url: 'javascript:alert(1)',
            ref: HOSTILE,
            subject: HOSTILE,
          })),
        }),
      }),
    );
    await reload();
    await dash.get('repository').first().waitFor();
    expect(await dash.get('repository').locator('a').count()).toBe(0);
    expect(await dash.page.locator('img[src]').count()).toBe(0);
    await lookAt(dash, 'environment-hostile');
    double.environments.delete(comfy.id);
    await reload();
    await dash.get('environment-failure').getByText('There is nothing of that kind.').waitFor();
    double.environments.set(comfy.id, environment({ owner_id: comfy.id }));
    await dash.get('environment-retry').click();
    await dash.get('environment-facts').waitFor();
  });
});
