import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isDiskFull, messageOf } from '../errors.js';

/** A database file that AiKore refuses to open; the file is left as it was. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

/** What a database file is, found out by reading only. */
export type DatabaseState =
  { kind: 'absent' } | { kind: 'empty' } | { kind: 'original' } | { kind: 'ours'; applied: string[] };

/** TypeORM's own name for the table of applied migrations. */
const MIGRATIONS_TABLE = 'migrations';

/**
 * Looks at a database file without changing it.
 * @throws DatabaseRefused when it cannot be read as a database
 */
export function inspectDatabase(file: string): DatabaseState {
  if (!existsSync(file)) return { kind: 'absent' };
  try {
    return look(new Database(file, { readonly: true, timeout: 0 }));
  } catch (error) {
    if (!isDiskFull(error)) throw unreadable(file, error);
  }
  try {
    const database = new Database(file, { timeout: 0 });
    goWithoutSharedIndex(database);
    return look(database);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/**
 * Reading a database with a write-ahead log needs a file for the index of that log, which a full disk has no room for. A
 * connection that keeps all others out has the index in memory instead (sqlite.org/wal.html, section 6).
 */
export function goWithoutSharedIndex(database: Database.Database): void {
  database.pragma('locking_mode = EXCLUSIVE');
}

/** Looks, and closes. */
function look(database: Database.Database): DatabaseState {
  try {
    const tables = new Set(
      database
        .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map((row) => row.name),
    );
    if (tables.has(MIGRATIONS_TABLE)) {
      const damage = database.pragma('quick_check(1)', { simple: true });
      if (damage !== 'ok') throw new Error(String(damage));
      const applied = database
        .prepare<[], { name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)
        .all();
      return { kind: 'ours', applied: applied.map((row) => row.name) };
    }
    return tables.size === 0 ? { kind: 'empty' } : { kind: 'original' };
  } finally {
    database.close();
  }
}

function unreadable(file: string, error: unknown): DatabaseRefused {
  const remedy = isDiskFull(error)
    ? 'The disk is full; free some space and start again.'
    : 'It was left as it is; put a file from the folder backups/ in its place, or move it away to start empty.';
  return new DatabaseRefused(`The database ${file} cannot be read (${messageOf(error)}). ${remedy}`);
}

/**
 * Refuses what this version must not touch: the original AiKore's database, and one that a newer version has migrated.
 * @throws DatabaseRefused
 */
export function refuseForeignDatabase(file: string, state: DatabaseState, known: readonly string[]): void {
  if (state.kind === 'original') {
    throw new DatabaseRefused(
      `${file} belongs to the original Python AiKore, which this version cannot translate yet. It was left untouched; give this AiKore another AIKORE_DATA_DIR.`,
    );
  }
  if (state.kind !== 'ours') return;
  const unknown = state.applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new DatabaseRefused(
      `${file} was written by a newer AiKore (it knows ${unknown.join(', ')}). It was left untouched; start that version, or restore a file from the folder backups/.`,
    );
  }
}
