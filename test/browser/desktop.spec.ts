import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { expectAccessible, expectAccessibleInBothThemes } from '../support/axe.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import type { DesktopInstance } from '../support/vnc-display.js';
import { TestDisplay, hasDisplayServer, promiseDisplay, startWithDesktops } from '../support/vnc-display.js';
import { DesktopPage } from '../support/desktop-page.js';
import type { Colour } from '../support/desktop-page.js';
import { useLab } from '../support/lab.js';
import { shoot } from '../support/shots.js';
import { staysTrue, waitFor } from '../support/wait.js';

const PASSWORD = 'a password for tests';
const ENV = { AIKORE_PASSWORD: PASSWORD, AIKORE_ALLOWED_HOSTS: 'desk.lan' };

const GREEN: Colour = [20, 140, 60];
const BLUE: Colour = [30, 60, 160];
const MIDDLE = { x: 400, y: 350 };

(hasDisplayServer ? describeInBrowser : describe.skip)('a desktop in the browser', () => {
  // Before the lab's, which expects nothing to be left.
  afterAll(async () => {
    await browser.close();
    await display.stop();
  });
  const lab = useLab();
  let aikore: AiKoreProcess;
  let env: Record<string, string>;
  let alpha: DesktopInstance;
  let browser: Browser;
  let display: TestDisplay;
  let desktop: DesktopPage;
  const faults: string[] = [];

  const typed = (): string => {
    const file = join(lab.root, 'typed');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const arrives = (line: string): Promise<true> =>
    waitFor(`“${line}” has arrived`, () => typed().includes(`${line}\n`) && true).catch((error: unknown) => {
      throw new Error(`${String(error)}; the end of it is ${JSON.stringify(typed().slice(-200))}`);
    });
  /** What is pasted is fetched from the browser, and may come behind the next key. */
  const pastes = async ({ page }: DesktopPage, line: string): Promise<void> => {
    await page.keyboard.press('Shift+Insert');
    await waitFor(`“${line}” has been pasted`, async () => {
      await page.keyboard.press('Enter');
      return typed().includes(`${line}\n`);
    });
  };
  const signedIn = async (more: BrowserContextOptions = {}, host = '127.0.0.1'): Promise<BrowserContext> => {
    const { cookie } = await aikore.signIn(PASSWORD);
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
    const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...more });
    await context.addCookies([{ name, value, url: `http://${host}/` }]);
    return context;
  };
  const open = async (context: BrowserContext, host = '127.0.0.1'): Promise<DesktopPage> => {
    const opened = new DesktopPage(await context.newPage(), faults);
    await opened.page.goto(alpha.url.replace('127.0.0.1', host));
    return opened;
  };
  /** A terminal that fills the desktop; what is typed into it goes into a file line by line. A line `copy …` is copied. */
  const startTerminal = (colour: string): void => {
    const script = `while IFS= read -r line; do
      printf '%s\\n' "$line" >> ${join(lab.root, 'typed')}
      case $line in copy\\ *) printf '\\e]52;c;%s\\a' "$(printf %s "\${line#copy }: ünïcode €" | base64 -w0)";; esac
    done`;
    const look = ['-bg', colour, '-fg', 'white', '-geometry', '200x100+0+0', '-fa', 'Monospace', '-fs', '11'];
    const osc = ['-xrm', '*allowWindowOps: true', '-xrm', '*disallowedWindowOps: none'];
    display.run('/usr/bin/xterm', ['-u8', ...look, ...osc, '-e', 'bash', '-c', script], { LANG: 'C.UTF-8' });
  };

  beforeAll(async () => {
    const started = await startWithDesktops(lab, ['Alpha'], ENV);
    ({ aikore, env } = started);
    alpha = started.desktops[0]!;
    browser = await launchBrowser(['--host-resolver-rules=MAP desk.lan 127.0.0.1']);
    desktop = await open(await signedIn());
  }, 60_000);

  it('says what there is to wait for, and becomes the desktop by itself', async () => {
    await desktop.heading('Alpha is stopped');
    await expectAccessibleInBothThemes(desktop.page);
    await shoot(desktop.page, 'desktop-stopped');
    await aikore.api.startUp(alpha.id);
    await desktop.heading('Alpha runs without its desktop');
    expect(await desktop.get('desktop-reason').textContent()).toContain('AIKORE_DISPLAY_SERVER is none.');
    await desktop.get('desktop-cover').getByRole('progressbar').waitFor({ state: 'hidden' });
    await shoot(desktop.page, 'desktop-absent');
    promiseDisplay(alpha);
    await desktop.heading('The desktop of Alpha is starting');
    await desktop.get('desktop-cover').getByRole('progressbar').waitFor();
    await desktop
      .get('desktop-log')
      .getByText(/listening on/)
      .waitFor();
    await expectAccessible(desktop.page);
    await shoot(desktop.page, 'desktop-starting');
    display = await TestDisplay.start(alpha.socketPath);
    startTerminal('#148c3c');
    await desktop.shown();
    expect(await desktop.page.title()).toBe('Alpha');
  });

  it('shows the pixels of the application, in the size of the window', async () => {
    await desktop.size(1000, 700);
    await desktop.colour(MIDDLE, GREEN);
    await shoot(desktop.page, 'desktop-shown');
    await desktop.page.setViewportSize({ width: 820, height: 600 });
    await desktop.size(820, 600);
    await desktop.page.setViewportSize({ width: 1000, height: 700 });
    await desktop.size(1000, 700);
  });

  it('lets people type', async () => {
    await desktop.click();
    await desktop.line('hello Desktop 42! (a|b) ~ {x}');
    await arrives('hello Desktop 42! (a|b) ~ {x}');
  });

  it('takes what the desktop copies, and gives it what is pasted', async () => {
    await desktop.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await desktop.line('copy from the desktop');
    const read = 'navigator.clipboard.readText()';
    await waitFor('it is in the clipboard', async () => {
      return (await desktop.page.evaluate<string>(read)) === 'from the desktop: ünïcode €';
    });
    await desktop.page.evaluate(`navigator.clipboard.writeText('pasted: Grüße ✓')`);
    await pastes(desktop, 'pasted: Grüße ✓');
    await desktop.line('the keyboard is where it was');
    await arrives('the keyboard is where it was');
  });

  it('has a clipboard by hand as well', async () => {
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-clipboard').click();
    expect(await desktop.get('clipboard-field').inputValue()).toBe('from the desktop: ünïcode €');
    await desktop.get('clipboard-field').fill('by hand');
    await expectAccessibleInBothThemes(desktop.page);
    await shoot(desktop.page, 'desktop-clipboard');
    await desktop.get('clipboard-send').click();
    await desktop.get('clipboard-panel').waitFor({ state: 'hidden' });
    await desktop.page.evaluate(`navigator.clipboard.writeText('')`);
    await pastes(desktop, 'by hand');
  });

  it('has a bar that hides itself and comes back, by pointer and by keyboard', async () => {
    await desktop.page.mouse.move(500, 500);
    await desktop.get('bar').waitFor({ state: 'hidden' });
    await expectAccessible(desktop.page);
    await desktop.get('bar-handle').click();
    await desktop.get('bar').waitFor();
    await desktop.get('bar-hide').click();
    await desktop.get('bar').waitFor({ state: 'hidden' });
    await desktop.page.keyboard.press('F6');
    await desktop.page.locator('[data-testid="bar-keys"]:focus').waitFor();
    await expectAccessibleInBothThemes(desktop.page);
    await desktop.page.keyboard.press('F6');
    await desktop.line('back at the desktop');
    await arrives('back at the desktop');
  });

  it('sends keys that the browser keeps to itself', async () => {
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-keys').click();
    await expectAccessibleInBothThemes(desktop.page);
    await shoot(desktop.page, 'desktop-keys');
    await desktop.page.keyboard.press('Escape');
    await desktop.click();
    await desktop.page.keyboard.type('wrong');
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-keys').click();
    // The terminal's line is emptied by Control and U.
    await desktop.get('key-ctrl').click();
    expect(await desktop.get('key-ctrl').getAttribute('aria-pressed')).toBe('true');
    await desktop.page.keyboard.press('Escape');
    await desktop.click();
    await desktop.page.keyboard.press('u');
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-keys').click();
    await desktop.get('key-ctrl').click();
    await desktop.page.keyboard.press('Escape');
    await desktop.click();
    await desktop.line('right');
    await waitFor('only the second word is left', () => typed().endsWith('\nright\n'));
  });

  it('shows the same to a second viewer, who may only look', async () => {
    const second = await (await open(await signedIn())).shown();
    await second.colour(MIDDLE, GREEN);
    await second.page.keyboard.press('F6');
    await second.get('bar-view-only').click();
    expect(await second.get('bar-view-only').getAttribute('aria-pressed')).toBe('true');
    await second.click();
    await second.line('nobody may read this');
    await staysTrue('nothing arrives', () => !typed().includes('nobody'), 700);
    await desktop.click();
    await desktop.line('seen by two');
    await arrives('seen by two');
    await second.looksLike(() => desktop.picture());
    expect((await second.picture()).split('#').length).toBeGreaterThan(500);
    await second.page.context().close();
  });

  it('remembers how it is to be shown', async () => {
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-picture').click();
    await desktop.get('picture-fast').check();
    await desktop.get('size-keep').check();
    await expectAccessibleInBothThemes(desktop.page);
    await shoot(desktop.page, 'desktop-picture');
    await desktop.page.reload();
    await desktop.shown();
    await desktop.page.setViewportSize({ width: 700, height: 600 });
    await staysTrue('the size stays', async () => desktop.size(1000, 700).then(() => true), 700);
    await desktop.page.setViewportSize({ width: 1000, height: 700 });
    await desktop.page.keyboard.press('F6');
    await desktop.get('bar-picture').click();
    expect(await desktop.get('picture-fast').isChecked()).toBe(true);
    await desktop.get('size-follow').check();
    await desktop.get('picture-sharp').check();
  });

  it('is the same screen for who closes the browser and comes back', async () => {
    const before = await desktop.picture();
    await desktop.page.close();
    desktop = await (await open(await signedIn())).shown();
    await desktop.looksLike(() => Promise.resolve(before));
  });

  it('comes back by itself when its display died, and says so meanwhile', async () => {
    await display.crash();
    await desktop.heading('The display of Alpha has gone');
    const still = `document.querySelector('[data-testid="still"]').width`;
    expect(await desktop.page.evaluate<number>(still)).toBe(1000);
    await expectAccessibleInBothThemes(desktop.page);
    await shoot(desktop.page, 'desktop-lost');
    await display.restart();
    startTerminal('#1e3ca0');
    await desktop.shown();
    await desktop.colour(MIDDLE, BLUE);
    await desktop.click();
    await desktop.line('after the crash');
    await arrives('after the crash');
  });

  it('comes back by itself when AiKore died', async () => {
    const { ports, dataDir } = aikore;
    await aikore.signal('SIGKILL');
    await desktop.heading('AiKore does not answer');
    await shoot(desktop.page, 'desktop-away');
    aikore = await lab.start({ ...env, ...ports }, dataDir);
    await desktop.shown();
    await desktop.colour(MIDDLE, BLUE);
  });

  it('ends with the sign-in, and comes back with the next one', async () => {
    const context = await signedIn();
    const other = await (await open(context)).shown();
    const [cookie] = await context.cookies(aikore.dashboardUrl);
    const api = aikore.browser(`${cookie!.name}=${cookie!.value}`);
    await api.expect(204, 'POST', 'api/auth/logout');
    await other.page.getByRole('heading', { name: 'Sign in to AiKore' }).waitFor();
    const again = await aikore.signIn(PASSWORD);
    const value = /=(.*)$/.exec(again.cookie)?.[1] ?? '';
    await context.addCookies([{ name: cookie!.name, value, url: aikore.dashboardUrl }]);
    await other.shown();
    await context.close();
  });

  it('works under a plain name of the network, clipboard included', async () => {
    await desktop.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    // It would put into the clipboard as well what is copied; here it is only asked what is in there.
    await desktop.page.goto(aikore.dashboardUrl);
    const context = await signedIn({}, 'desk.lan');
    const there = await (await open(context, 'desk.lan')).shown();
    expect(await there.page.evaluate<boolean>('isSecureContext')).toBe(false);
    await there.colour(MIDDLE, BLUE);
    await there.click();
    await there.line('copy without a secure context');
    await waitFor('it is in the clipboard', async () => {
      const text = await desktop.page.evaluate<string>('navigator.clipboard.readText()');
      return text === 'without a secure context: ünïcode €';
    });
    await desktop.page.evaluate(`navigator.clipboard.writeText('pasted without one')`);
    await pastes(there, 'pasted without one');
    await context.close();
    await desktop.page.goto(alpha.url);
    await desktop.shown();
  });

  it('is shown in a frame by the dashboard, to which F6 leads back, and by nobody else', async () => {
    const context = await signedIn();
    const framed = async (address: string): Promise<DesktopPage> => {
      const page = new DesktopPage(await context.newPage(), []);
      await page.page.goto(address);
      await page.page.evaluate(`(() => {
        addEventListener('message', (event) => document.body.dataset.told = event.data.aikore);
        const frame = document.createElement('iframe');
        frame.src = ${JSON.stringify(alpha.url)};
        frame.width = 600;
        frame.height = 400;
        document.body.replaceChildren(frame);
      })()`);
      return page;
    };
    const dashboard = await framed(aikore.dashboardUrl);
    const frame = dashboard.page.frameLocator('iframe');
    await frame.locator('canvas[tabindex]').click();
    await dashboard.page.keyboard.press('F6');
    await dashboard.page.locator('body[data-told="leave"]').waitFor();
    const elsewhere = await framed(`${aikore.appsUrl}instance/alpha/`);
    await waitFor('the browser refused', () => elsewhere.faults.some((text) => /frame-ancestors/.test(text)));
    await context.close();
  });

  it('is of use on a telephone', async () => {
    const size = { width: 390, height: 844 };
    const context = await signedIn({ viewport: size, hasTouch: true, isMobile: true, colorScheme: 'dark' });
    const phone = await (await open(context)).shown();
    await phone.size(390, 844);
    await phone.get('bar').waitFor();
    await shoot(phone.page, 'desktop-phone-bar');
    await phone.get('bar-keys').tap();
    await expectAccessible(phone.page);
    await shoot(phone.page, 'desktop-phone-keys');
    await phone.get('key-ctrl-alt-del').tap();
    await phone.page.keyboard.press('Escape');
    for (const isShown of [true, false, true]) {
      await phone.get('bar-type').tap();
      await phone.page.locator(`[data-testid="bar-type"][aria-pressed="${isShown}"]`).waitFor();
      expect(await phone.page.locator('[data-testid="touch-field"]:focus').count()).toBe(isShown ? 1 : 0);
    }
    await phone.page.keyboard.insertText('telephon');
    await phone.page.keyboard.press('Backspace');
    await phone.page.keyboard.insertText('ne €');
    await phone.page.keyboard.press('Enter');
    await arrives('telephone €');
    await phone.page.keyboard.press('Escape');
    const width = await phone.page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(390);
    await context.close();
  });

  it('says so when the instance is stopped', async () => {
    await display.stop();
    await aikore.api.shutDown(alpha.id);
    await desktop.heading('Alpha is stopped');
    await desktop.get('bar-handle').waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
  });

  it('says so when the instance has no desktop any more, and does not take it for an AiKore that is away', async () => {
    await aikore.api.startUp(alpha.id);
    display = await TestDisplay.start(alpha.socketPath);
    await desktop.shown();
    await aikore.api.expect(200, 'PATCH', `api/instances/${alpha.id}`, { persistent_mode: false });
    await desktop.heading('There is no desktop here any more');
    await shoot(desktop.page, 'desktop-gone');
    const heading = () => desktop.get('desktop-heading').textContent();
    // Longer than it waits before it asks again.
    await staysTrue('that is still said', async () => /no desktop here/.test((await heading()) ?? ''), 6000);
    await aikore.api.expect(200, 'PATCH', `api/instances/${alpha.id}`, { persistent_mode: true });
    await desktop.shown();
    await display.stop();
  });
});
