// Builds the dashboard into dist/public. `--watch` builds again at each change.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { context } from 'esbuild';
import { compress } from './frontend/compress.mjs';
import { oneSharedChunk } from './frontend/one-shared-chunk.mjs';
import { styleText } from './frontend/style-text.mjs';
import { xtermStyles } from './frontend/xterm-styles.mjs';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'frontend');
const target = join(root, 'dist', 'public');
const isWatching = process.argv.includes('--watch');

const ENTRIES = ['src/main.ts', 'src/theme-boot.ts', 'src/styles/main.css'];
// light-dark(), popover and the baseline of 2024.
const BROWSERS = ['chrome123', 'firefox125', 'safari17.5'];

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
  const page = template.replace(/%([\w.-]+)%/g, (_, name) => {
    const path = names.get(name);
    if (!path) throw new Error(`index.html names ${name}, which is not built`);
    return path;
  });
  await writeFile(join(target, 'index.html'), page);
  await writeFile(join(target, 'favicon.svg'), await readFile(join(source, 'favicon.svg')));
}

async function writeRest(metafile) {
  await writePage(metafile);
  const files = await readdir(target, { recursive: true });
  const texts = files.filter((file) => /\.(html|js|css|svg)$/.test(file));
  const sizes = await Promise.all(texts.map((file) => compress(join(target, file))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`dashboard: ${texts.length} files, ${(total / 1024).toFixed(1)} KB compressed, in dist/public`);
}

const afterBuild = {
  name: 'after-build',
  setup(build) {
    build.onStart(async () => {
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
    });
    build.onEnd(async (result) => {
      if (result.errors.length === 0) await writeRest(result.metafile);
    });
  },
};

const build = await context({
  absWorkingDir: source,
  entryPoints: ENTRIES,
  outdir: target,
  entryNames: 'assets/[name]-[hash]',
  bundle: true,
  format: 'esm',
  // What is loaded when it is asked for, such as the terminal, is a chunk of its own.
  splitting: true,
  chunkNames: 'assets/[name]-[hash]',
  minify: !isWatching,
  metafile: true,
  target: BROWSERS,
  tsconfig: join(source, 'tsconfig.json'),
  plugins: [oneSharedChunk(source), styleText, xtermStyles, afterBuild],
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
