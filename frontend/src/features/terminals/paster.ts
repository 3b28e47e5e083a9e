import type { Terminal } from '@xterm/xterm';
import { h } from '../../base/dom.js';
import { listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { askForPaste, readClipboard } from './clipboard.js';
import { cleanPaste, pastePreview, pasteQuestion } from './pasting.js';

/** Everything that is pasted into one terminal goes through here, and is asked about where it may surprise. */
export class Paster implements Disposable {
  private readonly listener: Disposable;

  constructor(
    private readonly terminal: Terminal,
    element: HTMLElement,
  ) {
    this.listener = listen(element, 'paste', (event) => this.fromEvent(event), { capture: true });
  }

  dispose(): void {
    this.listener.dispose();
  }

  /** Pastes by a button or a menu, where no key of the browser's own brings the text. */
  async fromClipboard(): Promise<void> {
    const text = await readClipboard();
    if (text === null) askForPaste((typed) => this.paste(typed));
    else this.paste(text);
  }

  private fromEvent(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  private paste(text: string): void {
    const cleaned = cleanPaste(text);
    if (cleaned === '') return;
    const question = pasteQuestion(cleaned, this.terminal.modes.bracketedPasteMode);
    if (question) askBefore(question, cleaned, () => this.send(cleaned));
    else this.send(cleaned);
  }

  private send(cleaned: string): void {
    this.terminal.paste(cleaned);
    this.terminal.focus();
  }
}

function askBefore({ title, text }: { title: string; text: string }, cleaned: string, run: () => void): void {
  const dialog = openDialog({
    title,
    testId: 'terminal-paste-question',
    role: 'alertdialog',
    width: 'narrow',
    content: [
      h('p', null, text),
      h('pre', { class: 'terminal-preview', tabindex: 0, 'aria-label': 'Beginning' }, pastePreview(cleaned)),
    ],
    footer: [
      button({
        label: 'Cancel',
        testId: 'confirm-cancel',
        attributes: { autofocus: true },
        onClick: () => dialog.close(),
      }),
      button({ label: 'Paste', kind: 'primary', type: 'submit', testId: 'confirm-ok' }),
    ],
    onSubmit: () => {
      dialog.close();
      run();
    },
  });
}
