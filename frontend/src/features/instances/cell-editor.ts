import { h, setAttribute, setText, uniqueId } from '../../base/dom.js';

export interface CellEditorOptions {
  /** The element that the editor covers. */
  cell: HTMLElement;
  label: string;
  value: string;
  isNumeric?: boolean;
  testId: string;
  /** What is wrong with a text, as a sentence, or null. */
  check(text: string): string | null;
  commit(text: string): void;
  /** The editor is gone. @param isByKey by Enter or Esc, so that the focus belongs back to the row */
  done(isByKey: boolean): void;
}

/** A field over a cell. Enter and leaving it take the text over, Esc leaves everything as it was. */
export function openCellEditor(options: CellEditorOptions): void {
  const { cell } = options;
  const problem = h('p', { class: 'cell-problem', id: uniqueId('problem'), role: 'alert', hidden: true });
  const input = h('input', {
    type: 'text',
    class: 'input cell-editor',
    'aria-label': options.label,
    'aria-describedby': problem.id,
    autocomplete: 'off',
    spellcheck: 'false',
    inputmode: options.isNumeric === true ? 'numeric' : null,
    'data-testid': options.testId,
  });
  input.value = options.value;
  // The editor reaches beyond its cell, and what is wrong beyond its row.
  const surroundings = [cell.closest('.cell'), cell.closest('.row')];
  let isDone = false;
  const finish = (isTaking: boolean, isByKey: boolean) => {
    if (isDone) return;
    isDone = true;
    for (const around of surroundings) around?.classList.remove('has-editor');
    cell.classList.remove('is-editing');
    input.remove();
    problem.remove();
    if (isTaking && input.value !== options.value) options.commit(input.value);
    options.done(isByKey);
  };
  const show = (): boolean => {
    const sentence = input.value === options.value ? null : options.check(input.value);
    problem.hidden = sentence === null;
    setText(problem, sentence ?? '');
    setAttribute(input, 'aria-invalid', sentence === null ? null : 'true');
    return sentence === null;
  };
  input.addEventListener('input', () => show());
  input.addEventListener('dblclick', (event) => event.stopPropagation());
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') finish(false, true);
    else if (show()) finish(true, true);
  });
  // A text that cannot be stored is not kept without a place to say so.
  input.addEventListener('blur', () => finish(show(), false));
  for (const around of surroundings) around?.classList.add('has-editor');
  cell.classList.add('is-editing');
  cell.append(input, problem);
  input.focus();
  input.select();
}
