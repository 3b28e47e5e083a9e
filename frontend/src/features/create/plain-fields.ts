import type { RestartPolicy } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';

/** A line of text. */
export function textField(
  label: string,
  testId: string,
  value: string,
  hint?: string,
): Field<HTMLInputElement> {
  const control = h('input', { type: 'text', class: 'input', autocomplete: 'off', spellcheck: 'false' });
  control.value = value;
  return field({ label, control, testId, ...(hint === undefined ? {} : { hint }) });
}

/** The application's own port. */
export function numberField(port: number | null): Field<HTMLInputElement> {
  const control = h('input', {
    type: 'text',
    inputmode: 'numeric',
    class: 'input is-mono',
    placeholder: 'chosen by AiKore',
  });
  control.value = port === null ? '' : String(port);
  return field({ label: 'Port of the application', control, testId: 'field-port' });
}

const RESTART_POLICIES: readonly (readonly [RestartPolicy, string])[] = [
  ['no', 'Leave it ended'],
  ['on-failure', 'Start it again when it failed'],
  ['always', 'Start it again however it ended'],
];

/** What AiKore does when the application ends by itself. */
export function restartPolicyField(present: RestartPolicy): Field<HTMLSelectElement> {
  const options = RESTART_POLICIES.map(([value, label]) => h('option', { value }, label));
  const control = h('select', { class: 'input' }, ...options);
  control.value = present;
  return field({
    label: 'When it ends by itself',
    control,
    testId: 'field-restart-policy',
    hint: 'A restart comes at once, the next ones after growing pauses, five within ten minutes at most.',
  });
}
