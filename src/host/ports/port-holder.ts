import { readFileSync } from 'node:fs';
import { processEyes } from '../processes/current-eyes.js';
import { programName } from '../processes/program-name.js';

/** Who listens on a port. */
export interface PortHolder {
  /** null when the process belongs to somebody whose descriptors cannot be read. */
  pid: number | null;
  command: string | null;
}

/** State `LISTEN` in /proc/net/tcp (include/net/tcp_states.h). */
export const LISTEN = '0A';

/**
 * Sockets that listen, as port → inode, from /proc/net/tcp and tcp6 of this network namespace. Read in one go: the kernel
 * makes the text while it is read, and reading it piece by piece through the thread pool takes several times as long.
 */
export function listeningPorts(): Map<number, string> {
  const ports = new Map<number, string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const table = readTable(file);
    for (const line of table.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
      const inode = fields[9];
      if (fields[3] === LISTEN && inode !== undefined && !Number.isNaN(port)) ports.set(port, inode);
    }
  }
  return ports;
}

/** A kernel without IPv6 has no table for it. */
export function readTable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Finds who listens on a port; null when nobody does. Reads every process's descriptors: for messages, not for loops. */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const inode = listeningPorts().get(port);
  if (inode === undefined) return null;
  const pid = await processEyes()
    .holderOf(`socket:[${inode}]`)
    .catch(() => null);
  if (pid === null) return { pid, command: null };
  return { pid, command: programName(pid) || null };
}

/** For a sentence: `python3 (pid 4242)`. */
export function describeHolder(holder: PortHolder): string {
  if (holder.pid === null) return 'a process of another user';
  return `${holder.command ?? 'a process'} (pid ${holder.pid})`;
}
