import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';

export interface DeckBarHost {
  openNew(): void;
  find(): void;
  menu(anchor: HTMLElement): void;
}

/** The strip above the terminals: their tabs, one more, find, and the rest behind a menu. */
export class DeckBar {
  readonly tabs = h('div', { class: 'terminal-tabs', role: 'tablist', 'aria-label': 'Terminals' });
  private readonly find: HTMLButtonElement;
  private readonly more: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(host: DeckBarHost) {
    this.find = button({
      label: 'Find (Ctrl+Shift+F)',
      icon: 'search',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'terminal-find',
      onClick: () => host.find(),
    });
    this.more = button({
      label: 'More for terminals',
      icon: 'more',
      isIconOnly: true,
      kind: 'quiet',
      testId: 'terminal-menu',
      attributes: { 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
      onClick: () => host.menu(this.more),
    });
    this.element = h(
      'div',
      { class: 'terminal-bar' },
      this.tabs,
      button({
        label: 'New terminal (Ctrl+Shift+Enter)',
        icon: 'plus',
        isIconOnly: true,
        kind: 'quiet',
        testId: 'terminal-new',
        onClick: () => host.openNew(),
      }),
      h('div', { class: 'terminal-bar-end' }, this.find, this.more),
    );
  }

  /** Without terminals there is nothing to choose, and an empty tab list is none. */
  setEmpty(isEmpty: boolean): void {
    this.element.hidden = isEmpty;
  }
}
