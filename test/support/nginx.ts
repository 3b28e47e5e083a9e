import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { parentOf } from './processes.js';

/** The NGINX of a data directory, as /proc shows it: its processes have its folder as their working directory. */
export interface SeenNginx {
  master: number | null;
  workers: number[];
  all: number[];
}

/** @param folder where NGINX works; in a data directory `run/nginx` */
export function seeNginx(folder: string): SeenNginx {
  const all = existsSync(folder) ? inFolder(realpathSync(folder)) : [];
  const titled = (text: string): number[] => all.filter((pid) => titleOf(pid).startsWith(text));
  const master = titled('nginx: master')[0] ?? null;
  const workers = titled('nginx: worker').filter((pid) => master === null || parentOf(pid) === master);
  return { master, workers, all };
}

/** The NGINX that an AiKore runs. */
export const nginxOf = (dataDir: string): SeenNginx => seeNginx(join(dataDir, 'run', 'nginx'));

function inFolder(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => isNginxIn(pid, folder));
}

function isNginxIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder && titleOf(pid).startsWith('nginx: ');
  } catch {
    return false;
  }
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
