import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the program: the nearest one above this file with a package.json, whether this file is bundled or not. */
function findRoot(folder: string): string {
  const parent = dirname(folder);
  return existsSync(join(folder, 'package.json')) || parent === folder ? folder : findRoot(parent);
}

const ROOT = findRoot(import.meta.dirname);

/** Where the parts of the program lie. */
export const programFiles = {
  root: ROOT,
  blueprints: join(ROOT, 'blueprints'),
  functions: join(ROOT, 'blueprints', 'functions.sh'),
  runner: join(ROOT, 'dist', 'runner', 'aikore-runner'),
  transfer: join(ROOT, 'dist', 'aikore', 'transfer.js'),
  relocateEnvironment: join(ROOT, 'blueprints', 'lib', 'relocate-env.py'),
  versionCheck: join(ROOT, 'scripts', 'version-check.py'),
  desktopLauncher: join(ROOT, 'scripts', 'desktop', 'launch.sh'),
  terminal: join(ROOT, 'dist', 'terminal', 'aikore-terminal'),
  dashboard: join(ROOT, 'dist', 'public'),
  desktop: join(ROOT, 'dist', 'desktop'),
};

/** Version from package.json. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
