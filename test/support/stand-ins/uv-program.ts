import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The version that the container has (docker/versions.env). */
const UV_VERSION = '0.13.9';
const CACHE = resolve(import.meta.dirname, '../../../node_modules/.cache');

/**
 * The folder that holds uv: fetched once from PyPI into the checkout's own cache.
 * @returns null where it cannot be had; pip does everything then
 */
export function uvFolder(): string | null {
  const folder = join(CACHE, `uv-${UV_VERSION}`);
  if (existsSync(join(folder, 'bin/uv'))) return join(folder, 'bin');
  const partial = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  const isMade =
    succeeds('python3', '-m', 'venv', partial) &&
    succeeds(join(partial, 'bin/pip'), 'install', '--quiet', `uv==${UV_VERSION}`);
  try {
    // Another suite may have been quicker.
    if (isMade && !existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return existsSync(join(folder, 'bin/uv')) ? join(folder, 'bin') : null;
}

function succeeds(program: string, ...words: string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}
