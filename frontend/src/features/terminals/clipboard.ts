import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';

/** The text of the clipboard, or null where the browser does not hand it out. */
export async function readClipboard(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}

/** Asks for a text by a field, where pasting is always possible. */
export function askForPaste(onText: (text: string) => void): void {
  const field = h('textarea', {
    class: 'input is-mono',
    rows: 6,
    'aria-label': 'Text to paste',
    'data-testid': 'terminal-paste-field',
    autofocus: true,
  });
  const dialog = openDialog({
    title: 'Paste into the terminal',
    testId: 'terminal-paste-dialog',
    width: 'narrow',
    content: [
      h(
        'p',
        null,
        'This browser does not hand out its clipboard here. Paste the text into the field, with Ctrl+V or by a long press.',
      ),
      field,
    ],
    footer: [
      button({ label: 'Cancel', onClick: () => dialog.close() }),
      button({ label: 'Paste', kind: 'primary', type: 'submit', testId: 'terminal-paste-submit' }),
    ],
    onSubmit: () => {
      const { value } = field;
      dialog.close();
      if (value !== '') onText(value);
    },
  });
}
