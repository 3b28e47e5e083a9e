import { tamed } from './hostile-text.js';

const SHELLS = new Set(['bash', 'sh', 'dash', 'zsh', 'fish']);
const MOST_CHARACTERS = 24;

/** Whether something else than a shell waiting for words runs in front. */
export function isBusyWith(program: string | null): boolean {
  return program !== null && program !== '' && !SHELLS.has(program.replace(/^-/, ''));
}

/** What stands on a tab: the program in front, or the shell with its number from the second on. */
export function tabLabel(program: string | null, number: number): string {
  if (program !== null && isBusyWith(program)) {
    const name = tamed(program);
    return name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS)}…` : name;
  }
  return number === 1 ? 'bash' : `bash ${String(number)}`;
}

/** The smallest number from 1 that is not taken. */
export function freeNumber(taken: readonly number[]): number {
  for (let number = 1; ; number += 1) if (!taken.includes(number)) return number;
}
