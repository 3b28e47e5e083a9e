import { readFileSync } from 'node:fs';

/** Of established connections. In /proc/net/tcp the first number of the timer is its kind; 02 is keep-alive (proc_pid_net(5)). */
const KEEP_ALIVE = '02';
const ESTABLISHED = '01';

/** How many connections of this machine's the kernel probes when they are idle. */
export function keepAliveTimers(wanted: { localPort?: number; remotePort?: number }): number {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', remote = '', state, , timer = '']) => {
      const isWanted =
        (wanted.localPort === undefined || portOf(local) === wanted.localPort) &&
        (wanted.remotePort === undefined || portOf(remote) === wanted.remotePort);
      return isWanted && state === ESTABLISHED && timer.startsWith(KEEP_ALIVE);
    }).length;
}

function portOf(address: string): number {
  return parseInt(address.split(':')[1] ?? '', 16);
}
