import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { DashboardPage } from './dashboard-page.js';
import { waitFor } from './wait.js';

/** The dashboard with the parts that belong to scripts. */
export class ScriptPage extends DashboardPage {
  /** The script that is in front: one in a dialog, else the one in the tools. */
  get panel(): Locator {
    return this.get('script-panel').last();
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
    await this.get('script-state').last().getByText(words, { exact: true }).waitFor();
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

  /** The script of an instance as it is on the disk. */
  saved(name: string): string {
    return readFileSync(this.aikore.home(name, 'launch.sh'), 'utf8');
  }

  async savedIs(name: string, probe: (text: string) => boolean): Promise<void> {
    await waitFor(`launch.sh of ${name} is as wanted`, () => probe(this.saved(name)));
  }
}
