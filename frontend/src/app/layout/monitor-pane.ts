import { h, replaceChildren, setText } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { button } from '../../ui/button.js';
import { backButton } from './fill.js';

/** What fills the pane; it comes in a chunk of its own, with the charts. */
export interface MonitorContent extends Disposable {
  readonly element: HTMLElement;
  readonly toolbar: HTMLElement;
}

export interface MonitorHost {
  fill: HTMLElement;
  /** @throws when the chunk cannot be loaded */
  load(): Promise<MonitorContent>;
  onFailure(error: unknown): void;
  onEscape(): void;
  onClose(): void;
}

/** The frame of the machine's monitoring. */
export class MonitorPane implements Disposable {
  private readonly toolbar = h('div', { class: 'monitor-toolbar' });
  private readonly body = h(
    'div',
    { class: 'monitor-body', 'aria-busy': 'true' },
    h('p', { class: 'monitor-wait' }, ''),
  );
  private readonly resources = new DisposableStore();
  private isGone = false;
  readonly element: HTMLElement;

  constructor(private readonly host: MonitorHost) {
    this.element = h(
      'section',
      { class: 'pane monitor', tabindex: -1, 'aria-label': 'Machine monitoring', 'data-testid': 'monitor' },
      h(
        'header',
        { class: 'pane-head' },
        backButton('monitor-back', () => host.onClose()),
        h('h2', { class: 'pane-title' }, 'Machine'),
        this.toolbar,
        h(
          'div',
          { class: 'pane-window' },
          host.fill,
          button({
            label: 'Close monitoring (Esc)',
            icon: 'close',
            isIconOnly: true,
            kind: 'quiet',
            testId: 'monitor-close',
            onClick: () => host.onClose(),
          }),
        ),
      ),
      this.body,
    );
    this.resources.add(listen(this.element, 'keydown', (event) => this.key(event)));
    void this.fillIn();
  }

  dispose(): void {
    this.isGone = true;
    this.resources.dispose();
    this.element.remove();
  }

  focus(): void {
    const back = this.element.querySelector<HTMLElement>('.pane-back button');
    (back && back.offsetParent !== null ? back : this.element).focus();
  }

  private async fillIn(): Promise<void> {
    try {
      const content = await this.host.load();
      if (this.isGone) {
        content.dispose();
        return;
      }
      this.resources.add(content);
      replaceChildren(this.toolbar, content.toolbar);
      replaceChildren(this.body, content.element);
    } catch (error) {
      setText(
        this.body,
        'The charts could not be loaded. Close this pane and open it again to try once more.',
      );
      this.host.onFailure(error);
    }
    this.body.removeAttribute('aria-busy');
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    this.host.onEscape();
  }
}
