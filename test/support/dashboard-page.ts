import { expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';
import { expectAccessibleInBothThemes } from './axe.js';
import type { Watching } from './page-faults.js';
import { watchFaults } from './page-faults.js';
import { shoot } from './shots.js';

const PASSWORD = 'a password for tests';

/** Environment of an AiKore into which several browsers sign in; the printed link works only once. */
export const SIGN_IN = { AIKORE_PASSWORD: PASSWORD };

/** What a browser is like that opens a dashboard; 1440 × 900 unless said. */
export interface Opening extends BrowserContextOptions, Partial<Watching> {
  /** Where the browser looks for the dashboard, when not where AiKore listens. */
  address?: string;
}

type PageClass<T> = new (page: Page, aikore: AiKoreProcess, opening: Opening) => T;

/** The dashboard in a browser; what goes wrong in it is gathered. */
export class DashboardPage {
  readonly faults: string[];

  constructor(
    readonly page: Page,
    protected readonly aikore: AiKoreProcess,
    private readonly opening: Opening = {},
  ) {
    this.faults = opening.faults ?? [];
    watchFaults(page, aikore, { ...opening, faults: this.faults });
  }

  /** In a profile of its own, signed in by the cookie. Needs {@link SIGN_IN}. */
  static async open<T extends DashboardPage>(
    this: PageClass<T>,
    browser: Browser,
    aikore: AiKoreProcess,
    opening: Opening = {},
  ): Promise<T> {
    const { cookie } = await aikore.signIn(PASSWORD);
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
    const context = await contextFor(browser, opening);
    await context.addCookies([{ name, value, url: addressOf(aikore, opening) }]);
    return opened(new this(await context.newPage(), aikore, opening), addressOf(aikore, opening));
  }

  /** In a profile of its own, signed in as people do. Needs {@link SIGN_IN}. */
  static async openByForm<T extends DashboardPage>(
    this: PageClass<T>,
    browser: Browser,
    aikore: AiKoreProcess,
    opening: Opening = {},
  ): Promise<T> {
    const context = await contextFor(browser, opening);
    const dashboard = new this(await context.newPage(), aikore, opening);
    await dashboard.page.goto(addressOf(aikore, opening));
    await dashboard.signIn();
    return dashboard;
  }

  /** In a profile of its own, signed in with the link that the start printed, which works once. */
  static async openByLink<T extends DashboardPage>(
    this: PageClass<T>,
    browser: Browser,
    aikore: AiKoreProcess,
    opening: Opening = {},
  ): Promise<T> {
    const context = await contextFor(browser, opening);
    const link = signInLink(aikore).replace(aikore.dashboardUrl, addressOf(aikore, opening));
    return opened(new this(await context.newPage(), aikore, opening), link);
  }

  /** One more page of the same browser; its faults are gathered with those of this one. */
  async another(): Promise<DashboardPage> {
    const opening = { ...this.opening, faults: this.faults };
    const dashboard = new DashboardPage(await this.context.newPage(), this.aikore, opening);
    return opened(dashboard, addressOf(this.aikore, opening));
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Fills the form of the sign-in that is shown. */
  async signIn(): Promise<void> {
    await this.get('signin-password').fill(PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.live();
  }

  async live(): Promise<void> {
    await this.connection('live');
  }

  async lost(): Promise<void> {
    await this.connection('lost');
  }

  private connection(state: string): Promise<void> {
    const mark = this.page.locator(`[data-testid="connection"][data-state="${state}"]`);
    return mark.waitFor({ state: 'attached', timeout: 30_000 });
  }

  get(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  row(name: string): Locator {
    return this.page.locator(`[data-testid="row"][data-name="${name}"]`);
  }

  status(name: string, word: string): Promise<void> {
    const row = this.page.locator(`[data-testid="row"][data-name="${name}"][data-status="${word}"]`);
    return row.waitFor({ timeout: 30_000 });
  }

  async toast(words: string | RegExp): Promise<void> {
    await this.get('toasts').getByText(words).first().waitFor();
  }

  /** Opens a tool of an instance with its key. */
  async openTool(name: string, key: string): Promise<void> {
    await this.row(name).focus();
    await this.page.keyboard.press(key);
    await this.get('tools').waitFor();
  }

  /** Opens the log of an instance and waits for its lines. */
  async openLog(name: string): Promise<void> {
    await this.row(name).getByTestId('action-log').click();
    await this.get('tools-name').getByText(name, { exact: true }).waitFor();
    await this.get('log-lines').waitFor({ state: 'attached' });
  }

  /** Texts of the log's lines in the page, without their times. */
  lines(): Promise<string[]> {
    return this.page.evaluate<string[]>(
      `[...document.querySelectorAll('.log-line')].map((line) => line.textContent)`,
    );
  }

  /** Bytes of the page's objects after everything that nobody needs was thrown away. */
  async heapBytes(): Promise<number> {
    const session = await this.context.newCDPSession(this.page);
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return usedSize;
  }

  /** Nothing that WCAG 2.2 AA forbids, in both themes. @param within a CSS selector, when a part is meant */
  expectAccessible(within?: string): Promise<void> {
    return expectAccessibleInBothThemes(this.page, within);
  }

  /** Nothing may be wider than the window. */
  async expectNoOverflow(): Promise<void> {
    const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await this.page.evaluate(over)).toBe(0);
  }

  /** Leaves a picture, when the run was asked for pictures. */
  shoot(name: string): Promise<void> {
    return shoot(this.page, name);
  }

  /** Closes the browser's profile with all its pages. */
  close(): Promise<void> {
    return this.context.close();
  }
}

/** The link that the start printed. @throws Error when it printed none */
export function signInLink(aikore: AiKoreProcess): string {
  const link = /Sign in: (\S+)/.exec(aikore.stdout)?.[1];
  if (link === undefined) throw new Error('AiKore printed no link to sign in with');
  return link;
}

const addressOf = (aikore: AiKoreProcess, opening: Opening): string => opening.address ?? aikore.dashboardUrl;

function contextFor(browser: Browser, opening: Opening): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1440, height: 900 }, ...opening });
}

async function opened<T extends DashboardPage>(dashboard: T, address: string): Promise<T> {
  await dashboard.page.goto(address);
  await dashboard.live();
  return dashboard;
}
