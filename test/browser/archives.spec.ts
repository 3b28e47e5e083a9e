import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { lookAt } from '../support/look-at.js';
import { waitFor } from '../support/wait.js';
import { WorkDouble } from '../support/work-double.js';
import { archive, operation } from '../support/work-samples.js';

const BROKEN = archive({
  file: 'notes.aikore.tar.gz',
  contents: null,
  size_bytes: 3_000,
  problem: 'It is no archive of AiKore’s: it does not begin with aikore.json.',
});

/** A packed tar whose first entry has a name. */
const packed = (name: string): Buffer => {
  const header = Buffer.alloc(1024);
  header.write(name, 0, 'latin1');
  return gzipSync(header);
};

/** The archives as the dashboard shows them; which there are is played. */
describeInBrowser('archives', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let dash: DashboardPage;
  let double: WorkDouble;

  const file = (name: string, content: Buffer | string): string => {
    const path = join(lab.root, name);
    writeFileSync(path, content);
    return path;
  };
  const choose = (path: string): Promise<void> => dash.get('archive-file').setInputFiles(path);

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    await aikore.api.create({ name: 'ComfyUI', base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
    dash = await DashboardPage.open(browser, aikore, { faults, expected: /status of 507/ });
    double = await new WorkDouble().install(dash.page);
    await dash.page.reload();
    await dash.live();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('are empty at first, and listed as they come', async () => {
    await dash.get('menu-button').click();
    await dash.get('menu-archives').click();
    await dash.get('archives-dialog').getByText('There is no archive.').waitFor();
    double.tellArchives(
      archive(),
      archive({
        file: 'Flux training-2026-10-02.aikore.tar.gz',
        size_bytes: 31 * 1024 ** 3,
        contents: {
          ...archive().contents!,
          instance_name: 'Flux training',
          base_blueprint: 'FluxGym.sh',
          has_environment: true,
          withheld: [],
        },
      }),
      BROKEN,
    );
    await dash.get('archive').nth(2).waitFor();
    await dash.get('archives-total').getByText('3 archives, 32.8 GB').waitFor();
    await dash
      .get('archive')
      .first()
      .getByText(/with outputs, without 2 secrets/)
      .waitFor();
    expect(await dash.get('archive').nth(2).getByTestId('archive-import').count()).toBe(0);
    expect(await dash.get('archive').first().getByTestId('archive-download').getAttribute('href')).toBe(
      '/api/archives/ComfyUI-2026-11-20.aikore.tar.gz',
    );
    await lookAt(dash, 'archives');
  });

  it('are imported under a free name, and say what was left out', async () => {
    await dash.get('archive').first().getByTestId('archive-import').click();
    expect(await dash.get('field-new-name').inputValue()).toBe('ComfyUI 2');
    await dash
      .get('import-note')
      .getByText(/HF_TOKEN and CIVITAI_API_KEY/)
      .waitFor();
    await lookAt(dash, 'import');
    double.answers.unshift([/import$/, () => ({ status: 202, data: operation({ kind: 'import' }) })]);
    await dash.get('import-dialog-submit').click();
    await dash.toast('Importing ComfyUI 2.');
    expect(double.called(/import$/)).toMatchObject([
      { path: '/api/archives/ComfyUI-2026-11-20.aikore.tar.gz/import', body: { new_name: 'ComfyUI 2' } },
    ]);
  });

  it('are deleted after a question', async () => {
    await dash.get('archive').nth(2).getByTestId('archive-delete').click();
    await dash
      .get('confirm-delete-archive')
      .getByText(/notes\.aikore\.tar\.gz \(2\.9 KB\)/)
      .waitFor();
    await dash.get('confirm-ok').click();
    await dash.toast('notes.aikore.tar.gz was deleted.');
    expect(double.called(/^DELETE/)).toMatchObject([{ path: '/api/archives/notes.aikore.tar.gz' }]);
  });

  it('are uploaded by choice, under a free name', async () => {
    await choose(file('ComfyUI-2026-11-20.aikore.tar.gz', packed('aikore.json')));
    await dash.toast('ComfyUI-2026-11-20 2.aikore.tar.gz is uploaded.');
    expect(double.called(/^PUT/)).toMatchObject([
      { path: '/api/archives/ComfyUI-2026-11-20%202.aikore.tar.gz' },
    ]);
  });

  it.each([
    ['a text', 'notes.txt', 'hello', 'It is no archive'],
    ['an empty file', 'empty.tar.gz', '', 'It is no archive'],
    ['a packed folder of another program', 'other.tar.gz', packed('src/main.c'), 'it is no export of AiKore'],
    ['half a packed file', 'half.tar.gz', packed('aikore.json').subarray(0, 20), 'It is no archive'],
  ])('are refused with a sentence before anything is sent: %s', async (_what, name, content, sentence) => {
    const sent = double.called(/^PUT/).length;
    await choose(file(name, content));
    await dash.get('upload-problem').getByText(sentence).waitFor();
    if (name === 'notes.txt') await lookAt(dash, 'upload-refused');
    await dash.get('upload-cancel').click();
    await dash.get('upload').waitFor({ state: 'detached' });
    expect(double.called(/^PUT/).length).toBe(sent);
  });

  it('can be dropped, show how far they are in the top bar as well, and be cancelled', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    double.answers.unshift([/^PUT/, async () => (await held, { status: 201 })]);
    const bytes = [...packed('aikore.json')];
    const transfer = await dash.page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'dropped.aikore.tar.gz'));
        return transfer;
      })()`,
    );
    await dash.get('archives-dialog').dispatchEvent('dragover', { dataTransfer: transfer });
    await dash.get('archives-dialog').dispatchEvent('drop', { dataTransfer: transfer });
    await dash.get('upload').getByText('dropped.aikore.tar.gz').waitFor();
    await dash.get('work-badge').getByText('Uploading').waitFor();
    await dash.get('upload-cancel').click();
    await dash.get('upload').waitFor({ state: 'detached' });
    await dash.get('work-badge').waitFor({ state: 'hidden' });
    answer();
  });

  it('that the server refuses say its sentence, and stay until they are put away', async () => {
    const message = 'The disk has no room for it: 2.1 GB are missing.';
    const body = { code: 'DISK_FULL', message, details: {}, request_id: 'request-507' };
    double.answers.unshift([/^PUT/, () => ({ status: 507, data: body })]);
    await choose(file('big.aikore.tar.gz', packed('aikore.json')));
    await dash.get('upload-problem').getByText(message).waitFor();
    await dash.page.keyboard.press('Escape');
    await waitFor('the dialog is closed', async () => (await dash.get('archives-dialog').count()) === 0);
  });
});
