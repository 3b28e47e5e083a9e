import { h } from '../../src/base/dom.js';
import { KEYS } from '../domain/keysyms.js';
import { typingBetween } from '../domain/typing.js';
import type { Screen } from './screen.js';

/** Something to delete has to be there, or keyboards on screens do not tell of the key. */
const FILL = '\u200b'.repeat(32);
/** Beyond that the field is emptied; keyboards slow down on long texts. */
const MAX_CHARACTERS = 200;

/** A field that nobody sees: it brings up the keyboard of a phone, and what is typed into it is typed on the desktop. */
export class TouchKeyboard {
  readonly element = h('textarea', {
    class: 'touch-field',
    'aria-label': 'Type on the desktop',
    autocapitalize: 'off',
    autocomplete: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
    tabindex: -1,
    'data-testid': 'touch-field',
    oninput: () => this.typed(),
    onkeydown: (event) => this.key(event),
    oncompositionend: () => this.typed(),
    onblur: () => this.changed(false),
    onfocus: () => this.changed(true),
  });
  private known = FILL;

  constructor(
    private readonly screen: () => Screen | null,
    private readonly changed: (isShown: boolean) => void,
  ) {
    this.element.value = FILL;
  }

  toggle(): void {
    if (document.activeElement === this.element) this.element.blur();
    else this.element.focus({ preventScroll: true });
  }

  private typed(): void {
    const screen = this.screen();
    const { deletedCount, added } = typingBetween(this.known, this.element.value);
    for (let count = 0; count < deletedCount; count += 1) screen?.press(KEYS.backspace);
    screen?.type(added);
    this.known = this.element.value;
    if (this.known.length < FILL.length / 2 || this.known.length > MAX_CHARACTERS) this.refill();
  }

  /** Keys that leave a text field as it is. */
  private key(event: KeyboardEvent): void {
    const named: Record<string, (typeof KEYS)[keyof typeof KEYS]> = {
      Escape: KEYS.escape,
      Tab: KEYS.tab,
      ArrowLeft: KEYS.left,
      ArrowRight: KEYS.right,
      ArrowUp: KEYS.up,
      ArrowDown: KEYS.down,
    };
    const key = named[event.key];
    if (key === undefined || event.isComposing) return;
    event.preventDefault();
    this.screen()?.press(key);
  }

  private refill(): void {
    this.element.value = FILL;
    this.known = FILL;
  }
}
