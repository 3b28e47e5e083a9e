import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Dialog } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import type { Opening } from '../support/dashboard-page.js';
import { SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { REFUSALS } from '../support/page-faults.js';
import { ScriptPage } from '../support/script-page.js';
import { waitFor } from '../support/wait.js';

const HEAD = `#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Printing
# aikore.category = Tests
# aikore.description = Prints a word and waits.
# aikore.probe = process
### AIKORE-METADATA-END ###
`;
const PRINTS = `${HEAD}
echo "the first word"
[ -e ./more.sh ] && source ./more.sh
sleep 600
`;
const MARKUP = '<img src=x onerror=alert(1)>';
const hasShellCheck = existsSync('/usr/bin/shellcheck');

describeInBrowser('the script editor', () => {
  const lab = useLab();
  const faults: string[] = [];
  let aikore: AiKoreProcess;
  let browser: Browser;
  let it1: ScriptPage;

  const make = async (name: string, base_blueprint = 'printing.sh'): Promise<number> => {
    const { id } = await aikore.api.create({ name, base_blueprint });
    await it1.row(name).waitFor();
    return id;
  };
  const another = (opening: Opening = {}): Promise<ScriptPage> =>
    ScriptPage.openByForm(browser, aikore, { faults, expected: REFUSALS, ...opening });

  beforeAll(async () => {
    aikore = await lab.start(SIGN_IN);
    writeFileSync(aikore.path('custom_blueprints', 'printing.sh'), PRINTS);
    browser = await launchBrowser();
    it1 = await another();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  describe('writing', () => {
    it('opens by a key, marks what is unsaved, and saves by another', async () => {
      await make('Written');
      await it1.openScript('Written');
      await it1.state('Saved');
      expect(await it1.get('script-save').getAttribute('data-tip')).toMatch(/nothing to save/);
      expect(await it1.get('script-save-restart').getAttribute('aria-disabled')).toBe('true');
      // What is typed stays in the editor: “s” starts and “x” stops an instance elsewhere.
      await it1.page.keyboard.press('Control+End');
      await it1.page.keyboard.type('# sx end');
      await it1.state('Unsaved changes');
      expect(await it1.get('tool-mark-script').textContent()).toBe('Unsaved changes');
      expect((await aikore.api.byName('Written')).status).toBe('stopped');
      expect(await it1.get('script-save-restart').getAttribute('data-tip')).toMatch(/not running/);
      await it1.page.keyboard.press('Control+s');
      await it1.toast(/It counts from the next start of Written/);
      await it1.state('Saved');
      expect(it1.saved('Written')).toBe(`${PRINTS}# sx end`);
      expect(await it1.get('tool-mark-script').isHidden()).toBe(true);
    });

    it('saves and restarts what runs, and the new output comes', async () => {
      const id = await make('Running');
      await aikore.api.startUp(id);
      await it1.status('Running', 'started');
      await it1.openScript('Running');
      const { run } = await aikore.api.instance(id);
      await it1.panel.getByText('"the first word"').click();
      await it1.page.keyboard.press('End');
      await it1.page.keyboard.type('\necho "the second word"');
      await it1.get('script-save-restart').click();
      await it1.toast(/restarting Running/);
      await waitFor('it runs again', async () => (await aikore.api.instance(id)).run > run);
      await it1.get('tool-tab-log').click();
      await it1.get('log-lines').getByText('the second word').waitFor();
      await it1.get('tool-tab-script').click();
      await it1.state('Saved');
      await aikore.api.shutDown(id);
    });

    it('keeps the step of the file with Tab, and lets go of the focus with Esc and Tab', async () => {
      await make('Tabbed');
      await it1.openScript('Tabbed');
      await it1.append('\nif true; then\n');
      await it1.page.keyboard.press('Tab');
      await it1.page.keyboard.type('echo');
      expect(await it1.text()).toContain('\n    echo');
      await it1.page.keyboard.press('Escape');
      expect(await it1.panel.isVisible()).toBe(true);
      await it1.page.keyboard.press('Shift+Tab');
      expect(await it1.page.evaluate('document.activeElement.dataset.testid')).toBe('script-save');
      await it1.page.keyboard.press('Tab');
      await it1.page.keyboard.press('Control+z');
      await it1.page.keyboard.press('Control+z');
      await it1.page.keyboard.press('Control+z');
      await it1.page.keyboard.press('Control+z');
      await it1.state('Saved');
    });

    it('finds and replaces', async () => {
      await make('Searched');
      await it1.openScript('Searched');
      await it1.page.keyboard.press('Control+f');
      await it1.page.keyboard.type('word');
      await it1.get('find-count').getByText('1 of 2').waitFor();
      await it1.page.keyboard.press('Enter');
      await it1.get('find-count').getByText('2 of 2').waitFor();
      await it1.get('find-regexp').click();
      await it1.get('find-input').fill('wo(');
      await it1.get('find-count').getByText('not valid').waitFor();
      await it1.get('find-input').fill('first|second');
      await it1.get('find-replacement').fill('only');
      await it1.get('find-replace-all').click();
      expect(await it1.text()).toContain('"the only word"');
      await it1.get('find-input').press('Escape');
      expect(await it1.get('find-bar').isHidden()).toBe(true);
      expect(await it1.panel.isVisible()).toBe(true);
      await it1.page.keyboard.press('Control+z');
      await it1.state('Saved');
    });
  });

  describe('findings', () => {
    const count = (words: RegExp) => it1.get('findings-count').getByText(words).waitFor({ timeout: 15_000 });

    it('come while one types, and go when it is mended', async () => {
      await make('Faulty');
      await it1.openScript('Faulty');
      await count(/No findings|finding/);
      await it1.append('\nif true; then\n');
      await count(/[1-9]\d* findings?/);
      await it1.panel.locator('.cm-lint-marker-error').first().waitFor();
      await it1.get('findings-button').click();
      expect(await it1.get('finding').count()).toBeGreaterThan(0);
      await it1.page.keyboard.press('F8');
      await it1.get('findings-list').locator('[aria-current="true"]').waitFor();
      await it1.append('  echo\nfi\n');
      await count(hasShellCheck ? /finding/ : /No findings/);
      await it1
        .get('findings-list')
        .getByText('Error', { exact: true })
        .first()
        .waitFor({ state: 'detached' });
    });

    it('are also of the metadata, and of ShellCheck where it is installed', async () => {
      await make('Careless');
      await it1.openScript('Careless');
      await it1.panel.getByText('# aikore.probe = process').click();
      await it1.page.keyboard.press('End');
      await it1.page.keyboard.type(' nonsense');
      if (await it1.get('findings').isHidden()) await it1.get('findings-button').click();
      await it1.get('findings-list').getByText(/probe/i).first().waitFor({ timeout: 15_000 });
      if (!hasShellCheck) return;
      await it1.append('\necho $unquoted\n');
      await it1.get('findings-list').getByText('SC2086').waitFor({ timeout: 15_000 });
      await it1
        .get('findings-list')
        .getByText(/Double quote/)
        .click();
      expect(await it1.page.evaluate('document.activeElement.className')).toContain('code-surface');
    });
  });

  describe('unsaved work', () => {
    it('warns before the page goes, survives the reload, and is offered with its time', async () => {
      const id = await make('Kept');
      await it1.openScript('Kept');
      await it1.append('# precious');
      await it1.state('Unsaved changes');
      await waitFor('it is written down', () =>
        it1.page.evaluate<boolean>(
          `(localStorage.getItem('aikore.draft.instance.${id}') ?? '').includes('precious')`,
        ),
      );
      const asked: string[] = [];
      const accept = (dialog: Dialog): void => {
        asked.push(dialog.type());
        void dialog.accept();
      };
      it1.page.on('dialog', accept);
      await it1.page.reload();
      it1.page.off('dialog', accept);
      expect(asked).toEqual(['beforeunload']);
      await it1.live();
      await it1
        .get('draft-offer')
        .getByText(/You have unsaved changes from/)
        .waitFor();
      expect(await it1.get('draft-offer').textContent()).toMatch(/from \d\d:\d\d/);
      expect(await it1.text()).not.toContain('precious');
      await it1.get('draft-restore').click();
      expect(await it1.text()).toContain('# precious');
      await it1.page.keyboard.press('Control+s');
      await it1.savedIs('Kept', (text) => text.includes('# precious'));
    });

    it('stays with its instance while others are shown, and when the tools are closed', async () => {
      await make('Left alone');
      await make('Looked at');
      await it1.openScript('Left alone');
      await it1.append('# half done');
      await it1.openScript('Looked at');
      expect(await it1.text()).not.toContain('half done');
      expect(await it1.get('tool-mark-script').textContent()).toBe('Unsaved changes to Left alone');
      await it1.openScript('Left alone');
      expect(await it1.text()).toContain('# half done');
      await it1.get('tools-close').click();
      await it1.toast(/unsaved changes to the script of Left alone are kept/);
      await it1.openScript('Left alone');
      await it1.get('draft-discard').click();
      await it1.state('Saved');
      expect(await it1.text()).not.toContain('half done');
    });
  });

  describe('two who write', () => {
    it('nobody overwrites what he has not seen', async () => {
      await make('Shared');
      const it2 = await another();
      await it1.openScript('Shared');
      await it2.openScript('Shared');
      await it2.append('# of the second');
      await it1.append('# of the first');
      await it1.page.keyboard.press('Control+s');
      await it1.state('Saved');
      await it2.get('script-foreign').waitFor();
      await it2.page.keyboard.press('Control+s');
      await it2.get('compare').getByText('Theirs, saved').waitFor();
      expect(await it2.get('script-foreign').count()).toBe(0);
      expect(it1.saved('Shared')).toContain('# of the first');
      await it2.expectAccessible();
      await it2.get('compare-close').click();
      expect(await it2.text()).toContain('# of the second');
      await it2.get('script-decide').click();
      await it2.get('conflict-overwrite').click();
      await it2.savedIs('Shared', (text) => text.includes('# of the second'));
      // The first has nothing to lose and sees the new version by itself.
      await it1.get('script-said').waitFor();
      await it1.panel.getByText('# of the second').waitFor();

      await it1.append('\n# again of the first');
      await it2.append('\n# again of the second');
      await it2.page.keyboard.press('Control+s');
      await it1.get('script-decide').click();
      await it1.get('conflict-take').click();
      await it1.state('Saved');
      expect(await it1.text()).toContain('# again of the second');
      await it1.page.keyboard.press('Control+z');
      expect(await it1.text()).toContain('# again of the first');
      await it1.page.keyboard.press('Control+y');
      await it2.close();
    });
  });

  describe('the blueprint and the history', () => {
    it('compares side by side, takes one difference over, and all of them after asking', async () => {
      await make('Compared');
      await it1.openScript('Compared');
      await it1.append('# mine\n');
      await it1.page.keyboard.press('Control+s');
      await it1.state('Saved');
      writeFileSync(
        aikore.path('custom_blueprints', 'printing.sh'),
        PRINTS.replace('the first word', 'a newer word'),
      );
      await it1.get('tools-close').click();
      await it1.openScript('Compared');
      await it1.get('blueprint-news').getByText('The blueprint changed since.').waitFor();
      await it1.get('blueprint-news-compare').click();
      await it1.get('compare-count').getByText('2 differences').waitFor();
      await it1.expectAccessible();
      await it1.page.getByRole('button', { name: 'Take the blueprint’s here' }).first().press('Enter');
      await it1.get('compare-count').getByText('1 difference').waitFor();
      await it1.page.keyboard.press('F7');
      await it1.page.keyboard.press('Control+s');
      await it1.savedIs('Compared', (text) => text.includes('a newer word') && text.includes('# mine'));
      await it1.get('compare-take-all').click();
      await it1
        .get('confirm-take-blueprint')
        .getByText(/stays in the history/)
        .waitFor();
      await it1.get('confirm-ok').click();
      await it1.savedIs('Compared', (text) => !text.includes('# mine'));
      await it1.toast(/has the present version/);
      await it1.get('blueprint-news').waitFor({ state: 'detached' });
      writeFileSync(aikore.path('custom_blueprints', 'printing.sh'), PRINTS);
    });

    it('lists versions, compares one with the present and restores it into the editor', async () => {
      await it1.get('script-history').click();
      await it1.get('history-version').first().waitFor();
      expect(await it1.get('history-version').count()).toBeGreaterThanOrEqual(3);
      const withMine = it1.get('history-version').nth(1);
      await withMine.click();
      await it1.get('compare').waitFor();
      await it1.expectAccessible();
      await it1.get('history-restore').click();
      await it1
        .get('script-said')
        .getByText(/is in the editor/)
        .waitFor();
      await it1.state('Unsaved changes');
      expect(await it1.text()).toContain('# mine');
      await it1.page.keyboard.press('Control+s');
      await it1.savedIs('Compared', (text) => text.includes('# mine'));
    });

    it('lists a version that is saved while the list is open', async () => {
      await it1.state('Saved');
      await it1.get('script-history').click();
      const newest = Number(await it1.get('history-version').first().getAttribute('data-version'));
      const { id } = await aikore.api.byName('Compared');
      const address = `api/instances/${id}/file?file_type=script`;
      await aikore.api.expect(200, 'PUT', address, { content: `${PRINTS}# of somebody else\n` });
      await it1
        .get('history-list')
        .locator(`[data-version="${newest + 1}"]`)
        .waitFor();
      await it1.get('history-close').click();
    });
  });

  describe('custom blueprints', () => {
    it('are saved from a script, overwritten only after asking, edited, renamed and deleted', async () => {
      const it2 = await another();
      await make('Source');
      await it1.openScript('Source');
      await it1.clearToasts();
      await it1.get('script-more').click();
      await it1.get('menu-save-as').click();
      await it1.get('save-as-filename').fill('../x');
      await it1.get('save-as-filename-problem').waitFor();
      await it1.get('save-as-filename').fill('Demo');
      await it1.page.keyboard.press('Enter');
      await it1
        .get('save-as-filename-problem')
        .getByText(/shipped blueprint has this name/)
        .waitFor();
      await it1.get('save-as-filename').fill('mine of tests');
      await it1.get('save-as-name').fill('Mine of tests');
      await it1.page.keyboard.press('Enter');
      await it1.get('save-as-dialog').waitFor({ state: 'detached' });
      const file = aikore.path('custom_blueprints', 'mine of tests.sh');
      expect(readFileSync(file, 'utf8')).toBe(PRINTS.replace('= Printing', '= Mine of tests'));

      await it1.get('script-more').click();
      await it1.get('menu-save-as').click();
      await it1.get('save-as-filename').fill('mine of tests.sh');
      await it1.get('save-as-name').fill('Mine again');
      await it1.page.keyboard.press('Enter');
      await it1.get('confirm-overwrite-blueprint').waitFor();
      await it1.page.keyboard.press('Enter');
      expect(readFileSync(file, 'utf8')).toContain('Mine of tests');
      await it1.get('save-as-submit').click();
      await it1.get('confirm-ok').click();
      await waitFor('it is overwritten', () => readFileSync(file, 'utf8').includes('Mine again'));
      await aikore.api.create({ name: 'Child', base_blueprint: 'mine of tests.sh' });

      await it2.page.keyboard.press('b');
      const item = (on: ScriptPage, filename: string) =>
        on.page.locator(`[data-testid="blueprints-item"][data-filename="${filename}"]`);
      await item(it2, 'mine of tests.sh').click();
      await it2.get('blueprint-users').getByText('1 instance made from it: Child.').waitFor();
      await it2.append('# edited in the sheet');
      await it2.page.keyboard.press('Escape');
      await it2.page.waitForTimeout(200);
      expect(await it2.page.locator('dialog[open]').count()).toBe(1);
      await it2.get('dialog-close').first().click();
      await it2.get('confirm-leave-blueprint').waitFor();
      await it2.get('confirm-cancel').click();
      await it2.panel.getByTestId('script-save').click();
      await waitFor('it is saved', () => readFileSync(file, 'utf8').includes('# edited in the sheet'));
      await it2.expectAccessible();

      await it2.get('blueprint-rename').click();
      await it2.get('rename-filename').fill('renamed');
      await it2.page.keyboard.press('Enter');
      await it2.get('rename-dialog').waitFor({ state: 'detached' });
      await item(it2, 'renamed.sh').waitFor();
      await it2.clearToasts();
      await it2.get('blueprint-delete').click();
      await it2.get('confirm-delete-blueprint').getByText(/Child/).waitFor();
      await it2.get('confirm-ok').click();
      await item(it2, 'renamed.sh').waitFor({ state: 'detached' });
      expect(existsSync(aikore.path('custom_blueprints', 'renamed.sh'))).toBe(false);
      await it2.close();
    });

    it('begin empty or as a copy of a shipped one, which itself cannot be changed; other pages see it', async () => {
      const it2 = await another();
      await it1.page.keyboard.press('Escape');
      await it2.page.keyboard.press('b');
      await it1.row('Source').focus();
      await it1.page.keyboard.press('b');
      await it1.get('blueprints-search').fill('demo');
      await it1.page.keyboard.press('Enter');
      await it1.state('Read only');
      expect(await it1.panel.getByTestId('script-save').count()).toBe(0);
      await it1.get('blueprint-copy').click();
      await it1.get('save-as-filename').fill('copied demo');
      await it1.page.keyboard.press('Enter');
      await it1.state('Saved');
      await it2.page.locator('[data-filename="copied demo.sh"]').waitFor();
      await it1.get('blueprints-new').click();
      await it1.page.keyboard.press('Enter');
      await it1.get('blueprint-name').getByText('My blueprint').waitFor();
      await it1.get('findings-count').last().getByText('No findings').waitFor({ timeout: 15_000 });
      await it1.get('dialog-close').first().click();
      await it2.close();
    });
  });

  describe('anything', () => {
    it('that is hostile is shown as text', async () => {
      const hostile = `### AIKORE-METADATA-START ###
# aikore.name = ${MARKUP}
# aikore.category = <script>alert(2)</script>
# aikore.description = ${'very long '.repeat(1000)}${MARKUP}
# aikore.${MARKUP} = x
### AIKORE-METADATA-END ###
echo '${MARKUP}' \u202egnp.exe\u202c \u200b
${`# ${'x'.repeat(10_000)}\n`.repeat(5)}
cat <<"${MARKUP}"
`;
      writeFileSync(aikore.path('custom_blueprints', 'hostile.sh'), hostile);
      await make('Hostile', 'hostile.sh');
      await it1.openScript('Hostile');
      await it1.panel.getByText('U+202E').first().waitFor();
      await it1
        .get('findings-count')
        .getByText(/findings?$/)
        .waitFor({ timeout: 15_000 });
      if (await it1.get('findings').isHidden()) await it1.get('findings-button').click();
      await it1.get('script-compare').click();
      await it1.get('compare-count').getByText('No differences').waitFor();
      await it1.get('compare-close').click();
      await it1.row('Hostile').focus();
      await it1.page.keyboard.press('b');
      await it1.page.locator('[data-testid="blueprints-item"][data-filename="hostile.sh"]').click();
      await it1.get('blueprint-name').getByText(MARKUP).waitFor();
      // The editor has pictures without an address around its widgets.
      expect(await it1.page.locator('img[src]').count()).toBe(0);
      await it1.get('dialog-close').first().click();
    });

    it('that cannot be fetched says why and tries again', async () => {
      await make('Fleeting');
      await it1.page.route('**/api/instances/*/script', (route) => route.abort());
      await it1.row('Fleeting').focus();
      await it1.page.keyboard.press('e');
      await it1.get('script-retry').waitFor();
      await it1.page.unroute('**/api/instances/*/script');
      await it1.get('script-retry').click();
      await it1.state('Saved');
    });

    it('is accessible in both themes, and fits a telephone', async () => {
      await it1.expectAccessible();
      const phone = await another({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
      const id = await make('Phoned');
      const address = `api/instances/${id}/script`;
      const saved = await aikore.api.send(
        'PUT',
        address,
        { content: `${PRINTS}# changed\n` },
        { 'if-match': '*' },
      );
      expect(saved.status).toBe(200);
      await phone.page.goto(`${aikore.dashboardUrl}#script=${id}`);
      await phone.page.reload();
      await phone.panel.locator('.cm-content').waitFor();
      await phone.get('script-compare').click();
      await phone.get('compare').and(phone.page.locator('.is-unified')).waitFor();
      for (const part of ['script-save', 'script-more', 'compare-close', 'compare-take-all']) {
        const box = await phone.get(part).boundingBox();
        expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
      }
      await phone.expectAccessible('[data-testid="tools"]');
      await phone.get('script-history').click();
      await phone.get('history-version').first().tap();
      await phone.get('compare-close').tap();
      await phone.get('history-version').first().waitFor();
      expect(await phone.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        390,
      );
      await phone.close();
    });

    it('that is unsaved outlives AiKore under the open page', async () => {
      await make('Outliving');
      await it1.openScript('Outliving');
      await it1.append('# typed before');
      await aikore.signal('SIGKILL');
      await it1.lost();
      await it1.append(' and meanwhile');
      await it1.page.keyboard.press('Control+s');
      await it1.toast(/AiKore does not answer/);
      await it1.state('Unsaved changes');
      aikore = await lab.start({ ...SIGN_IN, ...aikore.ports }, aikore.dataDir);
      await it1.live();
      expect(await it1.text()).toContain('# typed before and meanwhile');
      await it1.panel.getByTestId('script-save').click();
      await it1.savedIs('Outliving', (text) => text.endsWith('# typed before and meanwhile'));
    });
  });
});
