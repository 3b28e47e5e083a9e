import { constants } from 'node:os';

/** Name of a signal number on this machine, such as 9 → `SIGKILL`; `SIG35` for one without a name; null for none. */
export function signalName(number: number | null): string | null {
  if (number === null || number === 0) return null;
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `SIG${number}`;
}
