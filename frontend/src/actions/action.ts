import type { IconName } from '../ui/icon.js';

/** Something the user can do to a `Target`. Buttons, menus, keys and the palette all read it from here. */
export interface Action<Target = void> {
  id: string;
  label: string;
  icon?: IconName;
  /** One key, as `KeyboardEvent.key` names it, or `Ctrl+k`. */
  shortcut?: string;
  /** For something that is on or off: whether it is on now. */
  isChecked?(): boolean;
  /** Red in menus. */
  isDangerous?: boolean;
  /** Null when it can be done now, else the reason why not, as a sentence. */
  disabledReason(target: Target): string | null;
  run(target: Target): void | Promise<void>;
}

/** `Ctrl K`, as a person reads it. */
export function shortcutLabel(shortcut: string): string {
  return shortcut.replace('Ctrl+k', 'Ctrl K').replace(/^[a-z]$/, (key) => key.toUpperCase());
}
