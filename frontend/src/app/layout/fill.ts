import { h, setAttribute } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import type { Disposable } from '../../base/lifecycle.js';
import { Observable } from '../../base/observable.js';
import { button } from '../../ui/button.js';
import { setIcon } from '../../ui/icon.js';

export type PaneName = 'instances' | 'tools' | 'monitor';

/** Which pane fills the window, if one does. The others stay where they are, out of sight and out of reach. */
export class Fill implements Disposable {
  readonly pane = new Observable<PaneName | null>(null);
  private readonly resources = new DisposableStore();
  private readonly buttons = new Map<PaneName, HTMLElement>();

  constructor(workspace: HTMLElement) {
    this.resources.add(this.pane.on((pane) => setAttribute(workspace, 'data-filling', pane)));
    this.resources.add(listen(document, 'keydown', (event) => this.key(event, workspace)));
  }

  dispose(): void {
    this.resources.dispose();
  }

  toggle(pane: PaneName): void {
    this.pane.set(this.pane.value === pane ? null : pane);
  }

  /** Back to its place. @returns whether the pane filled the window */
  leave(pane: PaneName): boolean {
    if (this.pane.value !== pane) return false;
    this.pane.set(null);
    return true;
  }

  /** The button that fills the window with a pane and brings it back. There is one for all panes of a name, of which one is open. */
  button(pane: PaneName): HTMLElement {
    const known = this.buttons.get(pane);
    if (known) return known;
    const element = button({
      label: 'Fill the window',
      icon: 'expand',
      isIconOnly: true,
      kind: 'quiet',
      testId: `${pane}-fill`,
      attributes: { class: 'button is-quiet is-icon pane-fill' },
      onClick: () => this.toggle(pane),
    });
    this.resources.add(this.pane.watch((filling) => showState(element, filling === pane)));
    this.buttons.set(pane, element);
    return element;
  }

  /** Tools and monitoring take Esc themselves; a tool may need it. */
  private key(event: KeyboardEvent, workspace: HTMLElement): void {
    if (event.key !== 'Escape' || event.defaultPrevented || this.pane.value === null) return;
    const isElsewhere = event.target instanceof Element && event.target.closest('.pane, dialog, [popover]');
    if (isElsewhere || document.querySelector('dialog[open]') || !workspace.isConnected) return;
    event.preventDefault();
    this.pane.set(null);
  }
}

function showState(element: HTMLElement, isFilling: boolean): void {
  const symbol = element.querySelector('svg');
  if (symbol) setIcon(symbol, isFilling ? 'shrink' : 'expand');
  const label = isFilling ? 'Back to its place (Esc)' : 'Fill the window';
  setAttribute(element, 'aria-label', label);
  setAttribute(element, 'data-tip', label);
  setAttribute(element, 'aria-pressed', String(isFilling));
}

/** The way back from a pane that covers everything on a small screen. */
export function backButton(testId: string, onClick: () => void): HTMLElement {
  const element = button({ label: 'Back', icon: 'chevron-left', kind: 'quiet', testId, onClick });
  return h('div', { class: 'pane-back' }, element);
}
