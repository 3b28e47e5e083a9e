// Copies what a running AiKore needs out of a built tree: no sources, no tests, no packages that only built it.
//   collect-program.mjs FROM TO
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [from, to] = process.argv.slice(2).map((path) => resolve(path));

const PARTS = ['package.json', 'blueprints', 'scripts/desktop', 'scripts/version-check.py', 'dist/aikore'];
const BUILT = ['dist/public', 'dist/desktop', 'dist/runner', 'dist/terminal'];

// Opened once: a database that this Node cannot load shall end the build, not the first start.
const { Database, SQLITE_PACKAGE } = await import(pathToFileURL(join(from, 'dist/aikore/sqlite.js')));
new Database(':memory:').close();

/** What the bundle loads at run time (KEPT_OUTSIDE in scripts/build-server.mjs), in the version that this Node takes. */
const PACKAGES = [SQLITE_PACKAGE, '@node-rs/argon2', 'swagger-ui-dist'];
/** They fetch or compile at installation, which is over. */
const INSTALLERS = new Set(['prebuild-install', 'node-gyp', 'node-addon-api']);
const SQLITE_FOLDER = join(from, 'node_modules', SQLITE_PACKAGE);
/** What is in the one binary that is loaded. */
const SQLITE_SOURCES = ['binding.gyp', 'deps', 'src', 'build/Release/obj', 'build/Release/obj.target'].map(
  (path) => join(SQLITE_FOLDER, path),
);
const loadedBinaries = new Set(process.report.getReport().sharedObjects);

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

/** The library holds its sources and a binary for every platform; only the one that was loaded is needed. */
function isSpare(source) {
  if (!source.startsWith(`${SQLITE_FOLDER}/`)) return false;
  if (SQLITE_SOURCES.includes(source)) return true;
  return /\.(node|a)$/.test(source) && !loadedBinaries.has(source);
}

function copy(path) {
  const target = join(to, relative(from, path));
  mkdirSync(dirname(target), { recursive: true });
  // A package inside of another is collected by itself, or not needed.
  const filter = (source) => !isSpare(source) && !relative(path, source).split('/').includes('node_modules');
  cpSync(path, target, { recursive: true, filter });
}

for (const part of [...PARTS, ...BUILT]) copy(join(from, part));
for (const name of PACKAGES) collect(name, from, false);
for (const path of found) copy(path);
