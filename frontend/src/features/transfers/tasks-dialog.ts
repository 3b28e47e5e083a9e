import type { Operation } from '../../../../src/contracts/operation.js';
import type { Deletion } from '../../../../src/contracts/trash.js';
import { h } from '../../base/dom.js';
import { formatBytes } from '../../base/format.js';
import { DisposableStore, everyVisible } from '../../base/lifecycle.js';
import { isEnded, verbOf } from '../../domain/operation.js';
import { reportFailure } from '../../state/report-error.js';
import { button } from '../../ui/button.js';
import { confirmDialog, openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { nextStep } from './next-step.js';
import { OperationLine } from './operation-line.js';
import type { TransferHost } from './transfer-host.js';
import { UploadList } from './upload-list.js';
import '../../ui/late-styles.js';

/** Draws what is being deleted; the trash knows how. */
export interface DeletionLines {
  readonly element: HTMLElement;
  show(deletions: readonly Deletion[]): void;
}

/** Opens the list of all long work: what is under way, and what has ended lately. */
export function openTasksDialog(host: TransferHost, deletions: DeletionLines): void {
  new TasksDialog(host, deletions);
}

const TICK_MS = 1000;

class TasksDialog {
  private readonly resources = new DisposableStore();
  private readonly list = h('ul', { class: 'tasks', 'aria-label': 'Tasks', 'data-testid': 'operations' });
  private readonly lines = new Map<string, OperationLine>();
  private readonly empty = h(
    'p',
    { class: 'trash-empty', 'data-testid': 'tasks-empty' },
    'Nothing is under way. Clones, exports, imports and deletions show here how far they are.',
  );
  private readonly uploads: UploadList;
  private readonly close = button({
    label: 'Close',
    attributes: { autofocus: true },
    onClick: () => this.leave(),
  });
  private readonly dialog: OpenDialog;

  constructor(
    private readonly host: TransferHost,
    private readonly deletions: DeletionLines,
  ) {
    this.uploads = this.resources.add(new UploadList(host.uploads));
    this.dialog = openDialog({
      title: 'Tasks',
      testId: 'tasks-dialog',
      content: [this.empty, this.uploads.element, this.list, deletions.element],
      footer: [
        h('span', { class: 'dialog-hint' }, 'They go on when this page is closed.'),
        button({
          label: 'Archives…',
          icon: 'archive',
          testId: 'tasks-archives',
          onClick: () => this.leave(() => host.openArchives()),
        }),
        this.close,
      ],
      onClose: () => this.resources.dispose(),
    });
    const show = () => this.show();
    this.resources.add(host.transfers.operations.on(show));
    this.resources.add(host.trash.state.on(show));
    this.resources.add(host.uploads.list.on(show));
    this.resources.add(everyVisible(TICK_MS, () => this.tick()));
    this.show();
  }

  private leave(then?: () => void): void {
    this.dialog.close();
    then?.();
  }

  private show(): void {
    const operations = this.host.transfers.operations.value;
    const { deletions } = this.host.trash.state.value;
    const hadFocus = this.list.contains(document.activeElement);
    const wanted = new Set(operations.map(({ id }) => id));
    for (const [id, { element }] of this.lines) {
      if (wanted.has(id)) continue;
      element.remove();
      this.lines.delete(id);
    }
    for (const [place, operation] of operations.entries()) this.put(operation, place);
    this.list.hidden = operations.length === 0;
    this.deletions.show(deletions);
    this.empty.hidden = operations.length + deletions.length + this.host.uploads.list.value.length > 0;
    this.tick();
    if (hadFocus && !this.list.contains(document.activeElement)) this.close.focus();
  }

  private put(operation: Operation, place: number): void {
    const line = this.lines.get(operation.id) ?? new OperationLine(this, operation);
    if (this.lines.has(operation.id)) line.update(operation);
    this.lines.set(operation.id, line);
    const there = this.list.children[place];
    // Who stands right is not moved: that would take the focus from its buttons.
    if (there !== line.element) this.list.insertBefore(line.element, there ?? null);
  }

  private tick(): void {
    const now = Date.now();
    for (const operation of this.host.transfers.operations.value)
      this.lines.get(operation.id)?.tick(operation, now);
  }

  cancel(operation: Operation): void {
    void this.end(operation, true);
  }

  dismiss(operation: Operation): void {
    void this.end(operation, false);
  }

  next(operation: Operation): { label: string; run: () => void }[] {
    if (operation.phase !== 'done') return [];
    const step = nextStep(this.host, operation);
    const steps = [{ label: step.label, run: step.run }];
    if (operation.kind === 'export')
      return [...steps, { label: 'Show archives', run: () => this.leave(() => this.host.openArchives()) }];
    const instance = operation.instance_id === null ? null : this.host.instances.get(operation.instance_id);
    if (instance) steps.push({ label: 'Show', run: () => this.leave(() => this.host.reveal(instance)) });
    return steps;
  }

  private async end(operation: Operation, isAsked: boolean): Promise<void> {
    if (isAsked && hasWork(operation) && !(await confirmCancel(operation))) return;
    // It may have ended while the question stood there: then there is nothing to cancel, and its outcome is to be read.
    const now = this.host.transfers.operations.value.find(({ id }) => id === operation.id);
    if (isAsked && (now === undefined || isEnded(now))) return;
    try {
      await this.host.transferApi.endOperation(operation.id);
    } catch (error) {
      reportFailure(this.host.notices, error);
    }
  }
}

function hasWork({ phase, done_bytes: bytes }: Operation): boolean {
  return phase !== 'waiting' && bytes > 0;
}

function confirmCancel(operation: Operation): Promise<boolean> {
  const { done_bytes: bytes, kind, source } = operation;
  return confirmDialog({
    title: `Cancel ${verbOf(kind)} ${source}?`,
    testId: 'confirm-cancel-operation',
    paragraphs: [
      `${formatBytes(bytes)} are done already, and are thrown away. ${kind === 'import' ? 'The archive' : source} stays as it is.`,
    ],
    confirmLabel: 'Cancel it',
    cancelLabel: 'Go on',
  });
}
