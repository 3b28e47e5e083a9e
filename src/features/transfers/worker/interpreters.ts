import { accessSync, constants, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { entrySegments } from '../domain/entry-name.js';

const PYTHON = /^python(\d(\.\d{1,2})?)?$/;

/** Whether a link of a tree is that of an environment to the Python that it was made with. */
export function isInterpreterLink(path: string, target: string): boolean {
  const segments = path.split('/');
  return (
    segments.length >= 3 &&
    segments.at(-2) === 'bin' &&
    PYTHON.test(segments.at(-1) ?? '') &&
    target.startsWith('/') &&
    PYTHON.test(basename(target))
  );
}

/**
 * Links the environments of an archive to the Python that they were made with, where this machine has it at the same
 * place. An environment without one is made anew by the first start.
 */
export function linkInterpreters(home: string, interpreters: Readonly<Record<string, string>>): void {
  for (const [path, target] of Object.entries(interpreters)) {
    const segments = entrySegments(path);
    if (segments === null || !isInterpreterLink(path, target) || !isProgram(target)) continue;
    try {
      symlinkSync(target, join(home, ...segments));
    } catch {
      // Something else has that name, or there is no such environment.
    }
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
