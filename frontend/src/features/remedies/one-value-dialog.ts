import { h } from '../../base/dom.js';
import { ApiError } from '../../net/http.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import type { Field } from '../../ui/field.js';

export interface OneValueOptions {
  title: string;
  testId: string;
  lead: string;
  field: Field<HTMLElement>;
  submitLabel: string;
  /** @returns a sentence about what is wrong with the value, or null */
  problem(): string | null;
  /** Keeps the dialog open with its message when it throws. */
  apply(): Promise<void>;
}

/** A dialog that asks for one value, applies it, and shows beside the field why it could not. */
export function openOneValueDialog(options: OneValueOptions): void {
  const { field } = options;
  const submit = button({
    label: options.submitLabel,
    kind: 'primary',
    type: 'submit',
    testId: `${options.testId}-submit`,
  });
  const apply = async (): Promise<void> => {
    const problem = options.problem();
    field.setProblem(problem);
    if (problem !== null || submit.disabled) return;
    submit.disabled = true;
    try {
      await options.apply();
      dialog.close();
    } catch (error) {
      field.setProblem(error instanceof ApiError ? error.message : String(error));
    } finally {
      submit.disabled = false;
    }
  };
  const dialog = openDialog({
    title: options.title,
    testId: options.testId,
    width: 'narrow',
    content: [h('p', null, options.lead), field.root],
    footer: [button({ label: 'Cancel', onClick: () => dialog.close() }), submit],
    onSubmit: () => void apply(),
  });
}
