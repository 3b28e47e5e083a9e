import { h } from '../../base/dom.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { parseGoal } from './times/moment.js';
import type { Goal } from './times/moment.js';

/**
 * Asks where to go in a log.
 * @param nearMs when it ended, or now: a time without a day is the last one before
 */
export function openGoDialog(nearMs: number, go: (goal: Goal) => void): void {
  const control = h('input', {
    class: 'input',
    autofocus: true,
    placeholder: '14:30 or 50 %',
    maxlength: 30,
  });
  const place = field({
    label: 'Time or place',
    control,
    hint: 'A time such as 14:30 or 2026-11-20 14:30, or a part of the log such as 50 %.',
    testId: 'log-go-field',
  });
  const submit = (): void => {
    const goal = parseGoal(control.value, nearMs);
    place.setProblem(goal ? null : 'Give a time such as 14:30, or a part such as 50 %.');
    if (!goal) return;
    dialog.close();
    go(goal);
  };
  const dialog = openDialog({
    title: 'Go to a place in the log',
    testId: 'log-go-dialog',
    width: 'narrow',
    content: [place.root],
    footer: [
      button({ label: 'Cancel', onClick: () => dialog.close() }),
      button({ label: 'Go', kind: 'primary', type: 'submit', testId: 'log-go-submit' }),
    ],
    onSubmit: submit,
  });
}
