import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder of the program: the one that holds dist/ and blueprints/. */
const ROOT = resolve(import.meta.dirname, '../../..');

/** Where the parts of the program lie. */
export const programFiles = {
  root: ROOT,
  blueprints: join(ROOT, 'blueprints'),
  functions: join(ROOT, 'blueprints', 'functions.sh'),
  runner: join(ROOT, 'dist', 'runner', 'aikore-runner'),
  dashboard: join(ROOT, 'dist', 'public'),
};

/** Version from package.json. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
