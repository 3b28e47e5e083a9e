const LONGEST_NAME = 64;

/** Taken names, compared without regard to case. */
export type TakenNames = ReadonlySet<string>;

export function takenNames(names: Iterable<string>): TakenNames {
  return new Set([...names].map(foldName));
}

function foldName(name: string): string {
  return name.toLowerCase();
}

/** What is wrong with an instance's name, as a sentence, or null. The rule is decision 15 of the architecture. */
export function nameProblem(name: string, taken: TakenNames): string | null {
  if (name === '') return 'Give the instance a name.';
  const { length } = name;
  if (length > LONGEST_NAME) return `At most ${String(LONGEST_NAME)} characters; this has ${String(length)}.`;
  const foreign = /[^A-Za-z0-9 _.-]/u.exec(name);
  if (foreign)
    return `${visible(foreign[0])} is not allowed; use letters A to Z, digits, space, “_”, “-” and “.”.`;
  if (/^[ .-]/.test(name)) return 'It must not begin with a space, dash or dot.';
  if (/[ .-]$/.test(name)) return 'It must not end with a space, dash or dot.';
  if (taken.has(foldName(name))) return `There is an instance named “${name}” already.`;
  return null;
}

/** A character as it can be shown: what is invisible or turns the text around is called by its number. */
function visible(character: string): string {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `“${character}”`;
  const number = character.codePointAt(0) ?? 0;
  return `The character U+${number.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A free name made of `wanted`: what the rule forbids is left out, a number is added where it is taken. */
export function freeName(wanted: string, taken: TakenNames): string {
  const clean = trimEdges(wanted.replace(/[^A-Za-z0-9 _.-]+/g, ' ').replace(/ {2,}/g, ' '));
  const base = clean === '' ? 'Instance' : clean;
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : ` ${String(number)}`;
    const head = base.slice(0, LONGEST_NAME - suffix.length);
    const name = trimEdges(head) + suffix;
    if (!taken.has(foldName(name))) return name;
  }
}

function trimEdges(text: string): string {
  return text.replace(/^[ .-]+|[ .-]+$/g, '');
}
