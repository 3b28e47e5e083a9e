import type { BlueprintVariable } from '../../../src/contracts/blueprint.js';

type Env = Readonly<Record<string, string>>;

const INTEGER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e[+-]?\d{1,3})?$/i;
/** What the server takes as the value of one variable. */
const LONGEST_VALUE = 32_768;

/** The usual words for yes and no, as the server reads them in metadata; null for anything else. */
export function toBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (['true', 'on', 'yes', '1'].includes(word)) return true;
  return ['false', 'off', 'no', '0'].includes(word) ? false : null;
}

/** What is wrong with a value of a variable, as a sentence, or null. An emptied number stands for the default. */
export function variableProblem({ type, choices }: BlueprintVariable, text: string): string | null {
  if (text.length > LONGEST_VALUE) return `At most ${LONGEST_VALUE.toLocaleString('en')} characters.`;
  if (type === 'integer' && text !== '' && !INTEGER.test(text)) return 'It is a whole number, such as 8.';
  if (type === 'number' && text !== '' && !NUMBER.test(text)) return 'It is a number, such as 0.5.';
  if (type === 'choice' && !choices.includes(text))
    return 'It is none of the values that the blueprint names.';
  return null;
}

/** Whether a form can show a value at all; another one stays a line of text. */
function isShowable({ type }: BlueprintVariable, value: string): boolean {
  return type === 'boolean' ? toBoolean(value) !== null : !/[\r\n]/.test(value);
}

export interface PartedEnv {
  /** What fields show, by the name of the variable. */
  known: Map<string, string>;
  /** What remains a line of text. */
  rest: Record<string, string>;
}

/** Parts an environment into what the fields of a blueprint's variables show and what they do not know. */
export function partEnv(env: Env, variables: readonly BlueprintVariable[]): PartedEnv {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const known = new Map<string, string>();
  const rest: [string, string][] = [];
  for (const [name, value] of Object.entries(env)) {
    const variable = byName.get(name);
    if (variable && isShowable(variable, value)) known.set(name, value);
    else rest.push([name, value]);
  }
  return { known, rest: Object.fromEntries(rest) };
}

/**
 * What is stored of a field: nothing where it equals the default, so that a later default counts; what is stored already stays
 * as it was written while the field says the same.
 * @param stored as it stands in the environment now; undefined: not at all
 */
export function valueToStore(
  variable: BlueprintVariable,
  text: string,
  stored: string | undefined,
): string | undefined {
  if (stored !== undefined && isSameValue(variable, text, stored)) return stored;
  const isEmptied = text === '' && variable.type !== 'string' && variable.type !== 'secret';
  return isEmptied || isSameValue(variable, text, variable.default) ? undefined : text;
}

function isSameValue({ type }: BlueprintVariable, a: string, b: string): boolean {
  return a === b || (type === 'boolean' && toBoolean(a) !== null && toBoolean(a) === toBoolean(b));
}

/** Whether a field says something else than its blueprint. */
export function isUnusual(variable: BlueprintVariable, text: string): boolean {
  return valueToStore(variable, text, undefined) !== undefined;
}
