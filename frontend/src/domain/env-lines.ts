export type ParsedEnv = { ok: true; env: Record<string, string> } | { ok: false; problem: string };

/** Reads `KEY=VALUE` lines. Empty lines and lines beginning with `#` are passed over; a value is everything behind the first `=`. */
export function parseEnvLines(text: string): ParsedEnv {
  const env: Record<string, string> = {};
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const at = line.indexOf('=');
    const key = at < 0 ? line.trim() : line.slice(0, at).trim();
    const problem = keyProblem(key, at >= 0, Object.hasOwn(env, key));
    if (problem) return { ok: false, problem: `Line ${String(index + 1)}: ${problem}` };
    Object.defineProperty(env, key, { value: line.slice(at + 1), enumerable: true, configurable: true });
  }
  return { ok: true, env };
}

function keyProblem(key: string, hasEquals: boolean, isRepeated: boolean): string | null {
  if (!hasEquals) return `“${key}” has no “=”; write KEY=VALUE.`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `“${key}” is not a name of a variable.`;
  return isRepeated ? `${key} is set twice.` : null;
}

export function formatEnvLines(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}
