import { copySelection } from '../base/copy-selection.js';
import { h, replaceChildren } from '../base/dom.js';
import { button } from './button.js';
import { topLayerHost } from './dialog.js';
import { icon } from './icon.js';

const SAID_MS = 2_000;

/**
 * Copies a text, also where the browser keeps its clipboard to itself (plain HTTP under a name of the local network) by the
 * older way of a selection. @returns whether it was copied
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = h('textarea', { class: 'is-off-screen', 'aria-hidden': 'true', tabindex: -1 });
  field.value = text;
  topLayerHost().append(field);
  field.select();
  const isCopied = copySelection();
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}

export interface CopyButtonOptions {
  label?: string;
  /** Shows the symbol only; `name` is what it is called then. */
  isIconOnly?: boolean;
  name?: string;
  testId?: string;
  /** Is selected for Ctrl+C where nothing else works. */
  fallback?: () => Node | null;
}

/** A button that copies a text and says so. */
export function copyButton(text: () => string, options: CopyButtonOptions = {}): HTMLButtonElement {
  const label = options.label ?? 'Copy';
  let timer = 0;
  const say = (symbol: 'check' | 'copy' | 'warning', words: string) =>
    replaceChildren(
      element,
      icon(symbol),
      h('span', { role: 'status', class: options.isIconOnly ? 'is-off-screen' : null }, words),
    );
  const copy = async () => {
    const isCopied = await copyText(text());
    const place = isCopied ? null : (options.fallback?.() ?? null);
    if (place) window.getSelection()?.selectAllChildren(place);
    say(isCopied ? 'check' : 'warning', isCopied ? 'Copied' : place ? 'Press Ctrl+C' : 'The browser refused');
    window.clearTimeout(timer);
    timer = window.setTimeout(() => say('copy', label), SAID_MS);
  };
  const element = button({
    label: options.name ?? label,
    icon: 'copy',
    kind: 'quiet',
    ...(options.isIconOnly ? { isIconOnly: true } : {}),
    ...(options.testId ? { testId: options.testId } : {}),
    onClick: () => void copy(),
  });
  return element;
}
