// Whole words of a name, so that MONKEY is none; `KEY` alone is what most services call theirs.
const SECRET_WORDS =
  /(^|_)(API|ACCESS|PRIVATE|SECRET|AUTH)?_?(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|COOKIE)S?(_|$|\d)/i;
const CREDENTIALS_IN_ADDRESS = /[a-z][\w+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i;

/** Whether a variable looks as if its value were nobody else's business. */
export function isSecret(name: string, value: string, declaredSecrets: ReadonlySet<string>): boolean {
  if (value === '') return false;
  return declaredSecrets.has(name) || SECRET_WORDS.test(name) || CREDENTIALS_IN_ADDRESS.test(value);
}

/** Variables without those that look like secrets, and the names of these. */
export function withholdSecrets(
  env: Readonly<Record<string, string>>,
  declaredSecrets: ReadonlySet<string>,
): { env: Record<string, string>; withheld: string[] } {
  const entries = Object.entries(env);
  const isKept = ([name, value]: [string, string]): boolean => !isSecret(name, value, declaredSecrets);
  return {
    env: Object.fromEntries(entries.filter(isKept)),
    withheld: entries.filter((entry) => !isKept(entry)).map(([name]) => name),
  };
}
