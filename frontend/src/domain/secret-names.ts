const SECRET = /(?:token|secret|passw|api_?key|credential|private_?key)/i;
const MOST_NAMED = 4;

/** Of the names of variables those that look like secrets, as many as a sentence can name. The server decides by itself. */
export function secretNames(names: readonly string[]): string[] {
  return names.filter((name) => SECRET.test(name)).slice(0, MOST_NAMED);
}
