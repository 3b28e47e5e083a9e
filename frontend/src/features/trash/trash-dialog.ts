import type { TrashEntry } from '../../../../src/contracts/instance.js';
import { h, replaceChildren } from '../../base/dom.js';
import { ageMs, formatAge, formatExact } from '../../base/format.js';
import { blueprintLabel } from '../../domain/blueprint.js';
import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';

export interface TrashHost {
  api: Api;
  notices: NoticeStore;
}

/** Lists what was deleted, to bring it back or be rid of it. */
export function openTrashDialog(host: TrashHost): void {
  const list = h('ul', { class: 'trash-list', 'data-testid': 'trash-list' });
  const state = h('p', { class: 'trash-empty', role: 'status' }, 'Looking into the trash…');
  openDialog({ title: 'Trash', testId: 'trash-dialog', content: [state, list] });
  void refresh(host, list, state);
}

async function refresh(host: TrashHost, list: HTMLElement, state: HTMLElement): Promise<void> {
  try {
    const entries = await host.api.trash();
    state.hidden = entries.length > 0;
    state.textContent = 'The trash is empty. Instances that you move here can be restored.';
    replaceChildren(
      list,
      ...entries.map((entry) => entryElement(host, entry, () => void refresh(host, list, state))),
    );
  } catch (error) {
    state.textContent = 'The trash could not be read.';
    reportFailure(host.notices, error);
  }
}

function entryElement(host: TrashHost, entry: TrashEntry, onChange: () => void): HTMLElement {
  const age = ageMs(entry.deleted_at, Date.now());
  const note = [
    entry.base_blueprint === null ? null : blueprintLabel(entry.base_blueprint),
    age === null ? null : `deleted ${formatAge(age)} ago`,
  ].filter(Boolean);
  const attempt = async (work: () => Promise<void>, said: string) => {
    try {
      await work();
      host.notices.success(said);
    } catch (error) {
      reportFailure(host.notices, error);
    }
    onChange();
  };
  return h(
    'li',
    { class: 'trash-entry', 'data-testid': 'trash-entry', 'data-name': entry.instance_name },
    h(
      'div',
      { class: 'trash-text' },
      h('strong', null, entry.instance_name),
      h('small', { 'data-tip': formatExact(entry.deleted_at) }, note.join(' · ')),
    ),
    button({
      label: 'Restore',
      icon: 'restart',
      testId: 'trash-restore',
      onClick: () => void attempt(() => host.api.restoreTrash(entry.name), `${entry.instance_name} is back.`),
    }),
    button({
      label: 'Delete for ever',
      icon: 'trash',
      kind: 'quiet',
      testId: 'trash-delete',
      onClick: () =>
        void confirmPurge(entry).then((isSure) => {
          if (isSure)
            void attempt(
              () => host.api.deleteTrash(entry.name),
              `${entry.instance_name} was deleted for ever.`,
            );
        }),
    }),
  );
}

function confirmPurge(entry: TrashEntry): Promise<boolean> {
  return confirmDialog({
    title: `Delete ${entry.instance_name} for ever?`,
    testId: 'confirm-purge',
    paragraphs: [
      'Its folder, with environment, settings and log, is deleted from the trash. This cannot be undone.',
    ],
    confirmLabel: 'Delete for ever',
    cancelLabel: 'Keep it',
  });
}
