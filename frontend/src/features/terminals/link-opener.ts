import type { ILinkHandler } from '@xterm/xterm';
import type { ILinkProviderOptions } from '@xterm/addon-web-links';
import { h, setText } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { copyText } from '../../ui/copy.js';
import { openDialog } from '../../ui/dialog.js';
import { webAddress } from './hostile-text.js';

/**
 * Addresses in a terminal's output. What a link says and where it leads are two things there, so its target is shown before
 * anything is opened: below the screen while the pointer is on it, and in a dialog after a click without Ctrl.
 */
export class LinkOpener {
  /** The line at the foot of the pane, as browsers have it. */
  readonly element = h('div', { class: 'terminal-link', hidden: true, 'data-testid': 'terminal-link' });
  readonly handler: ILinkHandler = {
    activate: (event, address) => this.activate(event, address),
    hover: (_event, address) => this.show(address),
    leave: () => this.show(null),
    allowNonHttpProtocols: false,
  };
  readonly hovering: ILinkProviderOptions = {
    hover: (_event, address) => this.show(address),
    leave: () => this.show(null),
  };

  /** @param hasSelection whether the click ended a selection, and was none */
  constructor(private readonly hasSelection: () => boolean) {}

  activate(event: MouseEvent, text: string): void {
    const address = webAddress(text);
    if (address === null || this.hasSelection()) return;
    if (event.ctrlKey || event.metaKey) openAddress(address);
    else askToOpen(address);
  }

  private show(text: string | null): void {
    const address = text === null ? null : webAddress(text);
    this.element.hidden = address === null;
    setText(this.element, address ?? '');
  }
}

function openAddress(address: string): void {
  window.open(address, '_blank', 'noopener,noreferrer');
}

function askToOpen(address: string): void {
  const dialog = openDialog({
    title: 'Open this address?',
    testId: 'terminal-link-dialog',
    width: 'narrow',
    content: [
      h('p', null, 'It comes from the output of a program:'),
      h('p', { class: 'terminal-address is-mono', 'data-testid': 'terminal-link-address' }, address),
    ],
    footer: [
      button({
        label: 'Copy',
        onClick: () => {
          dialog.close();
          void copyText(address);
        },
      }),
      button({
        label: 'Open in a new tab',
        kind: 'primary',
        type: 'submit',
        testId: 'terminal-link-open',
        attributes: { autofocus: true },
      }),
    ],
    onSubmit: () => {
      dialog.close();
      openAddress(address);
    },
  });
}
