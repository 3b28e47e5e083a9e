import type { Operation } from '../../../../src/contracts/operation.js';
import { h, replaceChildren, setAttribute, setText } from '../../base/dom.js';
import { ageMs, formatAge, formatBytes, formatExact } from '../../base/format.js';
import {
  briefly,
  isEnded,
  longTitle,
  operationProgress,
  outcomeSentence,
  sharedNote,
} from '../../domain/operation.js';
import { TransferRate } from '../../domain/transfer-rate.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import type { IconName } from '../../ui/icon.js';
import { ProgressBar } from '../../ui/progress.js';

export interface OperationLineHost {
  cancel(operation: Operation): void;
  dismiss(operation: Operation): void;
  /** What one does next; null when there is nothing to do. */
  next(operation: Operation): { label: string; run: () => void }[];
}

const ENDS: Partial<Record<Operation['phase'], { symbol: IconName; meaning: string }>> = {
  done: { symbol: 'check', meaning: 'fine' },
  failed: { symbol: 'status-error', meaning: 'failed' },
  cancelled: { symbol: 'status-stopped', meaning: 'quiet' },
};

/** One operation in the list of tasks: how far it is, or what became of it and what one does next. */
export class OperationLine {
  private readonly title = h('strong', { class: 'is-user-text' });
  private readonly when = h('small', null);
  private readonly body = h('div', { class: 'task-body' });
  private readonly buttons = h('div', { class: 'task-buttons' });
  private readonly shared = h('small', { class: 'task-shared' });
  private readonly rate = new TransferRate();
  private readonly dismiss = button({
    label: 'Dismiss',
    icon: 'close',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'operation-dismiss',
    onClick: () => this.host.dismiss(this.operation),
  });
  private bar: ProgressBar | null = null;
  /** What its buttons were drawn for. */
  private drawnFor = '';
  readonly element = h(
    'li',
    { class: 'task', 'data-testid': 'operation' },
    h('div', { class: 'task-head' }, this.title, this.when, this.dismiss),
    this.body,
    this.shared,
    this.buttons,
  );

  constructor(
    private readonly host: OperationLineHost,
    private operation: Operation,
  ) {
    this.update(operation);
  }

  update(operation: Operation): void {
    this.operation = operation;
    const { phase, subject } = operation;
    setAttribute(this.element, 'data-phase', phase);
    setAttribute(this.element, 'data-subject', subject);
    setText(this.title, longTitle(operation));
    setText(this.shared, sharedNote(operation));
    this.shared.hidden = operation.shared_bytes === 0;
    if (isEnded(operation)) this.showEnd(operation);
    else this.showProgress(operation);
    this.drawButtons(operation);
  }

  /** Time goes on without news. */
  tick(operation: Operation, nowMs: number): void {
    const at = operation.ended_at ?? operation.started_at;
    const age = ageMs(at, nowMs);
    setAttribute(this.when, 'data-tip', formatExact(at));
    const words = age === null ? '' : formatAge(age);
    setText(this.when, operation.ended_at === null ? `for ${words}` : `${words} ago`);
  }

  private showProgress(operation: Operation): void {
    this.rate.add(operation.done_bytes, performance.now());
    const progress = operationProgress(operation, this.rate.bytesPerSecond);
    if (this.bar) {
      this.bar.update(progress);
      return;
    }
    this.bar = new ProgressBar(progress, 'operation-progress');
    replaceChildren(this.body, this.bar.element);
  }

  private showEnd(operation: Operation): void {
    const { phase, done_bytes: bytes } = operation;
    const look = ENDS[phase];
    if (!look || this.drawnFor === phase) return;
    this.bar = null;
    const size = phase === 'done' && bytes > 0 ? ` ${formatBytes(bytes)}.` : '';
    replaceChildren(
      this.body,
      h(
        'p',
        {
          class: 'task-outcome is-user-text',
          'data-meaning': look.meaning,
          'data-testid': 'operation-outcome',
        },
        icon(look.symbol),
        h('span', null, outcomeSentence(operation), size),
      ),
    );
  }

  /** Drawn once for each phase that has other ones, so that the focus stays. */
  private drawButtons(operation: Operation): void {
    const key = isEnded(operation) ? operation.phase : 'under way';
    if (key === this.drawnFor) return;
    const hadFocus = this.buttons.contains(document.activeElement);
    this.drawnFor = key;
    const name = briefly(operation.subject);
    const isOver = isEnded(operation);
    this.dismiss.hidden = !isOver;
    setAttribute(this.dismiss, 'aria-label', `Dismiss: ${name}`);
    const list = isOver
      ? this.host
          .next(operation)
          .map(({ label, run }) =>
            button({ label, testId: 'operation-next', attributes: named(label, name), onClick: run }),
          )
      : [
          button({
            label: 'Cancel',
            testId: 'operation-cancel',
            attributes: named('Cancel', name),
            onClick: () => this.host.cancel(this.operation),
          }),
        ];
    this.buttons.hidden = list.length === 0;
    replaceChildren(this.buttons, ...list);
    if (hadFocus) (list[0] ?? this.dismiss).focus();
  }
}

function named(label: string, name: string): Record<string, string> {
  return { 'aria-label': `${label}: ${name}` };
}
