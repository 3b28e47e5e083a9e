import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Instance } from '../../src/contracts/instance.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { SERVES } from '../support/inline-blueprint.js';
import { useLab } from '../support/lab.js';
import { itWithPip } from '../support/python.js';
import { processesMentioning } from '../support/processes.js';
import { waitFor } from '../support/wait.js';

const MARKUP = '<img src=x onerror=alert(1)>';

/** Makes an environment in steps, waits at each until it is told to go on, and then lives on. */
const BUILDS = `### AIKORE-METADATA-START ###
# aikore.name = Builds
# aikore.venv_type = python
# aikore.venv_path = ./env
### AIKORE-METADATA-END ###
source "$AIKORE_FUNCTIONS"
clean_env ./env
if [[ ! -d ./env ]]; then
  aikore_step "Making the environment"
  until [[ -e ./go-1 ]]; do sleep 0.05; done
  python3 -m venv --without-pip ./env
  aikore_step "Installing packages 40 %"
  until [[ -e ./go-2 ]]; do sleep 0.05; done
fi
aikore_step "Starting"
${SERVES}
`;

describeInBrowser('versions and environments', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dash: DashboardPage;

  const make = async (name: string): Promise<Instance> => {
    const instance = await aikore.api.create({ name, base_blueprint: 'builds.sh' });
    await dash.row(name).waitFor();
    return instance;
  };
  const makeEnvironment = (name: string): string => {
    execFileSync('python3', ['-m', 'venv', aikore.home(name, 'env')]);
    const lib = aikore.home(name, 'env', 'lib');
    return join(lib, readdirSync(lib).find((entry) => entry.startsWith('python')) ?? '', 'site-packages');
  };
  /** What pip takes for an installed package. */
  const install = (site: string, name: string, version: string, ...wants: string[]): void => {
    const folder = join(site, `${name}-${version}.dist-info`);
    mkdirSync(folder);
    const lines = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`];
    writeFileSync(
      join(folder, 'METADATA'),
      [...lines, ...wants.map((want) => `Requires-Dist: ${want}`), '', ''].join('\n'),
    );
    writeFileSync(join(folder, 'INSTALLER'), 'pip\n');
    writeFileSync(join(folder, 'RECORD'), '');
  };
  const openVersions = async (name: string): Promise<void> => {
    await dash.row(name).getByTestId('action-menu').click();
    await dash.get('menu-instance.environment').click();
    await dash.get('environment-view-versions').click();
    await dash.get('versions-panel').waitFor();
  };
  const phaseIs = (name: string, phase: string): Promise<void> =>
    dash.row(name).getByTestId('status-reason').getByText(phase).waitFor();

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'builds.sh'), BUILDS);
    browser = await launchBrowser();
    dash = await DashboardPage.openByForm(browser, aikore, { faults, expected: /status of 504/ });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('of an environment that is not made yet are a calm sentence', async () => {
    await make('Bare');
    await openVersions('Bare');
    await dash.get('versions-state').getByText('Not checked yet.').waitFor();
    await dash.get('versions-check').click();
    await dash.get('versions-environment').waitFor({ timeout: 30_000 });
    expect(await dash.get('versions-environment').textContent()).not.toBe('');
    expect(await dash.get('versions-verdict').getAttribute('data-meaning')).not.toBe('failed');
  });

  itWithPip('come in two panes, also when packages conflict, and stay with their age', async () => {
    await make('Mixed');
    const site = makeEnvironment('Mixed');
    install(site, 'torchvision', '0.20.1', 'torch==2.5.1', 'numpy<2');
    install(site, 'numpy', '2.2.0');
    await openVersions('Mixed');
    await dash.get('versions-check').click();
    await dash.get('versions-verdict').getByText('2 packages do not fit.').waitFor({ timeout: 60_000 });
    await dash.get('versions-conflicts').getByText('numpy<2').waitFor();
    await dash.get('versions-facts').getByText('torchvision').waitFor();
    await dash.toast(/Checked Mixed: 2 packages do not fit/);
    await dash.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dash.get('versions-copy').click();
    await dash.get('versions-copy').getByText('Copied').waitFor();
    expect(await dash.page.evaluate<string>('navigator.clipboard.readText()')).toMatch(
      /torchvision: 0\.20\.1/,
    );
    await dash.expectAccessible();
    await dash.page.reload();
    await dash.live();
    await dash.get('versions-verdict').getByText('2 packages do not fit.').waitFor();
    await dash
      .get('versions-state')
      .getByText(/Checked .*(ago|just now)/)
      .waitFor();
  });

  itWithPip('lead to a rebuild that asks first and shows its phases', async () => {
    const { id } = await aikore.api.byName('Mixed');
    await dash.get('versions-rebuild').click();
    await dash.get('confirm-rebuild').getByText('This happens at its next start.').waitFor();
    await dash.get('confirm-cancel').click();
    await aikore.api.startUp(id);
    await dash.status('Mixed', 'started');
    const { run } = await aikore.api.instance(id);
    await dash.get('versions-rebuild').click();
    await dash.get('confirm-rebuild').getByText('It is stopped and started again for that.').waitFor();
    await dash.expectAccessible();
    await dash.get('confirm-ok').click();
    await dash.toast(/Rebuilding the environment of Mixed/);
    await phaseIs('Mixed', 'Making the environment');
    writeFileSync(aikore.home('Mixed', 'go-1'), '');
    await phaseIs('Mixed', 'Installing packages 40 %');
    // The same wherever it is seen: in its row and over its tools.
    await dash.get('tools-phase').getByText('Installing packages 40 %').waitFor();
    for (const place of [dash.row('Mixed'), dash.get('tools')])
      await place.getByRole('progressbar', { name: 'Installing packages 40 %' }).waitFor();
    expect(await dash.row('Mixed').getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
    writeFileSync(aikore.home('Mixed', 'go-2'), '');
    await dash.status('Mixed', 'started');
    await dash.get('tools').getByRole('progressbar').waitFor({ state: 'hidden' });
    expect(await dash.get('tools-phase').textContent()).toBe('');
    expect((await aikore.api.instance(id)).run).toBe(run + 1);
    await aikore.api.shutDown(id);
  });

  it('can be given up, and nothing of the check goes on', async () => {
    await make('Endless');
    mkdirSync(aikore.home('Endless', 'env', 'bin'), { recursive: true });
    const mark = aikore.home('Endless', 'endless');
    writeFileSync(
      aikore.home('Endless', 'env', 'bin', 'python'),
      `#!/bin/sh\nexec tail -f /dev/null "${mark}"\n`,
      { mode: 0o755 },
    );
    writeFileSync(mark, '');
    await openVersions('Endless');
    await dash.get('versions-check').click();
    await dash
      .get('versions-state')
      .getByText(/Looking into the environment/)
      .waitFor();
    await waitFor('the check runs', () => processesMentioning(mark).length > 0);
    await dash.get('versions-cancel').click();
    await dash.get('versions-check').waitFor();
    expect(await dash.get('versions-failure').count()).toBe(0);
    await waitFor('nothing of it runs', () => processesMentioning(mark).length === 0);
  });

  it('that took too long keep the sentence of the server, and can be asked for again', async () => {
    const message = 'The check took longer than two minutes and was ended.';
    const body = JSON.stringify({
      code: 'VERSION_CHECK_TIMED_OUT',
      message,
      details: {},
      request_id: 'request-504',
    });
    const answer = { status: 504, contentType: 'application/json', body };
    await dash.page.route('**/version-check', (route) => route.fulfill(answer));
    await openVersions('Bare');
    await dash.get('versions-check').click();
    await dash.get('versions-failure').getByText(message).waitFor();
    await dash.toast(message);
    await dash.page.unroute('**/version-check');
    await dash.get('versions-check').click();
    await dash.get('versions-failure').waitFor({ state: 'detached' });
    await dash.get('versions-environment').waitFor({ timeout: 30_000 });
  });

  itWithPip('that are hostile are shown as text, also on a telephone', async () => {
    const { id } = await make('Hostile');
    const site = makeEnvironment('Hostile');
    install(site, 'numpy', '1.0', `${'long-name-'.repeat(200)}>1`, 'hostile; python_version > "3"');
    install(site, 'torch', `2.0+${'9'.repeat(120)}`, 'left<1');
    install(site, 'transformers', '4.0');
    const metadata = join(site, 'transformers-4.0.dist-info', 'METADATA');
    writeFileSync(metadata, `Metadata-Version: 2.1\nName: transformers\nVersion: 4.0 ${MARKUP}\u202e\n\n`);
    const phone = await DashboardPage.openByForm(browser, aikore, {
      faults,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await phone.page.goto(`${aikore.dashboardUrl}#versions=${id}`);
    await phone.page.reload();
    await phone.get('environment-view-versions').tap();
    await phone.get('versions-check').tap();
    await phone.get('versions-verdict').waitFor({ timeout: 60_000 });
    await phone.expectAccessible('[data-testid="tools"]');
    expect(await phone.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
      390,
    );
    expect(await phone.page.locator('img[src]').count()).toBe(0);
    await phone.close();
  });
});
