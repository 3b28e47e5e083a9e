import { readFileSync } from 'node:fs';

/**
 * Value of a variable in the environment that a process was started with (proc(5), `environ`); null when it has none of
 * that name, has ended, or belongs to another user.
 */
export function startVariableOf(pid: number, name: string): string | null {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return null;
  }
  const prefix = `${name}=`;
  const pair = environment.split('\0').find((entry) => entry.startsWith(prefix));
  return pair === undefined ? null : pair.slice(prefix.length);
}
