import { h, setAttribute, setText } from '../../src/base/dom.js';
import { icon, setIcon } from '../../src/ui/icon.js';
import type { IconName } from '../../src/ui/icon.js';

/** The bar goes when nobody has been at it for so long. */
const HIDE_AFTER_MS = 4_000;

export interface BarButton {
  id: string;
  icon: IconName;
  label: string;
  /** What it opens below the bar. */
  panel?: HTMLElement;
  onClick?: () => void;
  isHidden?: boolean;
  /** It is either on or off. */
  isToggle?: boolean;
  /** Pressing it with a finger or a pointer leaves the focus where it is. */
  isFocusKept?: boolean;
}

/** The bar at the top of the desktop, which hides itself, and the handle that brings it back. */
export class Bar {
  private readonly name = h('span', { class: 'bar-name', 'data-testid': 'bar-name', dir: 'auto' });
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly panels: HTMLElement[] = [];
  private readonly bar: HTMLElement;
  private readonly handle = h(
    'button',
    {
      type: 'button',
      class: 'handle',
      'aria-label': 'Show the bar of the desktop',
      'aria-expanded': 'false',
      'aria-controls': 'bar',
      'data-testid': 'bar-handle',
      onclick: () => this.show(true),
    },
    h('span', { class: 'handle-grip' }),
  );
  readonly element: HTMLElement;
  private timer = 0;

  constructor(buttons: readonly BarButton[], leave: () => void) {
    const made = buttons.map((each) => this.make(each));
    const hide = this.make({
      id: 'hide',
      icon: 'chevron-up',
      label: 'Hide the bar',
      onClick: () => {
        this.hide();
        leave();
      },
    });
    this.bar = h(
      'div',
      {
        id: 'bar',
        class: 'bar',
        role: 'group',
        'aria-label': 'Desktop',
        'data-testid': 'bar',
        onpointerenter: () => this.keep(),
        onpointerleave: () => this.hideSoon(),
        onfocusin: () => this.keep(),
        onfocusout: () => this.hideSoon(),
      },
      this.name,
      ...made,
      hide,
    );
    this.element = h('header', { class: 'bar-place', hidden: true }, this.handle, this.bar, ...this.panels);
    this.hide();
  }

  setName(name: string): void {
    setText(this.name, name);
    setAttribute(this.name, 'title', name);
  }

  /** Whether there is a desktop to have a bar. */
  setPresent(isPresent: boolean): void {
    setAttribute(this.element, 'hidden', !isPresent);
    if (!isPresent) this.closePanels();
    else if (this.bar.hidden) this.show(false);
  }

  /** @param isFocused the keyboard goes on there */
  show(isFocused: boolean): void {
    this.bar.hidden = false;
    this.handle.hidden = true;
    setAttribute(this.handle, 'aria-expanded', 'true');
    if (isFocused) [...this.buttons.values()].find((button) => !button.hidden)?.focus();
    this.hideSoon();
  }

  hide(): void {
    window.clearTimeout(this.timer);
    this.closePanels();
    this.bar.hidden = true;
    this.handle.hidden = false;
    setAttribute(this.handle, 'aria-expanded', 'false');
  }

  closePanels(): void {
    for (const panel of this.panels) if (panel.matches(':popover-open')) panel.hidePopover();
  }

  setPressed(id: string, isPressed: boolean): void {
    const button = this.buttons.get(id);
    if (button) setAttribute(button, 'aria-pressed', String(isPressed));
  }

  setFace(id: string, name: IconName, label: string): void {
    const button = this.buttons.get(id);
    const picture = button?.querySelector('svg');
    if (!button || !picture) return;
    setIcon(picture, name);
    setAttribute(button, 'aria-label', label);
    setAttribute(button, 'title', label);
  }

  /** Something waits behind a button. */
  mark(id: string, isMarked: boolean): void {
    const button = this.buttons.get(id);
    if (button) setAttribute(button, 'data-marked', isMarked);
  }

  private make(wish: BarButton): HTMLButtonElement {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'bar-button',
        'aria-label': wish.label,
        title: wish.label,
        hidden: wish.isHidden === true,
        'aria-pressed': wish.isToggle === true ? 'false' : null,
        'data-testid': `bar-${wish.id}`,
      },
      icon(wish.icon),
    );
    if (wish.onClick) button.addEventListener('click', wish.onClick);
    // The focus moves with this event, of fingers too; what is cancelled of `pointerdown` differs between browsers.
    if (wish.isFocusKept) button.addEventListener('mousedown', (event) => event.preventDefault());
    if (wish.panel) this.attach(button, wish.panel);
    this.buttons.set(wish.id, button);
    return button;
  }

  private attach(button: HTMLButtonElement, panel: HTMLElement): void {
    panel.popover = 'auto';
    button.popoverTargetElement = panel;
    setAttribute(button, 'aria-haspopup', 'dialog');
    panel.addEventListener('toggle', () => this.hideSoon());
    this.panels.push(panel);
  }

  private keep(): void {
    window.clearTimeout(this.timer);
  }

  private hideSoon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!this.isUsed()) this.hide();
    }, HIDE_AFTER_MS);
  }

  private isUsed(): boolean {
    if (this.bar.matches(':hover, :focus-within')) return true;
    return this.panels.some((panel) => panel.matches(':popover-open'));
  }
}
