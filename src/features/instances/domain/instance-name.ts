const ALLOWED = /^[A-Za-z0-9 _.-]+$/;
const EDGE = /^[ .-]|[ .-]$/;

/** The longest name, in characters. */
export const MAX_NAME_LENGTH = 64;

/**
 * Checks a name for an instance, which is also the name of its folder.
 * @returns a sentence that says what is wrong, or null
 */
export function nameProblem(name: string): string | null {
  if (name === '') return 'Give the instance a name.';
  if (name.length > MAX_NAME_LENGTH)
    return `A name has at most ${MAX_NAME_LENGTH} characters; this one has ${name.length}.`;
  if (!ALLOWED.test(name))
    return 'A name consists of letters A to Z, digits, spaces, and the signs _ - and a dot.';
  if (EDGE.test(name)) return 'A name neither begins nor ends with a space, a dash or a dot.';
  return null;
}

/** Names are unique regardless of case, so that they are on every file system. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/**
 * The name as a path segment. The rule above holds for writing; a name that came from elsewhere (the original AiKore's
 * database) is at least no way out of its folder.
 * @throws RangeError
 */
export function lockedName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
    throw new RangeError(`"${name}" cannot be a folder.`);
  return name;
}
