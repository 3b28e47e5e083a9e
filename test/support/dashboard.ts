import { expect } from '@jest/globals';
import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';

/** Where a run leaves pictures to look at; nowhere unless asked. */
const SHOTS = process.env['AIKORE_TEST_SHOTS'];

/** The dashboard as tests of its parts use it: signed in by the printed link, its faults gathered. */
export class DashboardPage {
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      // A server that is away is part of some tests; applications bring what they bring.
      const isExpected = /ERR_CONNECTION|401|favicon|status of 5\d\d/.test(message.text());
      if (message.type() === 'error' && !isExpected) this.faults.push(message.text());
    });
  }

  /** Signs a page in with the link that the start printed, which works once. */
  static async signIn(page: Page, aikore: AiKoreProcess): Promise<DashboardPage> {
    const dashboard = new DashboardPage(page);
    await page.goto(/Sign in: (\S+)/.exec(aikore.stdout)?.[1] ?? '');
    await dashboard.live();
    return dashboard;
  }

  live(): Promise<void> {
    return this.page.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: 'attached' });
  }

  row(name: string): Locator {
    return this.page.locator(`[data-testid="row"][data-name="${name}"]`);
  }

  /** Opens a tool of an instance with its key. */
  async openTool(name: string, key: string): Promise<void> {
    await this.row(name).focus();
    await this.page.keyboard.press(key);
    await this.page.getByTestId('tools').waitFor();
  }

  /** What axe-core finds against WCAG 2.2 AA, as one line each. */
  async accessibilityFaults(): Promise<string[]> {
    // Through the debugger: the policy of the page allows no script of ours.
    await this.page.evaluate(axe.source);
    return this.page.evaluate<string[]>(
      `axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`,
    );
  }

  /** Looks for faults in both themes. */
  async expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      // Colours that are on their way to the other theme's are neither.
      await this.page.waitForTimeout(400);
      expect(await this.accessibilityFaults()).toEqual([]);
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  /** Nothing may be wider than the window. */
  async expectNoOverflow(): Promise<void> {
    const over = await this.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(over).toBe(0);
  }

  async shoot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }
}

export const OPERATOR_PASSWORD = 'correct horse battery staple';

/** The dashboard in a browser of its own, signed in by the form and live. */
export async function openDashboard(
  browser: Browser,
  aikore: AiKoreProcess,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(aikore.dashboardUrl);
  await signInByForm(page);
  return { context, page, faults };
}

export async function signInByForm(page: Page): Promise<void> {
  await page.getByTestId('signin-password').fill(OPERATOR_PASSWORD);
  await page.keyboard.press('Enter');
  await untilLive(page);
}

export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-testid="connection"][data-state="live"]').waitFor({ timeout: 30_000 });
}

/** Opens a page of the settings by the address, as a bookmark does. */
export async function openSettings(page: Page, section: string): Promise<void> {
  await page.evaluate(`location.hash = '#settings=${section}'`);
  await page.getByTestId(`settings-${section}`).waitFor();
}
