import type { TrashEntry } from '../../../../src/contracts/instance.js';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { formatBytes, plural } from '../../base/format.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { AdminApi } from '../../net/admin-api.js';
import type { Api } from '../../net/api.js';
import type { NoticeStore } from '../../state/notices.js';
import { reportFailure } from '../../state/report-error.js';
import type { TrashStore } from '../../state/trash.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { DeletionList } from './deletion-list.js';
import { TrashEntryView } from './trash-entry.js';
import '../../ui/late-styles.js';

export interface TrashHost {
  api: Api;
  notices: NoticeStore;
  trash: TrashStore;
}

/** Lists what was deleted, to bring it back or be rid of it, and how far deletions are. */
export function openTrashDialog(host: TrashHost): void {
  new TrashDialog(host);
}

class TrashDialog {
  private readonly admin: AdminApi;
  private readonly list = h('ul', { class: 'trash-list', 'data-testid': 'trash-list' });
  private readonly state = h('p', { class: 'trash-empty', role: 'status' }, 'Looking into the trash…');
  private readonly total = h('p', { class: 'dialog-hint', 'data-testid': 'trash-total' });
  private readonly deletions = new DeletionList();
  private readonly empty = button({
    label: 'Empty trash…',
    icon: 'trash',
    testId: 'trash-empty',
    onClick: () => void this.emptyAll(),
  });
  private readonly close = button({ label: 'Close', onClick: () => this.dialog.close() });
  private readonly dialog: OpenDialog;
  private readonly resources = new DisposableStore();
  private views: readonly TrashEntryView[] = [];
  private readonly sizes = new Map<string, number>();
  private revision = -1;
  private isClosed = false;

  constructor(private readonly host: TrashHost) {
    this.admin = new AdminApi(host.api);
    this.dialog = openDialog({
      title: 'Trash',
      testId: 'trash-dialog',
      content: [this.deletions.element, this.state, this.list],
      footer: [this.total, this.empty, this.close],
      onClose: () => {
        this.isClosed = true;
        this.resources.dispose();
      },
    });
    this.showTotal();
    this.resources.add(host.trash.state.watch((state) => this.follow(state)));
  }

  private follow({ revision, deletions }: TrashStore['state']['value']): void {
    this.deletions.show(deletions);
    if (revision === this.revision) return;
    this.revision = revision;
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    try {
      const entries = await this.host.api.trash();
      if (this.isClosed) return;
      this.show(entries);
      await this.measure();
    } catch (error) {
      this.state.hidden = false;
      setText(this.state, 'The trash could not be read.');
      reportFailure(this.host.notices, error);
    }
  }

  private show(entries: readonly TrashEntry[]): void {
    const hadFocus = this.list.contains(document.activeElement) || document.activeElement === document.body;
    const place = this.views.findIndex(({ element }) => element.contains(document.activeElement));
    this.state.hidden = entries.length > 0;
    setText(this.state, 'The trash is empty. Instances that you move here can be restored.');
    this.views = entries.map((entry) => {
      const known = entry.size_bytes ?? this.sizes.get(entry.name) ?? null;
      if (known !== null) this.sizes.set(entry.name, known);
      return new TrashEntryView(this, { ...entry, size_bytes: known });
    });
    replaceChildren(this.list, ...this.views.map(({ element }) => element));
    this.showTotal();
    // The focused line was written anew, or is gone: the one in its place, else the way out.
    if (hadFocus) (this.views[Math.min(Math.max(0, place), this.views.length - 1)] ?? this.close).focus();
  }

  /** One after the other; the list can be used meanwhile. */
  private async measure(): Promise<void> {
    const views = this.views;
    for (const view of views) {
      const { name, size_bytes: known } = view.entry;
      if (known !== null) continue;
      try {
        const { size_bytes: bytes } = await this.admin.trashSize(name);
        this.sizes.set(name, bytes);
        view.showSize(bytes);
      } catch {
        // Gone meanwhile, or too much to count: the line says nothing of its size, and nothing else is lost.
        view.hideSize();
      }
      if (this.isClosed || this.views !== views) return;
      this.showTotal();
    }
  }

  private showTotal(): void {
    const known = this.views.map(({ entry }) => this.sizes.get(entry.name));
    const bytes = known.reduce((sum: number, size) => sum + (size ?? 0), 0);
    const isWhole = known.every((size) => size !== undefined);
    const count = plural(this.views.length, 'entry', 'entries');
    setText(
      this.total,
      this.views.length === 0 ? '' : `${count}, ${isWhole ? '' : 'at least '}${formatBytes(bytes)}`,
    );
    setDisabledReason(this.empty, this.views.length === 0 ? 'The trash is empty.' : null);
  }

  async restore(entry: TrashEntry): Promise<void> {
    await this.attempt(() => this.host.api.restoreTrash(entry.name), `${entry.instance_name} is back.`);
  }

  async purge(entry: TrashEntry): Promise<void> {
    if (!(await confirmPurge(entry, this.sizes.get(entry.name) ?? null))) return;
    await this.attempt(
      () => this.host.api.deleteTrash(entry.name),
      `${entry.instance_name} was deleted for ever.`,
    );
  }

  private async emptyAll(): Promise<void> {
    const names = this.views.map(({ entry }) => entry.instance_name);
    if (!(await confirmEmpty(names, this.total.textContent))) return;
    await this.attempt(() => this.admin.emptyTrash(), 'The trash is empty.');
  }

  private async attempt(work: () => Promise<void>, said: string): Promise<void> {
    try {
      await work();
      this.host.notices.success(said);
    } catch (error) {
      reportFailure(this.host.notices, error);
      await this.refresh();
    }
  }
}

const MOST_NAMED = 8;

function confirmEmpty(names: readonly string[], total: string): Promise<boolean> {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const rest = names.length - MOST_NAMED;
  return confirmDialog({
    title: 'Empty the trash?',
    testId: 'confirm-empty',
    paragraphs: [
      `These are deleted for ever, with environments, settings and logs: ${named}${rest > 0 ? ` and ${String(rest)} more` : ''}.`,
      `That is ${total}. It cannot be undone, and there is no copy. What they made in their output folders stays where it is.`,
    ],
    confirmLabel: 'Empty trash',
    cancelLabel: 'Keep them',
  });
}

function confirmPurge(entry: TrashEntry, sizeBytes: number | null): Promise<boolean> {
  const size = sizeBytes === null ? '' : ` (${formatBytes(sizeBytes)})`;
  return confirmDialog({
    title: `Delete ${entry.instance_name} for ever?`,
    testId: 'confirm-purge',
    paragraphs: [
      `Its folder${size}, with environment, settings and log, is deleted from the trash. This cannot be undone.`,
    ],
    confirmLabel: 'Delete for ever',
    cancelLabel: 'Keep it',
  });
}
