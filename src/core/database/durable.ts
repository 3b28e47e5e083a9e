import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes what a file or folder holds survive a power cut; of a folder, that is the names in it. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Renames so that the new name survives a power cut. Both names lie in one folder. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncPath(dirname(to));
}

/** Files that SQLite keeps beside a database: its write-ahead log, that one's index, and the rollback journal. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** Removes what SQLite keeps beside a database, so that the removal survives a power cut. */
export function removeCompanions(file: string): void {
  const present = COMPANIONS.map((suffix) => `${file}${suffix}`).filter((path) => existsSync(path));
  if (present.length === 0) return;
  for (const path of present) rmSync(path);
  syncPath(dirname(file));
}

/** Removes a database and everything beside it. */
export function removeDatabase(file: string): void {
  for (const path of [file, ...COMPANIONS.map((suffix) => `${file}${suffix}`)]) rmSync(path, { force: true });
}
