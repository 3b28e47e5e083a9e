import { copySelection } from '../../src/base/copy-selection.js';
import { h } from '../../src/base/dom.js';
import { Observable } from '../../src/base/observable.js';
import type { Screen } from './screen.js';

/** A paste that the browser does not let us see is passed on as the keys alone after so long. */
const PASTE_LIMIT_MS = 500;

/**
 * The clipboard both ways, without asking for anything: what the desktop copies is put into the browser's clipboard, and the
 * keys of *paste* are let through to the browser first, which then hands over what there is to paste. That works on plain
 * HTTP too. Where the browser allows reading without a question, the desktop has the text before anybody pastes.
 */
export class Clipboard {
  /** What the desktop copied last. */
  readonly fromDesktop = new Observable('');
  /** Whether the browser took it. */
  readonly isTaken = new Observable(true);
  /** Where the browser pastes to. */
  readonly element = h('textarea', {
    class: 'is-off-screen',
    tabindex: -1,
    'aria-hidden': 'true',
    'data-testid': 'paste-catcher',
  });
  private sent = '';

  constructor(private readonly screen: () => Screen | null) {
    window.addEventListener('keydown', (event) => this.onKey(event), { capture: true });
    window.addEventListener('focus', () => {
      // A page that nobody is at may not touch the clipboard: what was copied meanwhile goes there now.
      if (this.isTaken.value) void this.readIfAllowed();
      else void this.take(this.fromDesktop.value);
    });
  }

  /** The desktop copied something. */
  async take(text: string): Promise<void> {
    this.sent = text;
    this.fromDesktop.set(text);
    this.isTaken.set(await this.copy(text));
  }

  /** Puts a text into the browser's clipboard. @returns whether the browser let us */
  async copy(text: string): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return this.copyBySelection(text);
    }
  }

  /** Gives the desktop a text to paste. */
  offer(text: string): void {
    this.sent = text;
    this.screen()?.offer(text);
  }

  /** Only where the operator has allowed it before: a question that nobody expects is answered with no. */
  async readIfAllowed(): Promise<void> {
    try {
      const name = 'clipboard-read' as PermissionName;
      if ((await navigator.permissions.query({ name })).state !== 'granted') return;
      const text = await navigator.clipboard.readText();
      if (text !== '' && text !== this.sent) this.offer(text);
    } catch {
      // Other browsers do not know that permission, and pages on plain HTTP have no clipboard to ask.
    }
  }

  private onKey(event: KeyboardEvent): void {
    const screen = this.screen();
    if (screen === null || !isPaste(event) || !isScreen(event.target)) return;
    // Not to noVNC, which would keep the browser from pasting.
    event.stopImmediatePropagation();
    const passOn = () => {
      window.clearTimeout(timer);
      this.element.onpaste = null;
      this.element.value = '';
      screen.focus();
      this.pressPaste(screen, event);
    };
    const timer = window.setTimeout(passOn, PASTE_LIMIT_MS);
    this.element.onpaste = (paste) => {
      paste.preventDefault();
      const text = paste.clipboardData?.getData('text/plain') ?? '';
      if (text !== '') this.offer(text);
      passOn();
    };
    this.element.focus({ preventScroll: true });
  }

  /** The modifiers are held down there already, but for a Mac's command key, which means Control elsewhere. */
  private pressPaste(screen: Screen, event: KeyboardEvent): void {
    const key = keyOf(event);
    if (!event.metaKey) {
      screen.press(key);
      return;
    }
    screen.press({ keysym: 0xffe9, code: 'AltLeft' }, false);
    screen.press({ keysym: 0xffeb, code: 'MetaLeft' }, false);
    screen.press({ keysym: 0xffe3, code: 'ControlLeft' }, true);
    screen.press(key);
    screen.press({ keysym: 0xffe3, code: 'ControlLeft' }, false);
  }

  private copyBySelection(text: string): boolean {
    const before = document.activeElement;
    this.element.value = text;
    this.element.select();
    const isCopied = copySelection();
    this.element.value = '';
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return isCopied;
  }
}

function isPaste(event: KeyboardEvent): boolean {
  const isLetter = event.code === 'KeyV' || event.key.toLowerCase() === 'v';
  if (isLetter) return event.ctrlKey !== event.metaKey && !event.altKey;
  return event.key === 'Insert' && event.shiftKey && !event.ctrlKey && !event.altKey;
}

function keyOf(event: KeyboardEvent): { keysym: number; code: string } {
  if (event.key === 'Insert') return { keysym: 0xff63, code: 'Insert' };
  return { keysym: event.shiftKey ? 0x56 : 0x76, code: event.code };
}

function isScreen(target: EventTarget | null): boolean {
  return target instanceof HTMLCanvasElement;
}
