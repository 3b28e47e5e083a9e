import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What is built: the repository itself. */
export const REPOSITORY = resolve(import.meta.dirname, '../../..');

const text = readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8');

/** What a build argument is by itself. @throws Error when the Dockerfile has no such argument */
export function argumentDefault(name: string): string {
  const found = new RegExp(`^ARG ${name}=(.*)$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`the Dockerfile has no argument ${name} with a value`);
  return found;
}
