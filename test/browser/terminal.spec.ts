import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { useLab } from '../support/lab.js';
import { REFUSALS, watchDialogs } from '../support/page-faults.js';
import { TerminalPage } from '../support/terminal-page.js';
import { waitFor } from '../support/wait.js';

const SETTINGS = { ...SIGN_IN, AIKORE_ALLOWED_HOSTS: 'aikore.lan' };

/** Prints what a program from outside may print, all of it meant badly. */
const HOSTILE = [
  String.raw`printf '\033]0;<img src=x onerror=alert(1)>\342\200\256gpj\007'`,
  String.raw`printf '\033]52;c;aGlqYWNrZWQ=\007'`,
  String.raw`printf '\033]8;;javascript:alert(2)\033\\bad link\033]8;;\033\\\n'`,
  String.raw`printf '\033]8;;https://evil.example/\342\200\256x\033\\good bank\033]8;;\033\\\n'`,
  String.raw`printf '\033[21t\033[c\033]11;?\007\033[6n'`,
  String.raw`printf '\342\200\256turned\n'; printf 'x%.0s' {1..10000}; echo`,
  String.raw`echo '<script>alert(3)</script>'; echo the last line`,
].join('\n');

/** Terminals in the dashboard, each with a real shell. */
describeInBrowser('terminals', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  let context: BrowserContext;
  let dashboard: DashboardPage;
  let page: Page;
  let terminal: TerminalPage;
  const faults: string[] = [];

  const opening = { faults, expected: REFUSALS };
  const watched = (opened: DashboardPage): DashboardPage => {
    watchDialogs(opened.page, faults);
    return opened;
  };
  const create = (name: string) => aikore.api.create({ name, base_blueprint: 'idles.sh' });
  /** A second page of the same browser, with the terminals of an instance. */
  const another = async (name: string): Promise<TerminalPage> => {
    const other = new TerminalPage(watched(await dashboard.another()).page);
    await other.show(name);
    return other;
  };

  beforeAll(async () => {
    aikore = await lab.start(SETTINGS);
    for (const name of ['Typed', 'Tabs', 'Kept', 'Shared', 'Hostile', 'Copied', 'Flood', 'Ending', 'Phone']) {
      await create(name);
    }
    browser = await launchBrowser(['--host-resolver-rules=MAP aikore.lan 127.0.0.1']);
    dashboard = watched(await DashboardPage.openByForm(browser, aikore, opening));
    ({ page, context } = dashboard);
    terminal = new TerminalPage(page);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(faults).toEqual([]);
  });

  it('opens by keys alone, shows what is typed and leaves with the keyboard', async () => {
    await page.locator('[data-testid="row"][data-name="Typed"]').focus();
    await page.keyboard.press('t');
    await page.locator('[data-testid="terminal-open"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await terminal.waitForText(/[#$]$/);
    await page.keyboard.type('basename "$PWD"; echo $INSTANCE_NAME:$COLORTERM\n');
    expect(await terminal.waitForText('Typed:truecolor')).toContain('\nTyped\n');
    // Esc is the program's, as is every other key but those of ours.
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('terminal-deck').isVisible()).toBe(true);
    await page.keyboard.press('Control+Shift+Escape');
    await page.locator('[data-testid="terminal-tab"]:focus').waitFor();
  });

  it('shows colours, 24-bit ones too, under the content security policy', async () => {
    await terminal.run(String.raw`clear; printf '\033[31mred\033[0m \033[38;2;255;120;0morange\033[0m\n'`);
    await terminal.waitForText(/^red orange/m);
    const colour = (text: string) =>
      page.evaluate<string>(
        `getComputedStyle([...document.querySelectorAll('.xterm-rows span')].findLast((e) => e.textContent === '${text}')).color`,
      );
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await colour('red');
    await page.emulateMedia({ colorScheme: 'dark' });
    await waitFor('the theme changed', async () => (await colour('red')) !== light);
    expect(await colour('orange')).toBe('rgb(255, 120, 0)');
    await page.emulateMedia({ colorScheme: 'light' });
    await waitFor('it changed back', async () => (await colour('red')) === light);
  });

  it('follows the size of the pane, without a storm', async () => {
    const size = async () => (await terminal.ask('$(stty size)')).split(' ').map(Number);
    const [, colsBeside = 0] = await size();
    // It would come back by itself when the window is wide again.
    await page.getByTestId('monitor-close').click();
    // The terminal follows the wider pane a little later: only then is its size the one to come back to.
    await waitFor('the room of the monitor', async () => ((await size())[1] ?? 0) > colsBeside);
    const [rowsBefore = 0, colsBefore = 0] = await size();
    const resizes: string[] = [];
    await page.getByTestId('tools-fill').click();
    page.on('websocket', () => resizes.push('a new connection'));
    await waitFor('more rows', async () => ((await size())[0] ?? 0) > rowsBefore + 5);
    await page.setViewportSize({ width: 900, height: 900 });
    await waitFor('fewer columns', async () => ((await size())[1] ?? 0) < colsBefore);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByTestId('tools-fill').click();
    await waitFor('as before', async () => (await size()).join() === [rowsBefore, colsBefore].join());
    expect(resizes).toEqual([]);
  });

  it('finds text, larger letters last', async () => {
    await terminal.run('clear; for n in 1 2 3; do echo needle$n; done');
    await terminal.waitForText('needle3');
    await page.keyboard.press('Control+Shift+F');
    await page.getByTestId('terminal-search').fill('needle');
    await page
      .getByTestId('terminal-search-count')
      .getByText(/ of 3$/)
      .waitFor();
    await page.keyboard.press('Escape');
    const width = async () =>
      (await page.locator('.xterm-char-measure-element').first().boundingBox())?.width ?? 0;
    const before = await width();
    await page.keyboard.press('Control+=');
    await waitFor('larger letters', async () => (await width()) > before);
    await page.keyboard.press('Control+0');
    await waitFor('the usual letters', async () => (await width()) === before);
  });

  it('keeps several terminals of an instance, which a reload finds again', async () => {
    await terminal.show('Tabs');
    await terminal.openNew();
    const first = await terminal.ask('$$');
    await terminal.openNew();
    await terminal.run('echo second screen');
    const second = await terminal.ask('$$');
    expect(second).not.toBe(first);
    await page.getByTestId('tool-tab-terminal').getByText('×2').waitFor();
    await terminal.run('sleep 300');
    await terminal.tabs.getByText('sleep').waitFor();
    await page.keyboard.press('Control+Shift+ArrowLeft');
    expect(await terminal.ask('$$')).toBe(first);
    await terminal.tabs.nth(1).click();
    const screen = await terminal.waitForText('second screen');
    await page.reload();
    await dashboard.live();
    await terminal.tabs.nth(1).waitFor();
    // The one that was chosen is shown, with the screen that it had.
    await waitFor('the screen that it had', async () => (await terminal.text()) === screen);
    await page.keyboard.press('Control+Shift+ArrowLeft');
    expect(await terminal.tabs.count()).toBe(2);
  });

  it('asks before it closes what still runs', async () => {
    await page.getByTestId('terminal-tab-close').nth(1).click();
    await page
      .getByTestId('confirm-terminal-close')
      .getByText(/sleep still runs/)
      .waitFor();
    await page.getByTestId('confirm-cancel').click();
    expect(await terminal.tabs.count()).toBe(2);
    await page.getByTestId('terminal-tab-close').nth(1).click();
    await page.getByTestId('confirm-ok').click();
    await waitFor('one is left', async () => (await terminal.tabs.count()) === 1);
    expect(await page.getByTestId('tool-count-terminal').textContent()).toBe('');
    // A shell that waits is closed without a question.
    await terminal.tabs.first().click({ button: 'middle' });
    await page.getByTestId('terminal-empty').waitFor();
  });

  it('is the same shell after AiKore was killed and came back, with nothing typed into it', async () => {
    await terminal.show('Kept');
    await terminal.openNew();
    const pid = await terminal.ask('$$');
    await terminal.run(
      String.raw`clear; printf 'asked \033[c\033[6n\033]11;?\007'; read -rs -t 30 -d '\'; echo; echo before`,
    );
    const screen = await terminal.waitForText(/before\n.*[#$]$/);
    const { dataDir, ports } = aikore;
    process.kill(aikore.pid, 'SIGKILL');
    await aikore.exited;
    await terminal.line.getByText(/Connection lost, trying again/).waitFor();
    await page.keyboard.type('echo never\n');
    aikore = await lab.start({ ...SETTINGS, ...ports }, dataDir);
    await waitFor('the line is gone', async () => (await terminal.line.count()) === 0);
    await waitFor('the same screen', async () => (await terminal.text()) === screen);
    expect(await terminal.ask('$$')).toBe(pid);
    expect(await terminal.text()).not.toContain('never');
  });

  it('is shared by two pages, as large as the one that is typed in wants it', async () => {
    await terminal.show('Shared');
    await terminal.openNew();
    await terminal.run('echo from the first');
    await terminal.waitForText(/^from the first/m);
    const other = await another('Shared');
    await other.page.setViewportSize({ width: 820, height: 900 });
    await other.waitForText(/^from the first/m);
    const narrow = await other.ask('$(tput cols)');
    await terminal.waitForText(`=${narrow}=`);
    await other.run('echo from the second');
    await terminal.waitForText(/^from the second/m);
    await waitFor('the first decides again', async () => (await terminal.ask('$(tput cols)')) !== narrow);
    await other.page.close();
  });

  it('takes hostile output for what it is', async () => {
    await terminal.show('Hostile');
    await terminal.openNew();
    writeFileSync(aikore.home('Hostile', 'hostile.sh'), HOSTILE);
    await terminal.run('clear; bash hostile.sh; cat hostile.sh >/dev/null');
    await terminal.waitForText('the last line');
    const tip = await terminal.tabs.first().getAttribute('data-tip');
    expect(tip).not.toMatch(/\u202e|\n/);
    expect(await page.title()).toMatch(/AiKore$/);
    expect(await page.locator('.terminal-deck img, .terminal-deck script').count()).toBe(0);
    await terminal.run(String.raw`clear; bash hostile.sh | head -2`);
    await terminal.waitForText('good bank');
    const pages = context.pages().length;
    const at = (text: string) =>
      waitFor(`${text} has a place`, async () => {
        const span = page.locator('.xterm-rows span', { hasText: text }).first();
        const box = await span.boundingBox({ timeout: 500 }).catch(() => null);
        return box && { x: box.x + 12, y: box.y + box.height / 2 };
      });
    const bad = await at('bad link');
    await page.mouse.move(bad.x, bad.y, { steps: 3 });
    await page.mouse.click(bad.x, bad.y);
    const good = await at('good bank');
    await page.mouse.move(good.x, good.y, { steps: 3 });
    await page.getByTestId('terminal-link').getByText('https://evil.example/%E2%80%AEx').waitFor();
    await page.mouse.click(good.x, good.y);
    await page.getByTestId('terminal-link-address').getByText('https://evil.example/%E2%80%AEx').waitFor();
    await page.getByTestId('dialog-close').click();
    expect(context.pages()).toHaveLength(pages);
  });

  it('answers in one terminal while another floods', async () => {
    await terminal.show('Flood');
    await terminal.openNew();
    await terminal.run('yes flooding');
    await terminal.waitForText('flooding');
    await terminal.page.keyboard.press('Control+Shift+Enter');
    await waitFor('two tabs', async () => (await terminal.tabs.count()) === 2);
    await terminal.waitForText(/[#$] ?$/);
    expect(await terminal.ask('$((6*7))')).toBe('42');
    await terminal.tabs.first().click();
    await page.keyboard.press('Control+c');
    // An interrupt drops what waits in the terminal, mostly in the middle of a line.
    await terminal.waitForText(/\^C\w*\n.*[#$]$/);
    expect(await terminal.ask('$((7*8))')).toBe('56');
  });

  it('copies and pastes where the browser keeps its clipboard to itself', async () => {
    const lan = `http://aikore.lan:${String(aikore.port)}/`;
    const outside = watched(
      await DashboardPage.openByForm(browser, aikore, { ...opening, address: lan, hosts: ['aikore.lan'] }),
    );
    const far = outside.page;
    expect(await far.evaluate('[isSecureContext, typeof navigator.clipboard]')).toEqual([false, 'undefined']);
    const distant = new TerminalPage(far);
    await distant.show('Copied');
    await distant.openNew();
    await distant.run('clear; printf "c%s" opied; echo');
    await distant.waitForText(/^copied/m);
    const word = await far.locator('.xterm-rows > div', { hasText: 'copied' }).first().boundingBox();
    if (!word) throw new Error('nothing to copy');
    await far.mouse.dblclick(word.x + 10, word.y + word.height / 2);
    await far.keyboard.press('Control+Shift+C');
    await far.getByTestId('toast-success').getByText('Copied.').waitFor();
    await far.keyboard.type('echo got-');
    await far.keyboard.press('Control+V');
    await far.keyboard.press('Enter');
    await distant.waitForText(/^got-copied$/m);
    // The menu cannot read the clipboard here, so it asks for the text; a program without bracketed paste asks once more.
    await distant.run('cat');
    await far.mouse.click(word.x + 10, word.y + word.height / 2, { button: 'right' });
    await far.getByTestId('terminal-menu-paste').click();
    await far.getByTestId('terminal-paste-field').fill('one\ntwo\u001b[201~');
    await far.getByTestId('terminal-paste-submit').click();
    await far.getByTestId('terminal-paste-question').getByText('Paste 2 lines?').waitFor();
    await far.getByTestId('confirm-ok').click();
    await distant.waitForText('two[201~');
    await far.keyboard.press('Control+d');
    await far.keyboard.press('Control+d');
    await outside.close();
  });

  it('comes back after a sign-in when the session of the browser ended', async () => {
    await terminal.show('Kept');
    const screen = await terminal.waitForText(/[#$]$/);
    const other = await another('Kept');
    await other.page.getByTestId('menu-button').click();
    await other.page.getByTestId('menu-sign-out').click();
    await other.page.getByTestId('signin-password').waitFor();
    await other.page.close();
    await dashboard.signIn();
    await waitFor('it is connected', async () => (await terminal.line.count()) === 0);
    await waitFor('the same screen', async () => (await terminal.text()) === screen);
    expect(await terminal.ask('$((3*4))')).toBe('12');
  });

  it('says how a shell ended and opens another', async () => {
    await terminal.show('Ending');
    await terminal.openNew();
    await terminal.run('echo last words; exit 3');
    await terminal.line.getByText(/exit code 3/).waitFor();
    await terminal.waitForText('last words');
    await page.getByTestId('terminal-again').click();
    await waitFor('two tabs', async () => (await terminal.tabs.count()) === 2);
    await terminal.waitForText(/[#$] ?$/);
    await page.getByTestId('terminal-tab-close').first().click();
    await waitFor('one is left', async () => (await terminal.tabs.count()) === 1);
  });

  it('tells in a sentence when there are too many', async () => {
    for (let count = await terminal.tabs.count(); count < 8; count += 1) await terminal.openNew();
    await page.getByTestId('terminal-new').click();
    await page
      .getByTestId('toast-error')
      .getByText(/terminals/)
      .first()
      .waitFor();
    expect(await terminal.line.first().textContent()).toMatch(/terminals/);
    await page.getByTestId('terminal-tab-close').last().click();
  });

  it('opens the shell of the machine, where Esc is the program’s', async () => {
    await page.getByTestId('menu-button').click();
    await page.getByTestId('menu-machine-terminal').click();
    const sheet = page.getByTestId('machine-terminal');
    const machine = new TerminalPage(page, sheet);
    await machine.openNew();
    expect(await machine.ask('${INSTANCE_NAME:-none}')).toBe('none');
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
    expect(await sheet.isVisible()).toBe(true);
    await dashboard.expectAccessible();
    await page.keyboard.press('Control+Shift+Escape');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('is accessible, and readable for screen readers on demand', async () => {
    await terminal.show('Typed');
    await terminal.tabs.first().waitFor();
    await dashboard.expectAccessible();
    await page.getByTestId('terminal-menu').click();
    await page.getByTestId('terminal-menu-screen-reader').click();
    await terminal.run('echo spoken');
    await page.locator('.xterm-accessibility-tree').first().getByText('spoken').first().waitFor();
    await dashboard.expectAccessible();
    await page.getByTestId('terminal-menu').click();
    await page.getByTestId('terminal-menu-screen-reader').click();
  });

  it('has the keys that a telephone lacks', async () => {
    const phone = watched(
      await DashboardPage.open(browser, aikore, {
        ...opening,
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      }),
    );
    const small = phone.page;
    const pocket = new TerminalPage(small);
    await pocket.show('Phone');
    await pocket.openNew();
    await pocket.run('sleep 100');
    await small.getByTestId('terminal-key-ctrl').tap();
    await small.keyboard.type('c');
    await pocket.waitForText('^C');
    await small.keyboard.type('echo fo');
    await small.getByTestId('terminal-key-pipe').tap();
    await small.keyboard.press('Backspace');
    await small.keyboard.type('o\n');
    await pocket.waitForText(/^foo/m);
    await small.getByTestId('terminal-key-arrow-up').tap();
    await small.keyboard.press('Enter');
    await pocket.waitForText(/^foo[^]*^foo/m);
    await pocket.run('clear; seq 1 200');
    await pocket.waitForText(/^200$/m);
    const middle = { x: 200, y: 300 };
    const finger = await phone.context.newCDPSession(small);
    const touch = (type: string, y: number) =>
      finger.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: type === 'touchEnd' ? [] : [{ x: middle.x, y }],
      });
    await touch('touchStart', middle.y);
    for (let y = middle.y; y < 700; y += 20) await touch('touchMove', y);
    await touch('touchEnd', 700);
    await waitFor('earlier lines', async () => !/^200$/m.test(await pocket.text()));
    for (const key of await small.locator('.terminal-key').all()) {
      const box = await key.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(40);
      expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
    }
    await phone.expectAccessible('[data-testid="tools"]');
    await phone.close();
  });
});
