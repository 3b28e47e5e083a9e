/** What functions.sh has noted of an installation that was whole (`.aikore/setup.done`). */
export interface SetupDone {
  /** SHA-256, hex, by the name of the variable, or `requirements`; empty: it had no value. */
  digests: ReadonlyMap<string, string>;
}

const MAX_LINES = 2000;
const VARIABLE = /^key variable ([A-Za-z_]\w{0,127}) ?([0-9a-f]{64})?$/;
const REQUIREMENTS_LINE = /^key requirements ?([0-9a-f]{64})?$/;

/** Reads the lines that say more than the record; what has another form is passed over. */
export function readSetupDone(text: string): SetupDone {
  const digests = new Map<string, string>();
  for (const line of text.split('\n').slice(0, MAX_LINES)) {
    const variable = VARIABLE.exec(line);
    if (variable !== null) digests.set(variable[1] ?? '', variable[2] ?? '');
    const requirements = REQUIREMENTS_LINE.exec(line);
    if (requirements !== null) digests.set('requirements', requirements[1] ?? '');
  }
  return { digests };
}
