import { h, replaceChildren, setAttribute, uniqueId } from '../base/dom.js';
import { icon } from './icon.js';

export interface ComboOption {
  value: string;
  label: string;
  /** What there is to know of it before it is chosen. */
  note: string;
  /** Dimmed: it can be chosen, but not had at once. */
  isDistant?: boolean;
}

export interface ComboWords {
  /** Shown while the field is empty. */
  placeholder: string;
  /** Name of the list for who hears it. */
  listLabel: string;
}

/**
 * A field for text with a list of usual values, which drops down on a click or with the arrows; anything else may be typed.
 * Enter takes what the arrows are on, Esc closes the list and nothing else.
 */
export class Combo {
  readonly input: HTMLInputElement;
  readonly element: HTMLElement;
  private readonly list: HTMLElement;
  private options: readonly ComboOption[] = [];
  private items: HTMLElement[] = [];
  private active = -1;

  constructor({ placeholder, listLabel }: ComboWords) {
    const listId = uniqueId('combo');
    this.input = h('input', {
      type: 'text',
      class: 'input is-mono',
      role: 'combobox',
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      placeholder,
      'aria-expanded': 'false',
      'aria-autocomplete': 'none',
      'aria-controls': listId,
      onclick: () => this.open(),
      oninput: () => this.close(),
      onblur: () => this.close(),
      onkeydown: (event) => this.key(event),
    });
    this.list = h('div', {
      class: 'combo-list',
      role: 'listbox',
      id: listId,
      popover: 'manual',
      'aria-label': listLabel,
      // The field keeps the focus.
      onmousedown: (event) => event.preventDefault(),
    });
    this.element = h('div', { class: 'combo' }, this.input, icon('chevron-down', 'combo-mark'), this.list);
  }

  setOptions(options: readonly ComboOption[]): void {
    this.options = options;
    this.items = options.map((option) => this.item(option));
    replaceChildren(this.list, ...this.items);
    this.element.classList.toggle('has-options', options.length > 0);
  }

  private item({ value, label, note, isDistant }: ComboOption): HTMLElement {
    return h(
      'div',
      {
        class: `combo-option${isDistant === true ? ' is-distant' : ''}`,
        role: 'option',
        id: uniqueId('option'),
        'data-value': value,
        onclick: () => this.take(value),
      },
      h('span', { class: 'combo-label' }, label),
      h('small', null, note),
    );
  }

  private get isOpen(): boolean {
    return this.input.getAttribute('aria-expanded') === 'true';
  }

  private open(): void {
    if (this.isOpen || this.items.length === 0) return;
    const box = this.input.getBoundingClientRect();
    this.list.style.width = `${String(box.width)}px`;
    this.list.showPopover();
    this.place(box);
    setAttribute(this.input, 'aria-expanded', 'true');
    for (const [index, item] of this.items.entries())
      setAttribute(item, 'aria-selected', String(this.options[index]?.value === this.input.value.trim()));
    this.go(this.options.findIndex(({ value }) => value === this.input.value.trim()));
    // What it belongs to moves away under it.
    document.addEventListener('scroll', this.onScroll, { capture: true, passive: true });
  }

  private readonly onScroll = (event: Event): void => {
    if (event.target !== this.list) this.close();
  };

  private place(box: DOMRect): void {
    const height = this.list.getBoundingClientRect().height;
    const hasRoom = box.bottom + height + 8 < window.innerHeight || box.top < height + 8;
    this.list.style.left = `${String(box.left)}px`;
    this.list.style.top = `${String(hasRoom ? box.bottom + 2 : box.top - height - 2)}px`;
  }

  private close(): void {
    if (!this.isOpen) return;
    document.removeEventListener('scroll', this.onScroll, { capture: true });
    setAttribute(this.input, 'aria-expanded', 'false');
    this.go(-1);
    this.list.hidePopover();
  }

  private go(index: number): void {
    this.active = index;
    for (const [at, item] of this.items.entries()) item.classList.toggle('is-active', at === index);
    setAttribute(this.input, 'aria-activedescendant', this.items[index]?.id);
    this.items[index]?.scrollIntoView({ block: 'nearest' });
  }

  private take(value: string): void {
    this.close();
    this.input.value = value;
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && this.items.length > 0) {
      event.preventDefault();
      if (!this.isOpen) this.open();
      else this.go((this.active + step + this.items.length) % this.items.length);
    } else if (this.isOpen && (event.key === 'Enter' || event.key === 'Escape')) {
      event.preventDefault();
      event.stopPropagation();
      const option = event.key === 'Enter' ? this.options[this.active] : undefined;
      if (option) this.take(option.value);
      else this.close();
    }
  }
}
