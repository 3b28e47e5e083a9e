import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** State `LISTEN` in /proc/net/tcp. */
const LISTEN = '0A';

/** Local addresses, as the kernel writes them, on which a process listens by TCP or receives by UDP. */
export function addressesOf(pid: number): string[] {
  const sockets = new Set(descriptorsOf(pid));
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    rowsOf(`/proc/net/${table}`)
      .filter((fields) => table.startsWith('udp') || fields[3] === LISTEN)
      .filter((fields) => sockets.has(`socket:[${fields[9]}]`))
      .map((fields) => `${table} ${fields[1]}`),
  );
}

/** Names of unix sockets that are no files: any user of the machine can reach them. */
export function socketsWithoutFile(): string[] {
  return rowsOf('/proc/net/unix')
    .map((fields) => fields[7] ?? '')
    .filter((name) => name.startsWith('@'));
}

function rowsOf(table: string): string[][] {
  try {
    const lines = readFileSync(table, 'latin1').split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).map((name) => readlinkSync(`${folder}/${name}`));
}
