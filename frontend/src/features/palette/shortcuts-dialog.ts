import { h } from '../../base/dom.js';
import { openDialog } from '../../ui/dialog.js';

export interface ShortcutGroup {
  title: string;
  entries: readonly { keys: string; label: string }[];
}

/** Lists the keys there are. */
export function openShortcutsDialog(groups: readonly ShortcutGroup[]): void {
  openDialog({
    title: 'Keyboard shortcuts',
    testId: 'shortcuts-dialog',
    isReadOnly: true,
    content: groups.map(({ title, entries }) =>
      h(
        'section',
        { class: 'shortcuts' },
        h('h3', null, title),
        h(
          'dl',
          null,
          ...entries.flatMap(({ keys, label }) => [
            h('dt', null, h('kbd', null, keys)),
            h('dd', null, label),
          ]),
        ),
      ),
    ),
  });
}
