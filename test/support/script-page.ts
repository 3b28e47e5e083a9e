import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { AiKoreProcess } from './aikore-process.js';
import { waitFor } from './wait.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PASSWORD = 'a password of the tests';

/** The variables with which the tests of scripts start AiKore: several pages sign in. */
export const WITH_PASSWORD = { AIKORE_PASSWORD: PASSWORD };

interface AxeResult {
  violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[];
}

/** The dashboard in one page, with the parts that belong to scripts; what goes wrong in it is collected. */
export class ScriptPage {
  private constructor(
    readonly page: Page,
    private readonly aikore: AiKoreProcess,
    readonly faults: string[],
  ) {}

  /** Signs in with a context of its own, as another browser would. */
  static async open(
    browser: Browser,
    aikore: AiKoreProcess,
    faults: string[],
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<ScriptPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const opened = await ScriptPage.in(context, aikore, faults);
    await opened.page.getByTestId('signin-password').fill(PASSWORD);
    await opened.page.getByTestId('signin-submit').click();
    await opened.live();
    return opened;
  }

  private static async in(
    context: BrowserContext,
    aikore: AiKoreProcess,
    faults: string[],
  ): Promise<ScriptPage> {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // 503 is what a server says that is being stopped, as at the end of a suite.
      const isExpected = /40[149]|412|422|50[34]|ERR_CONNECTION|ERR_FAILED/.test(message.text());
      if (message.type() === 'error' && !isExpected) faults.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1')
        faults.push(`left the machine: ${request.url()}`);
    });
    await page.goto(aikore.dashboardUrl);
    return new ScriptPage(page, aikore, faults);
  }

  async live(): Promise<void> {
    await this.page.locator('[data-testid="connection"][data-state="live"]').waitFor();
  }

  test(id: string): Locator {
    return this.page.getByTestId(id);
  }

  /** The script that is in front: one in a dialog, else the one in the tools. */
  get panel(): Locator {
    return this.test('script-panel').last();
  }

  row(name: string): Locator {
    return this.page.locator(`[data-testid="row"][data-name="${name}"]`);
  }

  async status(name: string, word: string): Promise<void> {
    await this.page
      .locator(`[data-testid="row"][data-name="${name}"][data-status="${word}"]`)
      .waitFor({ timeout: 20_000 });
  }

  /** Opens the script of an instance with the keyboard. */
  async openScript(name: string): Promise<void> {
    await this.row(name).focus();
    await this.page.keyboard.press('e');
    await this.panel.locator('.cm-content').first().waitFor();
  }

  /** The text in the editor that can be seen; short scripts are seen whole. */
  async text(): Promise<string> {
    return (await this.panel.locator('.cm-content').last().innerText()).replace(/\u00a0/g, ' ');
  }

  /** Types at the end of the script. */
  async append(text: string): Promise<void> {
    await this.panel.locator('.cm-content').last().click();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.insertText(text);
  }

  async state(words: string): Promise<void> {
    await this.test('script-state').last().getByText(words, { exact: true }).waitFor();
  }

  async toast(words: string | RegExp): Promise<void> {
    await this.page.getByTestId('toasts').getByText(words).first().waitFor();
  }

  /** Closes all toasts, which lie over the page's corner. */
  async clearToasts(): Promise<void> {
    const close = this.page.getByTestId('toasts').getByRole('button', { name: /Close|Dismiss/ });
    while ((await close.count()) > 0)
      await close
        .first()
        .click({ timeout: 2000 })
        .catch(() => undefined);
  }

  saved(name: string): string {
    return readFileSync(this.aikore.home(name, 'launch.sh'), 'utf8');
  }

  async savedIs(name: string, probe: (text: string) => boolean): Promise<void> {
    await waitFor(`launch.sh of ${name} is as wanted`, () => probe(this.saved(name)));
  }

  /** Nothing that WCAG 2.2 AA forbids, in both themes. */
  async isAccessible(part = 'body'): Promise<void> {
    await this.page.evaluate(readFileSync(AXE, 'utf8'));
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await this.page.evaluate<AxeResult>(
        `axe.run(document.querySelector('${part}'), { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
      );
      const told = found.violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${colorScheme} ${id} ${JSON.stringify(target)} ${failureSummary}`,
        ),
      );
      expect(told).toEqual([]);
    }
    await this.page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  }
}
