import { readFileSync, statSync } from 'node:fs';
import { DatabaseInUse } from './patience.js';

/**
 * Makes sure that no other process has locks on a file; SQLite holds one on a database with a write-ahead log as long as
 * it has it open. Looked up in the kernel's list (proc_locks(5)), for asking SQLite would change the files beside it.
 * Where that list or the file system does not tell, nobody is found.
 * @throws DatabaseInUse
 */
export function refuseHeldFile(file: string): void {
  const { dev, ino } = statSync(file);
  const mark = `${hex(major(dev))}:${hex(minor(dev))}:${ino}`;
  const holder = lockLines()
    .map((line) => line.split(/\s+/))
    .find((fields) => fields[5] === mark && fields[4] !== String(process.pid));
  if (holder === undefined) return;
  throw new DatabaseInUse(`Process ${holder[4] ?? '?'} has it open`);
}

function lockLines(): string[] {
  try {
    return readFileSync('/proc/locks', 'utf8').split('\n');
  } catch {
    return [];
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(2, '0');
}

/** A device number's two halves as glibc's makedev(3) packs them. */
function major(dev: number): number {
  return Number((BigInt(dev) >> 8n) & 0xfffn);
}

function minor(dev: number): number {
  const packed = BigInt(dev);
  return Number((packed & 0xffn) | ((packed >> 12n) & 0xfff00n));
}
