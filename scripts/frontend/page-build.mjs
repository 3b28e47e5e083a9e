import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { context } from 'esbuild';
import { compress } from './compress.mjs';

/** light-dark(), popover and the baseline of 2024. */
const BROWSERS = ['chrome123', 'firefox125', 'safari17.5'];

/**
 * Puts the names of built files into a page, where it says `%main.js%`.
 * @param {string} template
 * @param {Map<string, string>} names
 */
export function filled(template, names) {
  return template.replace(/%([\w.-]+)%/g, (_, name) => {
    const text = names.get(name);
    if (!text) throw new Error(`index.html names ${name}, which is not built`);
    return text;
  });
}

/**
 * Builds a page and its files into an empty folder, with a compressed twin of each; again at each change where that is wished.
 * @param {{ name: string, target: string, isWatching: boolean, options: import('esbuild').BuildOptions,
 *   writePage: (metafile: import('esbuild').Metafile) => Promise<void> }} page
 */
export async function buildPage({ name, target, isWatching, options, writePage }) {
  const aroundBuild = {
    name: 'around-build',
    setup(build) {
      build.onStart(async () => {
        await rm(target, { recursive: true, force: true });
        await mkdir(target, { recursive: true });
      });
      build.onEnd(async (result) => {
        if (result.errors.length > 0) return;
        await writePage(result.metafile);
        await compressAll(name, target);
      });
    },
  };
  const build = await context({
    bundle: true,
    format: 'esm',
    minify: !isWatching,
    metafile: true,
    target: BROWSERS,
    logLevel: 'warning',
    ...options,
    outdir: target,
    plugins: [...(options.plugins ?? []), aroundBuild],
  });
  if (isWatching) {
    await build.watch();
    return;
  }
  try {
    await build.rebuild();
  } finally {
    await build.dispose();
  }
}

async function compressAll(name, target) {
  const files = await readdir(target, { recursive: true });
  const texts = files.filter((file) => /\.(html|js|css|svg)$/.test(file));
  const sizes = await Promise.all(texts.map((file) => compress(join(target, file))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${name}: ${texts.length} files, ${(total / 1024).toFixed(1)} KB compressed`);
}
