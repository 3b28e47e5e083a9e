import type { Instance } from '../../../src/contracts/instance.js';
import { listen } from '../base/lifecycle.js';
import type { Disposable } from '../base/lifecycle.js';
import type { Action } from './action.js';
import type { ActionRegistry } from './registry.js';

export interface KeyboardHost {
  registry: ActionRegistry;
  /** The instance whose row has the focus. */
  focusedInstance(): Instance | null;
  runGlobal(action: Action): void;
  runForInstance(action: Action<Instance>, instance: Instance): void;
}

/** Turns keys into actions. Fields, dialogs and menus keep their keys to themselves. */
export function installShortcuts(host: KeyboardHost): Disposable {
  return listen(document, 'keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (dispatch(host, event)) event.preventDefault();
  });
}

function dispatch(host: KeyboardHost, event: KeyboardEvent): boolean {
  const hasModifier = event.ctrlKey || event.metaKey;
  const key = hasModifier ? `Ctrl+${event.key.toLowerCase()}` : event.key;
  // What lies in a shadow root, such as the script editor, shows itself as its host otherwise.
  const [target = event.target] = event.composedPath();
  if (isBusyElsewhere(target) || document.querySelector('dialog[open]')) return false;
  if (!hasModifier && isTyping(target)) return false;
  const global = host.registry.globalActions().find(({ shortcut }) => shortcut === key);
  if (global) {
    host.runGlobal(global);
    return true;
  }
  return !hasModifier && dispatchToInstance(host, key, event.target);
}

function dispatchToInstance(host: KeyboardHost, key: string, target: EventTarget | null): boolean {
  const instance = host.focusedInstance();
  const action = host.registry.instanceActions().find(({ shortcut }) => shortcut === key);
  if (!instance || !action) return false;
  // Enter on a button or link inside a row belongs to that button.
  if (key === 'Enter' && target instanceof Element && target.closest('button, a')) return false;
  host.runForInstance(action, instance);
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'))
  );
}

function isBusyElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="menu"]') !== null;
}
