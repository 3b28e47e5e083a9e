import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { kilobytes } from '../lib/format.mjs';
import { DASHBOARD } from '../lib/places.mjs';

/** P25: what a browser loads before the dashboard shows, from the built files. */
export const firstLoad = {
  ids: ['P25'],
  title: 'first load of the dashboard',
  /** @returns {Promise<import('../lib/report.mjs').Row[]>} */
  async run() {
    const files = loadedFiles();
    const gzBytes = files.reduce((sum, file) => sum + compressedBytes(file, '.gz'), 0);
    const brBytes = files.reduce((sum, file) => sum + compressedBytes(file, '.br'), 0);
    return [
      {
        id: 'P25',
        metric: 'first load of the dashboard, cold',
        ours: `${kilobytes(gzBytes)} gz (${kilobytes(brBytes)} br), ${files.length} requests`,
        anchor: 'xterm.js alone 123 kB (published in the plan)',
        ratio: `${(gzBytes / 123e3).toFixed(2)}×`,
        goal: '≤ 60 kB without the terminal, ≤ 12 requests',
        met: gzBytes <= 60_000 && files.length <= 12,
        note: `files that the page names, and what those import at once; API calls come on top (P26 counts all requests).`,
        raw: files.map((file) => ({ file, gzBytes: compressedBytes(file, '.gz') })),
      },
    ];
  },
};

/** Paths below the dashboard's folder. */
function loadedFiles() {
  const page = readFileSync(join(DASHBOARD, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const files = new Set(['/index.html']);
  for (const path of named) addWithImports(path, files);
  return [...files];
}

/**
 * @param {string} path
 * @param {Set<string>} files
 */
function addWithImports(path, files) {
  if (files.has(path) || !existsSync(join(DASHBOARD, path))) return;
  files.add(path);
  if (!path.endsWith('.js')) return;
  const source = readFileSync(join(DASHBOARD, path), 'utf8');
  // Static imports of an esbuild bundle; `import(` loads later.
  for (const [, other = ''] of source.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g))
    addWithImports(new URL(other, `file://${path}`).pathname, files);
}

/**
 * Size as it is sent: the compressed file that lies beside it, or what gzip would make of it.
 * @param {string} path
 * @param {'.gz' | '.br'} end
 */
function compressedBytes(path, end) {
  const ready = join(DASHBOARD, path + end);
  if (existsSync(ready)) return readFileSync(ready).length;
  return gzipSync(readFileSync(join(DASHBOARD, path))).length;
}
