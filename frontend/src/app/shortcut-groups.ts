import type { Action } from '../actions/action.js';
import { shortcutLabel } from '../actions/action.js';
import type { ActionRegistry } from '../actions/registry.js';
import type { ShortcutGroup } from '../features/palette/shortcuts-dialog.js';
import { TERMINAL_SHORTCUTS } from '../features/terminals/terminal-keys.js';

/** The list behind `?`. */
export function shortcutGroups(registry: ActionRegistry): ShortcutGroup[] {
  return [
    { title: 'Everywhere', entries: registry.globalActions().flatMap(entryOf) },
    { title: 'On the focused instance', entries: registry.instanceActions().flatMap(entryOf) },
    {
      title: 'Moving',
      entries: [
        { keys: '↑ ↓ Home End', label: 'Move between instances' },
        { keys: '→ ←', label: 'Show or hide what happened' },
        { keys: 'Alt ↑ ↓', label: 'Move the instance to another place' },
        { keys: 'Space', label: 'Select the instance; with Shift ↑ ↓ several' },
        { keys: 'Ctrl A', label: 'Select all that are shown; Esc clears' },
        { keys: 'Shift F10', label: 'All actions of the instance, as a right click' },
        { keys: 'F2', label: 'Rename; Enter on GPUs or port changes them' },
        { keys: 'Ctrl S', label: 'Save changes, with the focus in the table' },
        { keys: 'Ctrl F', label: 'Find in the log, script or terminal that is open' },
        { keys: 'F6', label: 'Go to the next pane, also out of a terminal or an application' },
        { keys: 'Esc', label: 'Close what is open' },
      ],
    },
    {
      title: 'In a script',
      entries: [
        { keys: 'Ctrl S', label: 'Save; with Shift also restart what runs' },
        { keys: 'Ctrl F', label: 'Find and replace' },
        { keys: 'F8', label: 'Go to the next finding; with Shift to the one before' },
        { keys: 'F7', label: 'Go to the next difference; with Shift to the one before' },
        { keys: 'Esc Tab', label: 'Leave the editor' },
      ],
    },
    { title: 'In a terminal', entries: TERMINAL_SHORTCUTS },
  ];
}

function entryOf<T>(action: Action<T>): { keys: string; label: string }[] {
  return action.shortcut
    ? [{ keys: shortcutLabel(action.shortcut), label: action.label.replace('…', '') }]
    : [];
}
