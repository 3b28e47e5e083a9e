import { h, setAttribute, uniqueId } from '../base/dom.js';
import { DisposableStore, listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';

const DELAY_MS = 350;
const GAP = 6;

/** One tooltip for the whole page: shows `data-tip` of what the pointer or the keyboard is on. Esc hides it. */
export function installTooltips(): Disposable {
  const tooltip = new Tooltip();
  const resources = new DisposableStore();
  resources.add(listen(document, 'pointerover', (event) => tooltip.point(event)));
  resources.add(listen(document, 'pointerdown', () => tooltip.hide()));
  resources.add(listen(document, 'focusin', (event) => tooltip.focus(event.target)));
  resources.add(listen(document, 'focusout', () => tooltip.hide()));
  resources.add(listen(document, 'keydown', (event) => event.key === 'Escape' && tooltip.hide()));
  resources.add(
    listen(document, 'scroll', (event) => tooltip.scrolled(event.target), { capture: true, passive: true }),
  );
  resources.add(tooltip);
  return resources;
}

class Tooltip implements Disposable {
  private readonly element = h('div', {
    class: 'tooltip',
    role: 'tooltip',
    popover: 'manual',
    id: uniqueId('tip'),
  });
  private owner: HTMLElement | null = null;
  private timer: number | null = null;

  point(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    const owner = ownerOf(event.target);
    if (owner === this.owner) return;
    this.hide();
    if (owner) this.showLater(owner, DELAY_MS);
  }

  focus(target: EventTarget | null): void {
    const owner = ownerOf(target);
    if (owner?.matches(':focus-visible')) this.showLater(owner, 0);
  }

  /** A log that follows its end scrolls all the time; only what carries the owner along matters. */
  scrolled(target: EventTarget | null): void {
    if (target instanceof Node && target.contains(this.owner)) this.hide();
  }

  hide(): void {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = null;
    if (this.owner) setAttribute(this.owner, 'aria-describedby', null);
    this.owner = null;
    if (this.element.isConnected) this.element.remove();
  }

  dispose(): void {
    this.hide();
  }

  private showLater(owner: HTMLElement, delayMs: number): void {
    this.hide();
    this.owner = owner;
    this.timer = window.setTimeout(() => this.show(owner), delayMs);
  }

  private show(owner: HTMLElement): void {
    const text = owner.dataset['tip'];
    if (!text || !owner.isConnected) return;
    this.element.textContent = text;
    // Inside an open modal dialog, for everything outside it is inert and lies below it.
    (owner.closest('dialog') ?? document.body).append(this.element);
    this.element.showPopover();
    if (owner.getAttribute('aria-label') !== text) setAttribute(owner, 'aria-describedby', this.element.id);
    place(this.element, owner);
  }
}

function ownerOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
}

function place(tip: HTMLElement, owner: HTMLElement): void {
  const box = owner.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = Math.min(
    window.innerWidth - size.width - GAP,
    Math.max(GAP, box.left + (box.width - size.width) / 2),
  );
  const isBelow = box.bottom + GAP + size.height < window.innerHeight;
  tip.style.left = `${String(Math.round(left))}px`;
  tip.style.top = `${String(Math.round(isBelow ? box.bottom + GAP : box.top - GAP - size.height))}px`;
}
