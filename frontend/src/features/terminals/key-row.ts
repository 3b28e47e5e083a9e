import { h, setAttribute } from '../../base/dom.js';
import type { Disposable } from '../../base/lifecycle.js';
import { rowKeySequence, withModifiers } from './modifiers.js';
import type { Modifiers, RowKey } from './modifiers.js';

const KEYS: readonly (RowKey | keyof Modifiers)[] = [
  'Esc',
  'Tab',
  'ctrl',
  'alt',
  '←',
  '↓',
  '↑',
  '→',
  '|',
  '~',
  '/',
  '-',
  'Home',
  'End',
  'PgUp',
  'PgDn',
];

const NAMES: Record<string, string> = {
  ctrl: 'Ctrl',
  alt: 'Alt',
  '←': 'Arrow left',
  '↓': 'Arrow down',
  '↑': 'Arrow up',
  '→': 'Arrow right',
  '|': 'Pipe',
  '~': 'Tilde',
  '/': 'Slash',
  '-': 'Minus',
};

const REPEATING = new Set<string>(['←', '↓', '↑', '→']);
const FIRST_REPEAT_MS = 400;
const REPEAT_MS = 60;

export interface KeyRowHost {
  send(data: string): void;
  isApplicationCursor(): boolean;
}

/** The keys that a telephone's keyboard lacks. Ctrl and Alt hold for the one key that follows. */
export class KeyRow implements Disposable {
  readonly element: HTMLElement;
  private readonly modifiers: Modifiers = { ctrl: false, alt: false };
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private timer: number | null = null;

  constructor(private readonly host: KeyRowHost) {
    for (const key of KEYS) this.buttons.set(key, this.button(key));
    this.element = h(
      'div',
      {
        class: 'terminal-keys',
        role: 'toolbar',
        'aria-label': 'Keys',
        'data-testid': 'terminal-keys',
        // The terminal keeps the focus, and with it the on-screen keyboard.
        onpointerdown: (event) => event.preventDefault(),
        onmousedown: (event) => event.preventDefault(),
      },
      ...this.buttons.values(),
    );
  }

  /** What a key of the keyboard sends, with Ctrl or Alt when they were tapped before it. */
  modified(data: string): string {
    if (!this.modifiers.ctrl && !this.modifiers.alt) return data;
    const sent = withModifiers(data, this.modifiers);
    this.letGo();
    return sent;
  }

  dispose(): void {
    this.stopRepeat();
  }

  private button(key: RowKey | keyof Modifiers): HTMLButtonElement {
    const isModifier = key === 'ctrl' || key === 'alt';
    const name = NAMES[key] ?? key;
    return h(
      'button',
      {
        type: 'button',
        class: 'terminal-key',
        'aria-label': name,
        'aria-pressed': isModifier ? 'false' : null,
        'data-testid': `terminal-key-${name.toLowerCase().replace(' ', '-')}`,
        onclick: (event) => {
          // A press was handled when it began; what is left are clicks of the keyboard and of assistive technology.
          if (isModifier) this.toggle(key);
          else if (!REPEATING.has(key) || event.detail === 0) this.press(key);
        },
        onpointerdown: () => !isModifier && REPEATING.has(key) && this.startRepeat(key),
        onpointerup: () => this.stopRepeat(),
        onpointerleave: () => this.stopRepeat(),
        onpointercancel: () => this.stopRepeat(),
      },
      isModifier ? name : key,
    );
  }

  private press(key: RowKey): void {
    this.host.send(rowKeySequence(key, this.modifiers, this.host.isApplicationCursor()));
    this.letGo();
  }

  private startRepeat(key: RowKey): void {
    this.press(key);
    this.timer = window.setTimeout(() => {
      this.timer = window.setInterval(() => this.press(key), REPEAT_MS);
    }, FIRST_REPEAT_MS);
  }

  /** The numbers of timeouts and intervals are of one kind, so clearing either is right. */
  private stopRepeat(): void {
    if (this.timer !== null) window.clearInterval(this.timer);
    this.timer = null;
  }

  private toggle(modifier: keyof Modifiers): void {
    this.modifiers[modifier] = !this.modifiers[modifier];
    this.showModifiers();
  }

  private letGo(): void {
    this.modifiers.ctrl = false;
    this.modifiers.alt = false;
    this.showModifiers();
  }

  private showModifiers(): void {
    for (const name of ['ctrl', 'alt'] as const) {
      const element = this.buttons.get(name);
      if (element) setAttribute(element, 'aria-pressed', String(this.modifiers[name]));
    }
  }
}
