import { h, setAttribute, setText, uniqueId } from '../base/dom.js';
import type { Child } from '../base/dom.js';

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Field<C extends HTMLElement = Control> {
  root: HTMLElement;
  control: C;
  /** Shows what is wrong beside the control, or takes it away for null. */
  setProblem(problem: string | null): void;
}

export interface FieldOptions<C extends HTMLElement> {
  label: string;
  control: C;
  hint?: string;
  testId: string;
}

/** A label, its control, a hint and the place for what is wrong. */
export function field<C extends Control>(options: FieldOptions<C>): Field<C> {
  const { control } = options;
  control.id = uniqueId('field');
  const label = h('label', { class: 'field-label', for: control.id }, options.label);
  return build(options, label);
}

/** The same for a group of controls. */
export function fieldGroup<C extends HTMLElement>(options: FieldOptions<C>): Field<C> {
  const label = h('span', { class: 'field-label', id: uniqueId('group') }, options.label);
  options.control.setAttribute('role', options.control.getAttribute('role') ?? 'group');
  options.control.setAttribute('aria-labelledby', label.id);
  return build(options, label);
}

function build<C extends HTMLElement>(options: FieldOptions<C>, label: HTMLElement): Field<C> {
  const { control } = options;
  const problem = h('p', {
    class: 'field-problem',
    id: uniqueId('problem'),
    'data-testid': `${options.testId}-problem`,
  });
  const hint = options.hint ? h('p', { class: 'field-hint', id: uniqueId('hint') }, options.hint) : null;
  problem.hidden = true;
  problem.setAttribute('aria-live', 'polite');
  setAttribute(control, 'data-testid', options.testId);
  setAttribute(control, 'aria-describedby', [hint?.id, problem.id].filter(Boolean).join(' '));
  const setProblem = (text: string | null) => {
    problem.hidden = text === null;
    setText(problem, text ?? '');
    setAttribute(control, 'aria-invalid', text === null ? null : 'true');
  };
  // What was wrong with the old value need not be wrong with the new one.
  control.addEventListener('input', () => setProblem(null));
  return { root: h('div', { class: 'field' }, label, control, hint, problem), control, setProblem };
}

/** A checkbox with its label at its right. */
export function checkbox(
  label: Child,
  isChecked: boolean,
  testId: string,
  hint?: string,
): {
  root: HTMLElement;
  control: HTMLInputElement;
} {
  const control = h('input', { type: 'checkbox', 'data-testid': testId });
  control.checked = isChecked;
  const text = h('span', { class: 'choice-text' }, label, hint ? h('small', null, hint) : null);
  return { root: h('label', { class: 'choice' }, control, text), control };
}
