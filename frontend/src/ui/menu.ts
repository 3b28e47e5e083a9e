import { h } from '../base/dom.js';
import { icon } from './icon.js';
import type { IconName } from './icon.js';

export interface MenuItem {
  label: string;
  /** A second, quiet line. */
  note?: string;
  icon?: IconName;
  shortcut?: string;
  isDangerous?: boolean;
  isChecked?: boolean;
  /** Why it cannot be done now. */
  disabledReason?: string | null;
  testId?: string;
  run: () => void;
}

export type MenuEntry = MenuItem | 'separator';

const GAP = 4;

/**
 * Opens a menu at a button. It closes by Esc, by a choice or by a press elsewhere; the focus returns to where it was.
 * @param at where a right click was, when it belongs there and not at the button
 */
export function openMenu(
  anchor: HTMLElement,
  label: string,
  entries: readonly MenuEntry[],
  at: DOMRectReadOnly | null = null,
): void {
  const cameFrom = at === null ? anchor : document.activeElement;
  const menu = h('div', {
    class: 'menu',
    role: 'menu',
    'aria-label': label,
    popover: 'auto',
    'data-testid': 'menu',
  });
  for (const entry of entries) menu.append(entry === 'separator' ? separator() : itemElement(entry, menu));
  menu.addEventListener('keydown', (event) => moveFocus(event, menu));
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    const isThere = cameFrom instanceof HTMLElement && cameFrom !== document.body && cameFrom.isConnected;
    if (hadFocus) (isThere ? cameFrom : anchor).focus();
  });
  (anchor.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  anchor.setAttribute('aria-expanded', 'true');
  placeBeside(menu, at ?? anchor);
  itemsOf(menu)[0]?.focus();
}

function separator(): HTMLElement {
  return h('div', { class: 'menu-separator', role: 'separator' });
}

function itemElement(item: MenuItem, menu: HTMLElement): HTMLElement {
  const reason = item.disabledReason ?? null;
  const run = () => {
    if (reason !== null) return;
    menu.hidePopover();
    item.run();
  };
  return h(
    'button',
    {
      type: 'button',
      class: `menu-item${item.isDangerous ? ' is-dangerous' : ''}`,
      role: item.isChecked === undefined ? 'menuitem' : 'menuitemradio',
      'aria-checked': item.isChecked === undefined ? null : String(item.isChecked),
      'aria-disabled': reason === null ? null : 'true',
      tabindex: -1,
      'data-testid': item.testId,
      onclick: run,
    },
    menuIcon(item),
    h('span', { class: 'menu-text' }, item.label, smallText(reason ?? item.note)),
    item.shortcut ? h('kbd', null, item.shortcut) : null,
  );
}

function smallText(text: string | undefined): HTMLElement | null {
  return text === undefined ? null : h('small', null, text);
}

function menuIcon(item: MenuItem): SVGSVGElement {
  if (item.isChecked !== undefined && item.icon === undefined)
    return icon('check', item.isChecked ? '' : 'is-hidden');
  return icon(item.icon ?? 'chevron-right', item.icon ? '' : 'is-hidden');
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item')];
}

function moveFocus(event: KeyboardEvent, menu: HTMLElement): void {
  const items = itemsOf(menu);
  const present = items.indexOf(document.activeElement as HTMLElement);
  const target = targetIndex(event.key, present, items);
  if (event.key === 'Tab') menu.hidePopover();
  if (target === null) return;
  event.preventDefault();
  items[target]?.focus();
}

function targetIndex(key: string, present: number, items: readonly HTMLElement[]): number | null {
  const count = items.length;
  if (key === 'ArrowDown') return (present + 1) % count;
  if (key === 'ArrowUp') return (present - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key.length !== 1 || !/\S/.test(key)) return null;
  const rotated = items.map((_, index) => (present + 1 + index) % count);
  const wanted = key.toLowerCase();
  const startsWith = (index: number) => items[index]?.textContent.trim().toLowerCase().startsWith(wanted);
  return rotated.find(startsWith) ?? null;
}

/** Puts something that floats below an element or a place, or above it where there is no room. */
export function placeBeside(menu: HTMLElement, anchor: HTMLElement | DOMRectReadOnly): void {
  const box = anchor instanceof HTMLElement ? anchor.getBoundingClientRect() : anchor;
  const size = menu.getBoundingClientRect();
  // Ends flush with an element, begins at a place.
  const wanted = anchor instanceof HTMLElement ? box.right - size.width : box.left;
  const left = Math.max(GAP, Math.min(wanted, window.innerWidth - size.width - GAP));
  const below = box.bottom + GAP;
  const isBelow = below + size.height < window.innerHeight;
  const top = isBelow ? below : Math.max(GAP, box.top - GAP - size.height);
  menu.style.left = `${String(Math.round(left))}px`;
  menu.style.top = `${String(Math.round(top))}px`;
}
