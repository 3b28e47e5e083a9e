/** The quotes of a launch argument string do not match. */
export class UnclosedQuote extends Error {
  override readonly name = 'UnclosedQuote';
}

/**
 * Splits one string into arguments as a shell splits words: white space separates, single quotes keep everything, double
 * quotes keep everything but a backslash before `"` and `\`, a backslash outside quotes keeps the next character.
 * Nothing is expanded: `$HOME`, `*` and `;` stay what they are.
 * @throws UnclosedQuote
 */
export function splitLaunchArgs(text: string): string[] {
  const args: string[] = [];
  // null between words, so that "" gives an empty argument.
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote !== null && char === quote) {
      quote = null;
    } else if (quote === "'") {
      word = (word ?? '') + char;
    } else if (quote === '"') {
      const isEscaped = char === '\\' && (next === '"' || next === '\\');
      word = (word ?? '') + (isEscaped ? next : char);
      if (isEscaped) at += 1;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && next !== '') {
      word = (word ?? '') + next;
      at += 1;
    } else if (/\s/.test(char)) {
      if (word !== null) args.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null)
    throw new UnclosedQuote(`A ${quote === '"' ? 'double' : 'single'} quote is not closed.`);
  if (word !== null) args.push(word);
  return args;
}

const MAX_LENGTH = 8192;

/** @returns a sentence that says what is wrong with a launch argument string, or null */
export function launchArgsProblem(text: string): string | null {
  if (text.length > MAX_LENGTH) return `Launch arguments have at most ${MAX_LENGTH} characters.`;
  if (text.includes('\0')) return 'Launch arguments cannot hold a NUL character.';
  try {
    splitLaunchArgs(text);
    return null;
  } catch (error) {
    return error instanceof UnclosedQuote ? error.message : 'The arguments cannot be split.';
  }
}
