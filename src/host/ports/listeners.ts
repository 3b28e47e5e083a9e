import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { listeningPorts } from './port-holder.js';

/**
 * Ports on which processes listen that were started with all of these variables, in ascending order. Reads the
 * environment of every process: for messages, not for loops.
 * @param assignments such as `WEBUI_PORT=21000`
 */
export function portsOfProcessesWith(assignments: readonly string[]): number[] {
  const needles = assignments.map((assignment) => Buffer.from(`${assignment}\0`));
  const sockets = new Set<string>();
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && wasStartedWith(entry, needles)) {
      for (const socket of socketsOf(entry)) sockets.add(socket);
    }
  }
  const found = [...listeningPorts()].filter(([, inode]) => sockets.has(`socket:[${inode}]`));
  return found.map(([port]) => port).sort((a, b) => a - b);
}

function wasStartedWith(pid: string, needles: readonly Buffer[]): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`);
    return needles.every((needle) => environment.includes(needle));
  } catch {
    return false;
  }
}

function socketsOf(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((name) => readlinkSync(`${folder}/${name}`));
  } catch {
    return [];
  }
}
