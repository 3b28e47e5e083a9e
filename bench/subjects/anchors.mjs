import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../lib/programs.mjs';
import { ROOT } from '../lib/places.mjs';

const run = promisify(execFile);
const HOME = join(ROOT, 'dist', 'bench');
const SUPERVISOR = 'supervisor==4.2.5';
const PM2 = 'pm2@7.0.4';
const WETTY = 'wetty@3.2.0';

/**
 * supervisord: the machine's, else one of Python's index in a folder of its own.
 * @returns {Promise<string | null>} its path; null where it cannot be had
 */
export async function findSupervisord() {
  const installed = findProgram('supervisord');
  if (installed !== null) return installed;
  const folder = join(HOME, 'supervisor');
  const program = join(folder, 'bin', 'supervisord');
  if (existsSync(program)) return program;
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', SUPERVISOR, 'setuptools<81']);
    return program;
  } catch {
    return null;
  }
}

/**
 * pm2 of the npm registry in a folder of its own: it is compared with, not built in.
 * @returns {Promise<string | null>} the folder of its package; null where it cannot be had
 */
export async function findPm2() {
  const folder = join(HOME, 'pm2');
  const found = join(folder, 'node_modules', 'pm2');
  if (existsSync(found)) return found;
  mkdirSync(folder, { recursive: true });
  try {
    await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', PM2]);
    return found;
  } catch {
    return null;
  }
}

/**
 * wetty of the npm registry in a folder of its own; its native module is compiled where no prebuilt one can be fetched.
 * @returns {Promise<string | null>} the folder of its package; null where it cannot be had
 */
export async function findWetty() {
  const folder = join(HOME, 'wetty');
  const found = join(folder, 'node_modules', 'wetty');
  const native = join(folder, 'node_modules', 'node-pty', 'build', 'Release', 'pty.node');
  if (existsSync(native)) return found;
  mkdirSync(folder, { recursive: true });
  try {
    await run('npm', [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts=false',
      '--no-audit',
      '--no-fund',
      WETTY,
    ]);
    return existsSync(native) ? found : null;
  } catch {
    return null;
  }
}
