import type { BlueprintVariable } from '../../../../src/contracts/blueprint.js';
import { h, setText, uniqueId } from '../../base/dom.js';
import { isUnusual, toBoolean, variableProblem } from '../../domain/variables.js';
import { button } from '../../ui/button.js';
import { field } from '../../ui/field.js';
import type { Control, Field } from '../../ui/field.js';
import { setIcon } from '../../ui/icon.js';

/** One variable of a blueprint as a field of its type, with a way back to what the blueprint takes. */
export class VariableField {
  readonly field: Field;
  private readonly note = h('p', { class: 'variable-note' });
  private readonly noteText = h('span');
  private readonly reset: HTMLButtonElement;
  private stored: string | null = null;

  /** @param value as it stands in the environment; undefined: not at all */
  constructor(
    readonly variable: BlueprintVariable,
    value: string | undefined,
  ) {
    const shown = value ?? variable.default;
    this.field = variable.type === 'boolean' ? booleanField(variable) : textLikeField(variable, shown);
    this.reset = button({
      label: `Back to the default of ${variable.name}`,
      icon: 'undo',
      isIconOnly: true,
      kind: 'quiet',
      testId: `variable-reset-${variable.name}`,
      onClick: () => this.takeDefault(),
    });
    this.note.append(this.noteText);
    this.field.root.classList.add('variable');
    this.field.root.append(this.note, this.reset);
    this.text = shown;
    for (const type of ['input', 'change'] as const)
      this.field.control.addEventListener(type, () => this.changed());
  }

  get text(): string {
    const { control } = this.field;
    if (isCheckbox(control)) return String(control.checked);
    const isNumber = this.variable.type === 'integer' || this.variable.type === 'number';
    return isNumber ? control.value.trim() : control.value;
  }

  set text(text: string) {
    const { control } = this.field;
    if (isCheckbox(control)) control.checked = toBoolean(text) === true;
    else control.value = text;
    this.showDefault();
  }

  /** Takes a value that was written elsewhere; a choice that the blueprint does not name is shown as such. */
  take(value: string): void {
    const { control } = this.field;
    if (control instanceof HTMLSelectElement) offerStranger(control, this.variable, value);
    this.text = value;
    this.check();
  }

  get problem(): string | null {
    return variableProblem(this.variable, this.text);
  }

  check(): void {
    this.field.setProblem(this.problem);
  }

  /** Marks that it says something else than what is stored. @param stored null: it says the same */
  mark(stored: string | null): void {
    this.field.root.classList.toggle('is-changed-field', stored !== null);
    this.stored = stored;
    this.showDefault();
  }

  private changed(): void {
    this.check();
    this.showDefault();
  }

  private takeDefault(): void {
    this.text = this.variable.default;
    this.field.control.dispatchEvent(new Event('input', { bubbles: true }));
    this.field.control.focus();
  }

  private showDefault(): void {
    const { variable, stored } = this;
    const isOther = isUnusual(variable, this.text);
    this.reset.hidden = !isOther;
    this.field.root.classList.toggle('is-usual', !isOther);
    const isSecret = variable.type === 'secret';
    const words = (value: string): string =>
      isSecret
        ? 'another secret'
        : variable.type === 'boolean'
          ? toBoolean(value) === true
            ? 'on'
            : 'off'
          : value;
    const parts = [
      stored === null ? null : `Stored: ${stored === '' ? 'nothing' : words(stored).slice(0, 120)}`,
      isOther && variable.default !== ''
        ? `Default: ${isSecret ? 'a secret' : words(variable.default)}`
        : null,
    ].filter((part) => part !== null);
    this.note.hidden = parts.length === 0;
    setText(this.noteText, parts.join(' · '));
  }
}

function isCheckbox(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && control.type === 'checkbox';
}

function labelOf({ name, description }: BlueprintVariable): HTMLElement {
  return h(
    'span',
    { class: 'variable-label' },
    description === '' ? null : h('span', { class: 'is-user-text' }, description),
    h('code', null, name),
  );
}

function booleanField(variable: BlueprintVariable): Field {
  const control = h('input', { type: 'checkbox', id: uniqueId('field'), 'data-testid': testIdOf(variable) });
  const root = h(
    'div',
    { class: 'field is-switch' },
    h('label', { class: 'choice' }, control, h('span', { class: 'choice-text' }, labelOf(variable))),
  );
  return { root, control, setProblem: () => undefined };
}

function textLikeField(variable: BlueprintVariable, value: string): Field {
  const control = variable.type === 'choice' ? choiceControl(variable, value) : inputFor(variable);
  const made = field({ label: '', control, testId: testIdOf(variable) });
  made.root.querySelector('.field-label')?.append(labelOf(variable));
  if (variable.type === 'secret' && control instanceof HTMLInputElement) addReveal(control, variable.name);
  return made;
}

function testIdOf({ name }: BlueprintVariable): string {
  return `variable-${name}`;
}

/** A value that is none of the choices, because somebody wrote it or the blueprint had it once, can stay and is seen. */
function choiceControl({ choices }: BlueprintVariable, value: string): HTMLSelectElement {
  const control = h('select', { class: 'input' });
  for (const choice of choices) control.append(h('option', { value: choice }, choice));
  offerStranger(control, { choices }, value);
  return control;
}

function offerStranger(
  control: HTMLSelectElement,
  { choices }: Pick<BlueprintVariable, 'choices'>,
  value: string,
): void {
  if (choices.includes(value) || [...control.options].some((option) => option.value === value)) return;
  control.append(h('option', { value }, `${value} (not among the choices)`));
}

function inputFor({ type, default: usual }: BlueprintVariable): HTMLInputElement {
  const isNumber = type === 'integer' || type === 'number';
  return h('input', {
    type: type === 'secret' ? 'password' : 'text',
    class: `input${type === 'string' ? '' : ' is-mono'}`,
    // A browser offers its own passwords otherwise, and to keep this one.
    autocomplete: type === 'secret' ? 'new-password' : 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    inputmode: isNumber ? (type === 'integer' ? 'numeric' : 'decimal') : null,
    placeholder: isNumber && usual !== '' ? usual : null,
  });
}

function addReveal(control: HTMLInputElement, name: string): void {
  const reveal = button({
    label: `Show ${name}`,
    icon: 'eye',
    isIconOnly: true,
    kind: 'quiet',
    testId: `variable-reveal-${name}`,
    attributes: { 'aria-pressed': 'false' },
    onClick: () => {
      const isShown = control.type === 'password';
      control.type = isShown ? 'text' : 'password';
      reveal.setAttribute('aria-pressed', String(isShown));
      const picture = reveal.querySelector('svg');
      if (picture) setIcon(picture, isShown ? 'eye-off' : 'eye');
    },
  });
  const holder = h('div', { class: 'secret' });
  control.replaceWith(holder);
  holder.append(control, reveal);
}
