import type { BlueprintVariable } from '../../../../src/contracts/blueprint.js';
import { h, replaceChildren, setText } from '../../base/dom.js';
import { plural } from '../../base/format.js';
import { formatEnvLines, parseEnvLines } from '../../domain/env-lines.js';
import { describeSetting, isSameSetting } from '../../domain/settings.js';
import { isUnusual, partEnv, valueToStore } from '../../domain/variables.js';
import { field } from '../../ui/field.js';
import type { Field } from '../../ui/field.js';
import { VariableField } from './variable-field.js';

type Env = Readonly<Record<string, string>>;

/** With more of them the part stays folded until it is wanted. */
const MOST_UNFOLDED = 4;

/**
 * The environment of an instance: what its blueprint declares as fields, everything else as lines of text. A variable is in one of
 * the two: one that is typed as a line goes to its field when the text is left.
 */
export class EnvFields {
  readonly variables: HTMLDetailsElement;
  readonly text: Field<HTMLTextAreaElement>;
  private readonly summary = h('span', { class: 'summary-note', 'data-testid': 'variables-summary' });
  private readonly list = h('div', { class: 'variables' });
  private readonly was = h('p', { class: 'field-was', 'data-testid': 'was-env', hidden: true });
  private fields: VariableField[] = [];
  private declared: readonly BlueprintVariable[] = [];

  /**
   * @param stored what is stored, or nothing for a new one
   * @param shown what the fields hold at first
   */
  constructor(
    private readonly stored: Env,
    shown: Env,
  ) {
    this.text = textField();
    this.text.control.value = formatEnvLines(shown);
    this.text.root.append(this.was);
    this.text.control.addEventListener('input', () => this.check());
    this.text.control.addEventListener('change', () => this.absorb());
    this.variables = h(
      'details',
      { class: 'advanced', 'data-testid': 'variables', hidden: true },
      h('summary', null, 'Options', this.summary),
      this.list,
    );
    this.list.addEventListener('input', () => this.showSummary());
    this.list.addEventListener('change', () => this.showSummary());
  }

  /** Offers the variables of a blueprint. What was set of another one stays where both have it, by name, and goes otherwise. */
  declare(variables: readonly BlueprintVariable[]): void {
    // Told again: what is being typed stays as it is.
    if (isSameSetting(variables, this.declared)) return;
    const names = new Set(variables.map(({ name }) => name));
    const gone = new Set(this.declared.map(({ name }) => name).filter((name) => !names.has(name)));
    const env = Object.entries(this.values()).filter(([name]) => !gone.has(name));
    this.declared = variables;
    this.show(Object.fromEntries(env));
    this.variables.hidden = variables.length === 0;
    this.variables.open =
      this.variables.open || variables.length <= MOST_UNFOLDED || this.fields.some((one) => isSet(one));
  }

  /** What is to be stored. Lines that cannot be read count as none: `check` says so. */
  values(): Record<string, string> {
    const parsed = parseEnvLines(this.text.control.value);
    const lines = parsed.ok ? parsed.env : {};
    const env: [string, string][] = Object.entries(lines);
    for (const { variable, text } of this.fields) {
      // A line that was typed and not left yet is the newer word.
      if (Object.hasOwn(lines, variable.name)) continue;
      const value = valueToStore(variable, text, valueOf(this.stored, variable.name));
      if (value !== undefined) env.push([variable.name, value]);
    }
    return Object.fromEntries(env);
  }

  check(): void {
    const parsed = parseEnvLines(this.text.control.value);
    this.text.setProblem(parsed.ok ? null : parsed.problem);
    for (const one of this.fields) if (!this.isStored(one)) one.check();
  }

  /** The fields in which something can be wrong, for who looks for the first of them. */
  get controls(): readonly Field<HTMLElement>[] {
    return [...this.fields.map((one) => one.field), this.text];
  }

  /** Puts a sentence beside what it is about: a field whose variable it names, else the lines. */
  note(sentence: string): void {
    const named = this.fields.find(
      ({ variable: { name, type } }) => type !== 'boolean' && new RegExp(`\\b${name}\\b`).test(sentence),
    );
    (named?.field ?? this.text).setProblem(sentence);
  }

  /** Marks what differs from what is stored. */
  mark(): void {
    for (const one of this.fields) {
      const was = valueOf(this.stored, one.variable.name);
      const isSame = valueToStore(one.variable, one.text, was) === was;
      one.mark(isSame ? null : (was ?? one.variable.default));
    }
    const parsed = parseEnvLines(this.text.control.value);
    const { rest } = partEnv(this.stored, this.declared);
    const isChanged = parsed.ok && !isSameSetting(parsed.env, rest);
    this.text.root.classList.toggle('is-changed-field', isChanged);
    this.was.hidden = !isChanged;
    setText(this.was, isChanged ? `Stored: ${describeSetting('env', rest).slice(0, 120)}` : '');
  }

  /** What came from elsewhere and breaks the rule may stay. */
  private isStored({ variable, text }: VariableField): boolean {
    return text === valueOf(this.stored, variable.name);
  }

  private show(env: Env): void {
    const { known, rest } = partEnv(env, this.declared);
    this.text.control.value = formatEnvLines(rest);
    this.fields = this.declared.map((variable) => new VariableField(variable, known.get(variable.name)));
    replaceChildren(this.list, ...this.fields.map((one) => one.field.root));
    this.showSummary();
  }

  /** Lines of text that set a variable with a field become its value. */
  private absorb(): void {
    const parsed = parseEnvLines(this.text.control.value);
    if (!parsed.ok) return;
    const { known, rest } = partEnv(parsed.env, this.declared);
    if (known.size === 0) return;
    for (const one of this.fields) {
      const value = known.get(one.variable.name);
      if (value !== undefined) one.take(value);
    }
    this.variables.open = true;
    this.text.control.value = formatEnvLines(rest);
    this.check();
    this.text.control.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private showSummary(): void {
    const set = this.fields.filter((one) => isSet(one)).length;
    setText(
      this.summary,
      `${plural(this.fields.length, 'option')}${set === 0 ? '' : `, ${String(set)} set`}`,
    );
  }
}

function isSet({ variable, text }: VariableField): boolean {
  return isUnusual(variable, text);
}

function valueOf(env: Env, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

function textField(): Field<HTMLTextAreaElement> {
  const control = h('textarea', {
    class: 'input is-mono',
    rows: 3,
    spellcheck: 'false',
    placeholder: 'HF_HOME=/models/hf',
  });
  return field({
    label: 'Environment variables',
    control,
    testId: 'field-env',
    hint: 'One KEY=VALUE per line.',
  });
}
