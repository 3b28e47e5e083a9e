import { h, setAttribute } from '../../src/base/dom.js';
import { KEYS } from '../domain/keysyms.js';
import type { Key } from '../domain/keysyms.js';
import type { Screen } from './screen.js';

const HELD: readonly { id: string; label: string; key: Key }[] = [
  { id: 'ctrl', label: 'Ctrl', key: KEYS.control },
  { id: 'alt', label: 'Alt', key: KEYS.alt },
  { id: 'shift', label: 'Shift', key: KEYS.shift },
  { id: 'super', label: 'Super', key: KEYS.super },
];

/** In rows of five. */
const SINGLE: readonly { id: string; label: string; name?: string; key: Key }[] = [
  { id: 'esc', label: 'Esc', name: '(Escape)', key: KEYS.escape },
  { id: 'tab', label: 'Tab', key: KEYS.tab },
  { id: 'enter', label: 'Enter', key: KEYS.enter },
  { id: 'delete', label: 'Del', name: '(Delete)', key: KEYS.delete },
  { id: 'f5', label: 'F5', key: KEYS.f5 },
  { id: 'home', label: 'Home', key: KEYS.home },
  { id: 'end', label: 'End', key: KEYS.end },
  { id: 'pgup', label: 'PgUp', name: '(page up)', key: KEYS.pageUp },
  { id: 'pgdn', label: 'PgDn', name: '(page down)', key: KEYS.pageDown },
  { id: 'f6', label: 'F6', key: KEYS.f6 },
  { id: 'left', label: '←', name: 'arrow left', key: KEYS.left },
  { id: 'up', label: '↑', name: 'arrow up', key: KEYS.up },
  { id: 'down', label: '↓', name: 'arrow down', key: KEYS.down },
  { id: 'right', label: '→', name: 'arrow right', key: KEYS.right },
  { id: 'f11', label: 'F11', key: KEYS.f11 },
];

/** Keys that the browser, the system or a phone keeps to itself. */
export class KeysPanel {
  private readonly held = new Map<Key, HTMLButtonElement>();
  readonly element = h(
    'div',
    { class: 'panel', role: 'dialog', 'aria-label': 'Keys', 'data-testid': 'keys-panel' },
    h('p', { class: 'panel-hint' }, 'Held until pressed again:'),
    h('div', { class: 'key-row' }, ...HELD.map((each) => this.holdButton(each))),
    h('div', { class: 'key-grid' }, ...SINGLE.map((each) => this.keyButton(each))),
    h(
      'button',
      {
        type: 'button',
        class: 'button is-plain',
        'data-testid': 'key-ctrl-alt-del',
        onclick: () => this.screen()?.pressCtrlAltDel(),
      },
      'Ctrl+Alt+Del',
    ),
  );

  /** @param changed whether anything is held down */
  constructor(
    private readonly screen: () => Screen | null,
    private readonly changed: (isHeld: boolean) => void,
  ) {}

  /** Lets go of everything: a new connection knows of nothing that is held. */
  release(): void {
    for (const [key, button] of this.held) if (isPressed(button)) this.hold(key, button);
  }

  private holdButton({ id, label, key }: (typeof HELD)[number]): HTMLButtonElement {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button is-plain',
        'aria-pressed': 'false',
        'data-testid': `key-${id}`,
        onclick: () => this.hold(key, button),
      },
      label,
    );
    this.held.set(key, button);
    return button;
  }

  private hold(key: Key, button: HTMLButtonElement): void {
    const isDown = !isPressed(button);
    setAttribute(button, 'aria-pressed', String(isDown));
    this.screen()?.press(key, isDown);
    this.changed([...this.held.values()].some(isPressed));
  }

  private keyButton({ id, label, name, key }: (typeof SINGLE)[number]): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'button is-plain',
        'aria-label': name === undefined ? null : `${label} ${name}`,
        'data-testid': `key-${id}`,
        onclick: () => this.screen()?.press(key),
      },
      label,
    );
  }
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true';
}
