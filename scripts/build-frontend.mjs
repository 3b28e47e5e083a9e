// Builds the dashboard into dist/public. `--watch` builds again at each change.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { oneSharedChunk } from './frontend/one-shared-chunk.mjs';
import { buildPage, filled } from './frontend/page-build.mjs';
import { styleText } from './frontend/style-text.mjs';
import { xtermStyles } from './frontend/xterm-styles.mjs';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'frontend');
const target = join(root, 'dist', 'public');

const ENTRIES = ['src/main.ts', 'src/theme-boot.ts', 'src/styles/main.css'];

/** What the page names `%main.js%` is called in this build. */
function outputsByName(metafile) {
  const names = new Map();
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const name = basename(entryPoint).replace(/\.ts$/, '.js');
    names.set(name, `/assets/${basename(path)}`);
  }
  return names;
}

/** What the page's own script imports at once: named in the page, so that it does not wait for the script to say so. */
function preloads({ outputs }) {
  const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint === 'src/main.ts');
  const paths = new Set();
  const collect = ({ imports }) => {
    for (const { path, kind } of imports) {
      if (kind !== 'import-statement' || paths.has(path) || !outputs[path]) continue;
      paths.add(path);
      collect(outputs[path]);
    }
  };
  collect(entry);
  return [...paths].map((path) => `<link rel="modulepreload" href="/assets/${basename(path)}" />`).join('');
}

async function writePage(metafile) {
  const names = outputsByName(metafile);
  names.set('preloads', preloads(metafile));
  const template = await readFile(join(source, 'index.html'), 'utf8');
  await writeFile(join(target, 'index.html'), filled(template, names));
  await copyFile(join(source, 'favicon.svg'), join(target, 'favicon.svg'));
}

await buildPage({
  name: 'dashboard',
  target,
  isWatching: process.argv.includes('--watch'),
  writePage,
  options: {
    absWorkingDir: source,
    entryPoints: ENTRIES,
    entryNames: 'assets/[name]-[hash]',
    // What is loaded when it is asked for, such as the terminal, is a chunk of its own.
    splitting: true,
    chunkNames: 'assets/[name]-[hash]',
    tsconfig: join(source, 'tsconfig.json'),
    plugins: [oneSharedChunk(source), styleText, xtermStyles],
  },
});
