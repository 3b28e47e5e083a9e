// Builds the page that shows a desktop (frontend/desktop) into dist/desktop. `--watch` builds again at each change.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { context } from 'esbuild';
import { compress } from './frontend/compress.mjs';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'frontend', 'desktop');
const target = join(root, 'dist', 'desktop');
const isWatching = process.argv.includes('--watch');

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
  const page = template.replace(/%([\w.-]+)%/g, (_, name) => {
    const path = names.get(name);
    if (!path) throw new Error(`index.html names ${name}, which is not built`);
    return path;
  });
  await writeFile(join(target, 'index.html'), page);
  await writeFile(join(target, 'favicon.svg'), await readFile(join(root, 'frontend', 'favicon.svg')));
  const files = await readdir(target);
  const sizes = await Promise.all(files.map((file) => compress(join(target, file))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`desktop: ${files.length} files, ${(total / 1024).toFixed(1)} KB compressed, in dist/desktop`);
}

const afterBuild = {
  name: 'after-build',
  setup(build) {
    build.onStart(async () => {
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
    });
    build.onEnd(async (result) => {
      if (result.errors.length === 0) await writePage(result.metafile);
    });
  },
};

const build = await context({
  absWorkingDir: source,
  entryPoints: ['main.ts', 'styles/desktop.css'],
  outdir: target,
  entryNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  minify: !isWatching,
  metafile: true,
  // As the dashboard's (build-frontend.mjs).
  target: ['chrome123', 'firefox125', 'safari17.5'],
  tsconfig: join(root, 'frontend', 'tsconfig.json'),
  banner: { js: LICENCE },
  plugins: [afterBuild],
  logLevel: 'warning',
});

if (isWatching) {
  await build.watch();
} else {
  try {
    await build.rebuild();
  } finally {
    await build.dispose();
  }
}
