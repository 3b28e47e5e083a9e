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

/** All processes of NGINX that work somewhere below a folder; those whose master was killed do not name it elsewhere. */
export function nginxUnder(root: string): number[] {
  return pids().filter((pid) => isNginxIn(pid, (folder) => folder.startsWith(`${root}/`)));
}

/** The NGINX that an AiKore runs. */
export const nginxOf = (dataDir: string): SeenNginx => seeNginx(join(dataDir, 'run', 'nginx'));

function inFolder(folder: string): number[] {
  return pids().filter((pid) => isNginxIn(pid, (own) => own === folder));
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function isNginxIn(pid: number, isMeant: (folder: string) => boolean): boolean {
  try {
    return isMeant(readlinkSync(`/proc/${pid}/cwd`)) && titleOf(pid).startsWith('nginx: ');
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
