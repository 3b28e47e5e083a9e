import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { field } from '../../ui/field.js';
import { openOneValueDialog } from './one-value-dialog.js';

/** Asks for the value of a variable that an application misses, most often a token: it is not shown while it is typed. */
export function openVariableDialog(
  instance: Instance,
  variable: string,
  apply: (value: string) => Promise<void>,
): void {
  const control = h('input', {
    type: 'password',
    class: 'input is-mono',
    autocomplete: 'off',
    spellcheck: 'false',
    autofocus: true,
  });
  openOneValueDialog({
    title: `Set ${variable} for ${instance.name}`,
    testId: 'variable-dialog',
    lead: 'It is kept with the environment of this instance, where everybody who can read its settings sees it. The instance is started again with it.',
    field: field({ label: variable, control, testId: 'field-variable' }),
    submitLabel: 'Save and start',
    problem: () => (control.value.trim() === '' ? `Give ${variable} a value.` : null),
    apply: () => apply(control.value.trim()),
  });
}
