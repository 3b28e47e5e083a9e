import type { Backups } from './backups.js';
import { migrationsOf } from './inspect.js';
import { DatabaseRefused } from './refused.js';

/**
 * A database that a newer version has migrated is not touched; which backup this version can work with is said.
 * @param applied migrations that the database has
 * @param known migrations of this version
 * @throws DatabaseRefused
 */
export function refuseNewerDatabase(
  file: string,
  applied: readonly string[],
  known: readonly string[],
  backups: Backups,
): void {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const backup = backups.newestFirst().find((candidate) => isOf(candidate, known));
  const remedy =
    backup === undefined
      ? `in ${backups.folder} there is no backup that this version can read`
      : `or go back to the state before it: put the backup ${backup} in its place`;
  throw new DatabaseRefused(
    `${file} was written by a newer AiKore (it knows ${unknown.join(', ')}). It was left untouched; start that version, ${remedy}.`,
  );
}

function isOf(backup: string, known: readonly string[]): boolean {
  const applied = migrationsOf(backup);
  return applied !== null && applied.every((name) => known.includes(name));
}
