import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { startTicksOf } from '../processes/process-identity.js';
import { parentOf } from '../processes/relatives.js';

/** A living process of an NGINX, by what the kernel shows of it. */
export interface NginxProcessEntry {
  pid: number;
  parentPid: number | null;
  isMaster: boolean;
}

/**
 * The processes of the NGINX that works in a folder: all that are called `nginx` and have it as their working directory.
 * Workers write over their command line and environment, so those do not tell; and workers whose master was killed live
 * on and keep its ports.
 * @param folder its real path
 */
export function findNginxProcesses(folder: string): NginxProcessEntry[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => isOfFolder(pid, folder))
    .map((pid) => ({ pid, parentPid: parentOf(pid), isMaster: isMaster(pid, folder) }));
}

function isOfFolder(pid: number, folder: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === folder &&
      readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === 'nginx' &&
      startTicksOf(pid) !== null
    );
  } catch {
    return false;
  }
}

/** Its title names the configuration: `nginx: master process /usr/sbin/nginx -p … -c …`. */
function isMaster(pid: number, folder: string): boolean {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return title.startsWith('nginx: master process ') && title.includes(` -p ${folder}/ `);
  } catch {
    return false;
  }
}
