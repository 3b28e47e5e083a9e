import type { Instance } from '../../../src/contracts/instance.js';
import { h, setAttribute, setText } from '../base/dom.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import { statusLook } from '../domain/status.js';
import type { LogPanel } from '../features/logs/log-panel.js';
import { button } from '../ui/button.js';
import { icon, setIcon } from '../ui/icon.js';

export interface ToolsHost {
  onClose(): void;
}

/** The lower part of the window: the tools of one instance. It can fill the window. */
export class ToolsPane implements Disposable {
  private readonly symbol = icon('status-stopped');
  private readonly name = h('h2', { 'data-testid': 'tools-name' });
  private readonly status = h(
    'span',
    { class: 'status-badge', 'data-testid': 'tools-status' },
    this.symbol,
    h('span', null),
  );
  private readonly fill = button({
    label: 'Fill the window',
    icon: 'expand',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'tools-fill',
    onClick: () => this.setFilling(!this.isFilling),
  });
  private readonly resources = new DisposableStore();
  private isFilling = false;
  readonly element: HTMLElement;

  constructor(
    private readonly host: ToolsHost,
    private readonly log: LogPanel,
  ) {
    this.element = h(
      'section',
      { class: 'tools', 'aria-label': 'Tools', 'data-testid': 'tools' },
      h(
        'header',
        { class: 'tools-head' },
        h('div', { class: 'tools-title' }, this.name, this.status),
        this.log.toolbar,
        h(
          'div',
          { class: 'tools-window' },
          this.fill,
          button({
            label: 'Close tools (Esc)',
            icon: 'close',
            isIconOnly: true,
            kind: 'quiet',
            testId: 'tools-close',
            onClick: () => host.onClose(),
          }),
        ),
      ),
      this.log.element,
    );
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    setText(this.name, instance.name);
    setAttribute(this.name, 'data-tip', instance.name);
    const look = statusLook(instance.status);
    setIcon(this.symbol, look.symbol);
    setAttribute(this.status, 'data-meaning', look.meaning);
    const word = this.status.lastElementChild;
    if (word) setText(word, instance.status);
    this.log.show(instance);
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      if (this.isFilling) this.setFilling(false);
      else this.host.onClose();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      this.log.focusSearch();
    }
  }

  private setFilling(isFilling: boolean): void {
    this.isFilling = isFilling;
    this.element.classList.toggle('is-filling', isFilling);
    const symbol = this.fill.querySelector('svg');
    if (symbol) setIcon(symbol, isFilling ? 'shrink' : 'expand');
    const label = isFilling ? 'Back to its place' : 'Fill the window';
    setAttribute(this.fill, 'aria-label', label);
    setAttribute(this.fill, 'data-tip', label);
    setAttribute(this.fill, 'aria-pressed', String(isFilling));
  }
}
