import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';

/** Environment of an AiKore whose dashboard is opened here. */
export const SIGN_IN = { AIKORE_PASSWORD: 'a password for tests' };

/** A dashboard in a browser, and every fault that it reports. */
export class DashboardPage {
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on('pageerror', (error) => this.faults.push(String(error)));
  }

  /** Opens it signed in, in a profile of its own. */
  static async open(
    browser: Browser,
    aikore: AiKoreProcess,
    viewport = { width: 1440, height: 900 },
  ): Promise<DashboardPage> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const dashboard = new DashboardPage(page, context);
    const { cookie } = await aikore.signIn(SIGN_IN.AIKORE_PASSWORD);
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
    await context.addCookies([{ name, value, url: aikore.dashboardUrl }]);
    await page.goto(aikore.dashboardUrl);
    await dashboard.live();
    return dashboard;
  }

  live(timeout = 30_000): Promise<void> {
    return this.page.locator('[data-testid="connection"][data-state="live"]').waitFor({ timeout });
  }

  get(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  row(name: string): Locator {
    return this.page.locator(`[data-testid="row"][data-name="${name}"]`);
  }

  status(name: string, word: string): Promise<void> {
    return this.page.locator(`[data-testid="row"][data-name="${name}"][data-status="${word}"]`).waitFor();
  }

  /** Opens the log of an instance and waits for its lines. */
  async openLog(name: string): Promise<void> {
    await this.row(name).getByTestId('action-log').click();
    await this.get('tools-name').getByText(name, { exact: true }).waitFor();
    await this.get('log-lines').waitFor({ state: 'attached' });
  }

  /** Texts of the lines in the page, without their times. */
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

  close(): Promise<void> {
    return this.context.close();
  }
}
