import { readFileSync } from 'node:fs';

/** What it takes to start, end and serve the processes of another user, by their bits (linux/capability.h). */
const NEEDED = [
  ['CHOWN', 0],
  ['DAC_OVERRIDE', 1],
  ['FOWNER', 3],
  ['KILL', 5],
  ['SETGID', 6],
  ['SETUID', 7],
] as const;

/**
 * Names of the capabilities that a process lacks for having applications run as another user.
 * @param status text of /proc/<pid>/status (proc(5), `CapEff`)
 */
export function missingCapabilities(status: string): string[] {
  const mask = BigInt(`0x${/^CapEff:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return NEEDED.filter(([, bit]) => (mask & (1n << BigInt(bit))) === 0n).map(([name]) => name);
}

/** The same of this process. */
export function ownMissingCapabilities(): string[] {
  return missingCapabilities(readFileSync('/proc/self/status', 'latin1'));
}
