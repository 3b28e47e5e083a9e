import { tamed } from './hostile-text.js';

const SHELLS = new Set(['', 'bash', 'sh', 'dash', 'zsh', 'fish']);
const MOST_CHARACTERS = 24;

/** What stands on a tab: the program in front, or the shell with its number from the second on. */
export function tabLabel(program: string, number: number): string {
  const name = tamed(program.replace(/^-/, ''));
  if (!SHELLS.has(name)) return cut(name);
  return number === 1 ? 'bash' : `bash ${String(number)}`;
}

function cut(name: string): string {
  const characters = Array.from(name);
  return characters.length <= MOST_CHARACTERS ? name : `${characters.slice(0, MOST_CHARACTERS).join('')}…`;
}

/** The smallest number from 1 that is not taken. */
export function freeNumber(taken: readonly number[]): number {
  for (let number = 1; ; number += 1) if (!taken.includes(number)) return number;
}
