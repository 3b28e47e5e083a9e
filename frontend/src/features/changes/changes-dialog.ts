import { h, replaceChildren } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { plural } from '../../base/format.js';
import { conflictsOf, wantsRestart } from '../../domain/pending.js';
import type { Api } from '../../net/api.js';
import { ApiError } from '../../net/http.js';
import { discardChanges } from '../../state/discard-changes.js';
import type { InstanceStore } from '../../state/instances.js';
import type { NoticeStore } from '../../state/notices.js';
import type { PendingChanges } from '../../state/pending-changes.js';
import { errorDetail, reportFailure } from '../../state/report-error.js';
import { saveChanges } from '../../state/save-changes.js';
import type { SaveOutcome } from '../../state/save-changes.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { changeGroup } from './change-list.js';

export interface ChangesHost {
  api: Api;
  instances: InstanceStore;
  notices: NoticeStore;
  pending: PendingChanges;
}

/** Shows every change that waits, old and new, and what restarts for it; saves them. */
export function openChangesDialog(host: ChangesHost): void {
  if (host.pending.count > 0) new ChangesDialog(host);
}

class ChangesDialog {
  private readonly resources = new DisposableStore();
  private readonly list = h('div', { class: 'change-list', 'data-testid': 'change-list' });
  private readonly restart = button({
    label: 'Save and restart',
    icon: 'restart',
    testId: 'changes-save-restart',
    onClick: () => void this.save(true),
  });
  private readonly submit = button({
    label: 'Save',
    kind: 'primary',
    type: 'submit',
    testId: 'changes-save',
    attributes: { autofocus: true },
  });
  private readonly dialog: OpenDialog;
  private isSaving = false;

  constructor(private readonly host: ChangesHost) {
    this.draw();
    this.dialog = openDialog({
      title: 'Save changes',
      testId: 'changes-dialog',
      content: [this.list],
      footer: [
        button({
          label: 'Discard all',
          kind: 'quiet',
          testId: 'changes-discard',
          onClick: () => discardChanges(host.pending, host.notices),
        }),
        h('span', { class: 'dialog-hint' }),
        button({ label: 'Cancel', testId: 'changes-cancel', onClick: () => this.dialog.close() }),
        this.restart,
        this.submit,
      ],
      onSubmit: () => void this.save(false),
      onClose: () => this.resources.dispose(),
    });
    this.resources.add(host.pending.on(() => this.changed()));
    this.resources.add(host.instances.on(() => this.showRestarts()));
  }

  private changed(): void {
    // While they are being stored they go one by one; the dialog closes when all of them have an answer.
    if (this.host.pending.count === 0 && !this.isSaving) this.dialog.close();
    else this.draw();
  }

  private draw(): void {
    const { pending, instances } = this.host;
    const focused = testIdPath(document.activeElement);
    const groups = [...pending.all].flatMap(([id, row]) => {
      const instance = instances.get(id);
      return instance ? [changeGroup(instance, row, pending)] : [];
    });
    replaceChildren(this.list, ...groups);
    if (focused !== null) this.list.querySelector<HTMLElement>(focused)?.focus();
    this.showRestarts();
  }

  private showRestarts(): void {
    const { pending, instances } = this.host;
    const count = [...pending.all].filter(([id, row]) => {
      const instance = instances.get(id);
      return instance !== null && wantsRestart(instance, row);
    }).length;
    this.restart.hidden = count === 0;
    if (this.restart.lastElementChild)
      this.restart.lastElementChild.textContent = `Save and restart ${plural(count, 'that runs', 'that run')}`;
  }

  private async save(isRestarting: boolean): Promise<void> {
    if (this.isSaving) return;
    const { pending } = this.host;
    if ([...pending.all.values()].some((row) => conflictsOf(row).length > 0)) {
      this.list.querySelector<HTMLElement>('[data-testid="change-theirs"]')?.focus();
      return;
    }
    this.setSaving(true);
    try {
      const nameOf = (id: number) => this.host.instances.get(id)?.name ?? 'It';
      tell(this.host.notices, await saveChanges({ ...this.host, nameOf }, isRestarting));
    } finally {
      this.setSaving(false);
    }
    this.changed();
  }

  private setSaving(isSaving: boolean): void {
    this.isSaving = isSaving;
    this.submit.disabled = isSaving;
    this.restart.disabled = isSaving;
  }
}

function testIdPath(element: Element | null): string | null {
  const change = element?.closest<HTMLElement>('.change');
  const field = change?.dataset['field'];
  const name = change?.closest<HTMLElement>('.change-group')?.dataset['name'];
  if (field === undefined || name === undefined) return null;
  return `[data-name="${CSS.escape(name)}"] [data-field="${CSS.escape(field)}"] button`;
}

/** One message for all that was stored, and one for each that was not. */
function tell(notices: NoticeStore, { saved, conflicted, failed, restarted }: SaveOutcome): void {
  if (saved.length > 0) {
    const changes = plural(
      saved.reduce((sum, { changeCount }) => sum + changeCount, 0),
      'change',
    );
    const whose = saved.length === 1 ? (saved[0]?.instance.name ?? '') : plural(saved.length, 'instance');
    const after = restarted.length > 0 ? `, restarting ${restarted.map(({ name }) => name).join(', ')}` : '';
    const waiting = saved.filter(({ instance }) => instance.pending_restart).length - restarted.length;
    const rest = waiting > 0 ? ' Restart to apply what counts at a start only.' : '';
    notices.success(`Saved ${changes} of ${whose}${after}.${rest}`);
  }
  for (const { name } of conflicted) {
    const message = `${name} was not saved: somebody else changed the same meanwhile. Choose whose value is to stay.`;
    notices.add({ level: 'warning', message });
  }
  for (const { name, error } of failed) {
    if (error instanceof ApiError && error.fields.size > 0) {
      const message = `${name} was not saved: ${[...error.fields.values()].join(' ')}`;
      notices.add({ level: 'error', message, detail: errorDetail(error) });
    } else reportFailure(notices, error, `${name} was not saved: `);
  }
}
