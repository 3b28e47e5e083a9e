import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { SIGN_IN } from '../support/dashboard-page.js';
import { listenToLiveRegions, waitToHear } from '../support/heard.js';
import { useLab } from '../support/lab.js';
import { ScriptPage } from '../support/script-page.js';

/** Lives until a file tells it to fail. */
const FAILS_WHEN_TOLD = `### AIKORE-METADATA-START ###
# aikore.probe = process
### AIKORE-METADATA-END ###
rm -f ./fail
until [[ -e ./fail ]]; do sleep 0.05; done
exit 3
`;

describeInBrowser('what a screen reader is told', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dash: ScriptPage;
  let id: number;

  const startUp = async (): Promise<void> => {
    await aikore.api.startUp(id);
    await dash.status('Training', 'started');
  };
  const crash = (): void => writeFileSync(aikore.home('Training', 'fail'), '');

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'fails-when-told.sh'), FAILS_WHEN_TOLD);
    ({ id } = await aikore.api.create({ name: 'Training', base_blueprint: 'fails-when-told.sh' }));
    browser = await launchBrowser();
    dash = await ScriptPage.openByForm(browser, aikore, { faults, expected: /status of [45]\d\d/ });
    await dash.row('Training').waitFor();
    await listenToLiveRegions(dash.page);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('of a crash at once, with its reason; of a start when there is time', async () => {
    await startUp();
    await waitToHear(dash.page, /Training: started/, 'polite');
    crash();
    await waitToHear(dash.page, /Training: error\. It ended with exit code 3/, 'assertive');
  });

  it('of a crash behind an open dialog too', async () => {
    await startUp();
    await dash.page.keyboard.press('?');
    await dash.get('shortcuts-dialog').waitFor();
    await listenToLiveRegions(dash.page);
    crash();
    await waitToHear(dash.page, /Training: error/, 'assertive');
    await dash.page.keyboard.press('Escape');
    await dash.get('shortcuts-dialog').waitFor({ state: 'detached' });
  });

  it('of a save that was refused, with the sentence of the server', async () => {
    await dash.openScript('Training');
    const script = aikore.home('Training', 'launch.sh');
    rmSync(script);
    mkdirSync(script);
    await dash.append('\n# one more line\n');
    await dash.get('script-save').click();
    const said = await waitToHear(dash.page, /^Error: ./, 'assertive');
    expect(await dash.get('toast-error').textContent()).toContain(said.replace('Error: ', '').slice(0, 40));
  });

  it('of a server that stays away, and that it is there again', async () => {
    const ports = { AIKORE_PORT: String(aikore.port), AIKORE_APPS_PORT: String(aikore.appsPort) };
    await aikore.signal('SIGKILL');
    await waitToHear(dash.page, /AiKore does not answer/, 'assertive');
    aikore = await lab.start({ ...SIGN_IN, ...ports }, aikore.dataDir);
    await dash.live();
    await waitToHear(dash.page, /AiKore answers again/, 'polite');
  });
});
