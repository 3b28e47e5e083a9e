import { h, replaceChildren } from '../base/dom.js';
import { button } from './button.js';
import { icon } from './icon.js';

const SAID_MS = 1600;

/** Copies a text, also on a plain-HTTP address of a LAN, where browsers withhold the clipboard. */
export function copyButton(label: string, testId: string, text: () => string): HTMLButtonElement {
  const element = button({
    label,
    icon: 'copy',
    kind: 'quiet',
    testId,
    onClick: () => void copy(text()).then((isCopied) => say(element, label, isCopied)),
  });
  element.setAttribute('aria-live', 'polite');
  return element;
}

function say(element: HTMLButtonElement, label: string, isCopied: boolean): void {
  const words = isCopied ? 'Copied' : 'The browser refused';
  replaceChildren(element, icon(isCopied ? 'check' : 'warning'), h('span', null, words));
  window.setTimeout(() => replaceChildren(element, icon('copy'), h('span', null, label)), SAID_MS);
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

function copyTheOldWay(text: string): boolean {
  const before = document.activeElement;
  const field = h('textarea', { class: 'copy-source', readonly: true, 'aria-hidden': 'true', tabindex: -1 });
  field.value = text;
  // In a modal dialog everything outside is inert.
  (before?.closest('dialog') ?? document.body).append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure origin
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
