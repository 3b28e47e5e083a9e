// Builds the page that shows a desktop (frontend/desktop) into dist/desktop. `--watch` builds again at each change.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildPage, filled } from './frontend/page-build.mjs';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'frontend', 'desktop');
const target = join(root, 'dist', 'desktop');

/** Where the server hands the files out (src/features/desktops/desktop-decision.ts). */
const FOLDER = '/.aikore/desktop/';

/** noVNC is under the Mozilla Public License: whoever gets it must be told where its source is. */
const LICENCE = '/*! Contains noVNC, MPL-2.0, https://github.com/novnc/noVNC */';

async function writePage({ outputs }) {
  const names = new Map([['favicon.svg', `${FOLDER}favicon.svg`]]);
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint) names.set(basename(entryPoint).replace(/\.ts$/, '.js'), FOLDER + basename(path));
  }
  const template = await readFile(join(source, 'index.html'), 'utf8');
  await writeFile(join(target, 'index.html'), filled(template, names));
  await copyFile(join(root, 'frontend', 'favicon.svg'), join(target, 'favicon.svg'));
}

await buildPage({
  name: 'desktop',
  target,
  isWatching: process.argv.includes('--watch'),
  writePage,
  options: {
    absWorkingDir: source,
    entryPoints: ['main.ts', 'styles/desktop.css'],
    entryNames: '[name]-[hash]',
    tsconfig: join(root, 'frontend', 'tsconfig.json'),
    banner: { js: LICENCE },
  },
});
