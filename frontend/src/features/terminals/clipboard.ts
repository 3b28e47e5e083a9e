import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { openDialog, topLayerHost } from '../../ui/dialog.js';

/**
 * Copies a text, also where the browser keeps its clipboard to itself (plain HTTP under a name of the local network) by the
 * older way of a selection. @returns whether it was copied
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** `execCommand` is out of fashion, and the only way without a secure context. */
function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = h('textarea', { class: 'is-off-screen', 'aria-hidden': 'true', tabindex: -1 });
  field.value = text;
  topLayerHost().append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}

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
