import { h, replaceChildren } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { ApiError } from '../../net/http.js';
import { errorDetail } from '../../state/report-error.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { OpenDialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import type { NameField } from './name-field.js';

export interface TaskFormOptions {
  title: string;
  testId: string;
  submitLabel: string;
  /** Absent: nothing is to be named. */
  name?: NameField;
  content: readonly Node[];
  /** A short line beside the buttons. */
  hint?: HTMLElement;
  /** Keeps the dialog open with its message when it throws. */
  send(): Promise<void>;
}

/** A dialog that begins long work: a name to check, choices, and the place for why it could not begin. */
export class TaskForm {
  readonly resources = new DisposableStore();
  private readonly error = h('div', {
    class: 'form-error',
    role: 'alert',
    hidden: true,
    'data-testid': 'task-error',
  });
  private readonly submit: HTMLButtonElement;
  private readonly dialog: OpenDialog;
  private isSending = false;
  private blockedBecause: string | null = null;

  constructor(private readonly options: TaskFormOptions) {
    this.submit = button({
      label: options.submitLabel,
      kind: 'primary',
      type: 'submit',
      testId: `${options.testId}-submit`,
    });
    this.dialog = openDialog({
      title: options.title,
      testId: options.testId,
      content: [...options.content, this.error],
      footer: [
        options.hint ?? h('span', { class: 'dialog-hint' }),
        button({ label: 'Cancel', onClick: () => this.dialog.close() }),
        this.submit,
      ],
      onSubmit: () => void this.go(),
      onClose: () => this.resources.dispose(),
    });
  }

  /** Why it cannot be begun now; null when it can. */
  block(reason: string | null): void {
    this.blockedBecause = reason;
    setDisabledReason(this.submit, reason);
  }

  private async go(): Promise<void> {
    this.error.hidden = true;
    if (this.isSending) return;
    const { name } = this.options;
    if (name && !name.check()) {
      name.field.control.focus();
      return;
    }
    if (this.blockedBecause !== null) {
      this.show(this.blockedBecause, null);
      return;
    }
    await this.send();
  }

  private async send(): Promise<void> {
    this.isSending = this.submit.disabled = true;
    try {
      await this.options.send();
      this.dialog.close();
    } catch (error) {
      this.fail(error);
    } finally {
      this.isSending = this.submit.disabled = false;
    }
  }

  /** What is wrong with the name stands beside it, the rest below. */
  private fail(error: unknown): void {
    if (!(error instanceof ApiError)) {
      this.show(`This page made a mistake: ${String(error)}`, null);
      return;
    }
    if (error.status === 401) return;
    const { name } = this.options;
    const ofName = error.fields.get('new_name') ?? (/NAME_TAKEN/.test(error.code) ? error.message : null);
    if (name && ofName !== null) {
      name.field.setProblem(ofName);
      name.field.control.focus();
    } else this.show([...error.fields.values()].join(' ') || error.message, errorDetail(error));
  }

  private show(message: string, detail: string | null): void {
    replaceChildren(
      this.error,
      icon('status-error'),
      h('p', null, message, detail === null ? null : h('code', null, detail)),
    );
    this.error.hidden = false;
    this.error.scrollIntoView({ block: 'nearest' });
  }
}
