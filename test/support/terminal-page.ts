import type { Locator, Page } from 'playwright-core';
import { waitFor } from './wait.js';

/** The terminals in a page of the dashboard. */
export class TerminalPage {
  /** @param root the sheet or pane that is meant, when there is more than one */
  constructor(
    readonly page: Page,
    private readonly root: Locator = page.locator('body'),
  ) {}

  /** The tools of an instance with its terminals; nothing is opened by that. */
  async show(name: string): Promise<void> {
    const row = this.page.locator(`[data-testid="row"][data-name="${name}"]`);
    const button = row.getByTestId('action-terminal');
    if (await button.isVisible()) await button.click();
    else {
      await row.getByTestId('action-menu').click();
      await this.page.getByTestId('menu-instance.terminal').click();
    }
    await this.page.getByTestId('terminal-deck').waitFor();
  }

  /** One more terminal, whose shell has shown its prompt. */
  async openNew(): Promise<void> {
    const count = await this.tabs.count();
    const first = this.root.getByTestId('terminal-open');
    const button = first.or(this.root.getByTestId('terminal-new')).filter({ visible: true });
    await button.first().click();
    await waitFor('one more tab', async () => (await this.tabs.count()) === count + 1);
    await this.waitForText(/[#$] ?$/);
  }

  get tabs(): Locator {
    return this.root.getByTestId('terminal-tab');
  }

  get line(): Locator {
    return this.root.getByTestId('terminal-line-text').filter({ visible: true });
  }

  /** The lines of the terminal that is shown, without the empty ones at its end. */
  async text(): Promise<string> {
    const rows = this.root.locator('.terminal-session:not(.is-away) .xterm-rows > div');
    const lines = await rows.allTextContents();
    return lines
      .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  async waitForText(expected: string | RegExp): Promise<string> {
    let text = '';
    await waitFor(`the terminal shows ${String(expected)}`, async () => {
      text = await this.text();
      return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows:\n${text}`);
    });
    return text;
  }

  /** Types a command into the shell that is shown. */
  async run(command: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }

  async focus(): Promise<void> {
    await this.root.locator('.terminal-session:not(.is-away) .xterm-helper-textarea').focus();
  }

  /** What a shell says of itself: evaluates an expression in it and reads the answer. */
  async ask(expression: string): Promise<string> {
    const mark = `q${String(Math.random()).slice(2, 8)}`;
    await this.run(`echo ${mark}"=${expression}="`);
    const text = await this.waitForText(new RegExp(`^${mark}=[^=]*=$`, 'm'));
    return new RegExp(`^${mark}=([^=]*)=$`, 'm').exec(text)?.[1] ?? '';
  }
}
