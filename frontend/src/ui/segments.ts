import { h, setAttribute } from '../base/dom.js';

export interface Segment<T> {
  value: T;
  label: string;
  testId: string;
}

/** A few choices side by side, one of them taken (ARIA's radio group: Tab reaches the taken one, arrows choose). */
export class Segments<T> {
  private readonly buttons: { value: T; element: HTMLButtonElement }[];
  readonly element: HTMLElement;

  constructor(
    label: string,
    segments: readonly Segment<T>[],
    private readonly onChoose: (value: T) => void,
  ) {
    this.buttons = segments.map(({ value, label: text, testId }) => ({
      value,
      element: h(
        'button',
        {
          type: 'button',
          class: 'segment',
          role: 'radio',
          'data-testid': testId,
          onclick: () => this.choose(value),
        },
        text,
      ),
    }));
    this.element = h(
      'div',
      { class: 'segments', role: 'radiogroup', 'aria-label': label, onkeydown: (event) => this.key(event) },
      ...this.buttons.map(({ element }) => element),
    );
  }

  show(taken: T): void {
    for (const { value, element } of this.buttons) {
      setAttribute(element, 'aria-checked', String(value === taken));
      setAttribute(element, 'tabindex', value === taken ? 0 : -1);
    }
  }

  private choose(value: T): void {
    this.show(value);
    this.onChoose(value);
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = this.buttons.findIndex(({ element }) => element === document.activeElement);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length];
    next?.element.focus();
    if (next) this.choose(next.value);
  }
}
