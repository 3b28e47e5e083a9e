import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** A copy of this program in a folder, for tests of what an upgrade does. @returns its main file */
export function otherBuild(folder: string, version = ownVersion()): string {
  mkdirSync(folder);
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const part of ['node_modules', 'blueprints']) symlinkSync(join(ROOT, part), join(folder, part));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest(), version }));
  return join(folder, 'dist/aikore/main.js');
}

/** Gives every file of the dashboard another name, as another content would. @param main as `otherBuild` returns it */
export function renameAssets(main: string): void {
  const dashboard = resolve(main, '../../public');
  const assets = join(dashboard, 'assets');
  const names = readdirSync(assets);
  const originals = names.filter((name) => /\.(js|css)$/.test(name));
  // What was compressed before holds the old names.
  for (const name of names) if (!originals.includes(name)) rmSync(join(assets, name));
  for (const name of readdirSync(dashboard)) if (/\.(br|gz)$/.test(name)) rmSync(join(dashboard, name));
  const renamed = (text: string): string =>
    originals.reduce((changed, name) => changed.replaceAll(name, other(name)), text);
  for (const name of originals) {
    const file = join(assets, name);
    writeFileSync(file, renamed(readFileSync(file, 'utf8')));
    renameSync(file, join(assets, other(name)));
  }
  const page = join(dashboard, 'index.html');
  writeFileSync(page, renamed(readFileSync(page, 'utf8')));
}

/** `main-ABCDEFGH.js` becomes `main-0BCDEFGH.js`, a name that no build gives: its hashes are of A–Z and 2–7. */
function other(name: string): string {
  return name.replace(/-\w(?=\w{7}\.)/, '-0');
}

function manifest(): { version: string } {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
}

function ownVersion(): string {
  return manifest().version;
}
