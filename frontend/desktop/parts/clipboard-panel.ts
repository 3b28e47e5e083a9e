import { h, setText } from '../../src/base/dom.js';
import type { Clipboard } from './clipboard.js';

/**
 * The clipboard by hand, for where the browser keeps its own to itself.
 * @param given is called when the desktop has the text
 */
export function clipboardPanel(clipboard: Clipboard, given: () => void): HTMLElement {
  const said = h('p', { class: 'panel-hint', role: 'status', 'data-testid': 'clipboard-said' });
  const field = h('textarea', {
    class: 'clipboard-field',
    rows: 5,
    spellcheck: 'false',
    id: 'clipboard-text',
    'data-testid': 'clipboard-field',
  });
  const send = () => {
    clipboard.offer(field.value);
    setText(said, '');
    given();
  };
  const copy = async () => {
    const isCopied = await clipboard.copy(field.value);
    field.select();
    setText(said, isCopied ? 'Copied.' : 'The browser refused. Press Ctrl+C.');
  };
  clipboard.fromDesktop.on((text) => {
    field.value = text;
  });
  clipboard.isTaken.on((isTaken) => setText(said, isTaken ? '' : 'The desktop copied this:'));
  const element = h(
    'div',
    { class: 'panel', role: 'dialog', 'aria-label': 'Clipboard', 'data-testid': 'clipboard-panel' },
    h(
      'label',
      { for: 'clipboard-text', class: 'panel-hint' },
      'Text for the desktop, or what was copied there',
    ),
    field,
    said,
    h(
      'div',
      { class: 'panel-row' },
      h(
        'button',
        { type: 'button', class: 'button is-primary', 'data-testid': 'clipboard-send', onclick: send },
        'Give to the desktop',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'button is-plain',
          'data-testid': 'clipboard-copy',
          onclick: () => void copy(),
        },
        'Copy to this device',
      ),
    ),
  );
  return element;
}
