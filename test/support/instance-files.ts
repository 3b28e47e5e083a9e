import { existsSync, readFileSync } from 'node:fs';

/** The numbers that a blueprint has written into a file, one a line; none while there is no file. */
export function numbersIn(file: string): number[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(Number);
}
