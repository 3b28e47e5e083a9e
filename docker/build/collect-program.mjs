// Copies what a running AiKore needs out of a built tree: no sources, no tests, no packages that only built it.
//   collect-program.mjs FROM TO
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const [from, to] = process.argv.slice(2).map((path) => resolve(path));

const PARTS = ['package.json', 'blueprints', 'scripts/desktop', 'scripts/version-check.py', 'dist/aikore'];
const BUILT = ['dist/public', 'dist/desktop', 'dist/runner', 'dist/terminal'];

/** What the bundle loads at run time (KEPT_OUTSIDE in scripts/build-server.mjs). */
const PACKAGES = ['better-sqlite3', '@node-rs/argon2', 'swagger-ui-dist'];
/** They fetch or compile at installation, which is over. */
const INSTALLERS = new Set(['prebuild-install', 'node-gyp']);
/** Sources of the database that is compiled into the one file which is loaded. */
const SOURCES = /\/better-sqlite3\/(deps|src|build\/(?!Release(\/better_sqlite3\.node)?$))/;

/** Node's own way: in the package's folder, then in those above it. @returns null for an optional one that is not there */
function findPackage(name, folder) {
  const candidate = join(folder, 'node_modules', name);
  if (existsSync(join(candidate, 'package.json'))) return candidate;
  return folder === from ? null : findPackage(name, dirname(folder));
}

const found = new Set();

function collect(name, folder, isOptional) {
  const path = findPackage(name, folder);
  if (path === null) {
    if (isOptional) return;
    throw new Error(`The package ${name} is not installed.`);
  }
  if (found.has(path)) return;
  found.add(path);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  );
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies }))
    if (!INSTALLERS.has(needed)) collect(needed, path, needed in optionalDependencies);
}

function copy(path) {
  const target = join(to, relative(from, path));
  mkdirSync(dirname(target), { recursive: true });
  // A package inside of another is collected by itself, or not needed.
  const filter = (source) =>
    !SOURCES.test(source) && !relative(path, source).split('/').includes('node_modules');
  cpSync(path, target, { recursive: true, filter });
}

for (const part of [...PARTS, ...BUILT]) copy(join(from, part));
for (const name of PACKAGES) collect(name, from, false);
for (const path of found) copy(path);
