import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { DashboardPage, SIGN_IN } from '../support/dashboard-page.js';
import { FrozenWay } from '../support/frozen-way.js';
import { useLab } from '../support/lab.js';
import { TerminalPage } from '../support/terminal-page.js';
import { waitFor } from '../support/wait.js';

const DESK = { width: 1440, height: 900 };
const TABLET = { width: 820, height: 1000 };

/** Asks the terminal where its cursor is and what it is, and prints all that comes until an `E` is typed. */
const ASK = String.raw`printf '\033[6n\033[c'; read -rs -d E -p 'as''ked' x; printf '\nheard %q\n' "$x"`;

describeInBrowser('several browsers before one terminal', () => {
  const lab = useLab();
  let aikore: AiKoreProcess;
  let browser: Browser;
  const opened: DashboardPage[] = [];
  let way: FrozenWay | null = null;

  const open = async (viewport: typeof DESK): Promise<TerminalPage> => {
    const dashboard = await DashboardPage.open(browser, aikore, { viewport });
    opened.push(dashboard);
    const terminal = new TerminalPage(dashboard.page);
    await terminal.show('Shared');
    return terminal;
  };

  beforeAll(async () => {
    aikore = await lab.start({ ...SIGN_IN, HOME: lab.root });
    await aikore.api.create({ name: 'Shared', base_blueprint: 'idles.sh' });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    way?.close();
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('which all have the focus: a program is answered once, and by none for what is past', async () => {
    const desk = await open(DESK);
    await desk.openNew();
    const [first, second] = [desk, await open(DESK)];
    await second.waitForText(/[#$] ?$/);
    for (const asker of [first, second]) {
      expect(await first.page.evaluate('document.hasFocus()')).toBe(true);
      expect(await second.page.evaluate('document.hasFocus()')).toBe(true);
      await asker.run(`clear; ${ASK}`);
      await first.waitForText(/asked/);
      await second.waitForText(/asked/);
      // What both screens had to say was sent before they showed what came behind the questions; one that answers late is heard too.
      await asker.page.waitForTimeout(300);
      await asker.page.keyboard.type('E');
      const heard = /^heard (.*)$/m.exec(await asker.waitForText(/^heard .*$/m))?.[1] ?? '';
      expect(heard.match(/\\E\[\d+;\d+R/g)).toHaveLength(1);
      expect(heard.match(/\\E\[\?[\d;]+c/g)).toHaveLength(1);
    }
    // The questions are in the history that a third one is shown.
    const third = await open(TABLET);
    await third.waitForText(/^heard/m);
    expect(await third.ask('$((6*7))')).toBe('42');
    await waitFor('the others see it', async () => (await first.text()).includes('=42='));
  });

  it('of which one is on a way that died without a word: it finds back by itself', async () => {
    way = await FrozenWay.to(aikore.port);
    const { cookie } = await aikore.signIn(SIGN_IN.AIKORE_PASSWORD);
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
    const context = await browser.newContext({ viewport: DESK });
    const url = `http://127.0.0.1:${String(way.port)}/`;
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    let figures = 0;
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"system.stats"')) figures += 1;
      }),
    );
    await page.goto(url);
    const live = page.locator('[data-testid="connection"][data-state="live"]');
    await live.waitFor();
    const far = new TerminalPage(page);
    await far.show('Shared');
    await far.waitForText(/^heard/m);
    const shell = await far.ask('$$');
    // Whoever knows how often something is heard notices sooner that nothing is.
    await waitFor('the page knows the rhythm', () => figures > 2, 30_000);
    way.freeze();
    const [near] = opened.map((dashboard) => new TerminalPage(dashboard.page));
    if (!near) throw new Error('nobody else is there');
    // Whoever is still there is not held up by it.
    await near.run("echo mean''while");
    await near.waitForText(/^meanwhile$/m);
    await page.locator('[data-testid="connection"][data-state="lost"]').waitFor({ timeout: 120_000 });
    way.thaw();
    await live.waitFor({ timeout: 120_000 });
    await far.waitForText(/^meanwhile$/m);
    await waitFor('the line is gone', async () => (await far.line.count()) === 0, 30_000);
    expect(await far.ask('$$')).toBe(shell);
    await context.close();
  }, 300_000);
});
