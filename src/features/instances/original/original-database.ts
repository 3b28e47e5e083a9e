import type { Database } from '../../../core/database/sqlite.js';
import { ORIGINAL_COLUMNS, readOriginalRow } from './domain/original-row.js';
import type { OriginalRow, StoredValue } from './domain/original-row.js';

/** The newest schema of the original AiKore. */
const NEWEST_VERSION = 6;

/** What every version of its table has; less is some other program's. */
const REQUIRED = ['id', 'name', 'base_blueprint', 'gpu_ids', 'autostart', 'port', 'persistent_port'] as const;

/** Which columns tell a version where the database does not say it itself. */
const SINCE: [column: string, version: number][] = [
  ['python_version', 6],
  ['parent_instance_id', 5],
  ['output_path', 4],
  ['use_custom_hostname', 3],
  ['hostname', 2],
];

/**
 * The schema version of a database of the original AiKore.
 * @returns null when the database is none
 * @throws Error with a sentence's part when it is one of an unknown version
 */
export function originalVersionOf(database: Database): number | null {
  const columns = columnsOf(database, 'instances');
  if (!REQUIRED.every((column) => columns.has(column))) return null;
  const told = toldVersion(database);
  if (told === null) return SINCE.find(([column]) => columns.has(column))?.[1] ?? 1;
  const version = /^\d{1,9}$/.test(told) ? Number(told) : 0;
  if (version > NEWEST_VERSION)
    throw new Error(
      `it has schema version ${version} of the original AiKore, which is newer than ${NEWEST_VERSION}, the newest that is known`,
    );
  if (version < 1) throw new Error(`its schema version reads ${JSON.stringify(told.slice(0, 40))}`);
  return version;
}

/** Every instance, in the order of the ids. @throws RangeError */
export function readOriginalRows(database: Database): OriginalRow[] {
  const present = columnsOf(database, 'instances');
  const columns = ORIGINAL_COLUMNS.filter((column) => present.has(column));
  const rows = database
    .prepare<[], Record<string, StoredValue>>(`SELECT ${columns.join(', ')} FROM instances ORDER BY id`)
    // Numbers as they are stored: a double would make one id of two.
    .safeIntegers(true)
    .all();
  return rows.map(readOriginalRow);
}

/** What `aikore_meta` says; null when it says nothing, as before version 2. */
function toldVersion(database: Database): string | null {
  const columns = columnsOf(database, 'aikore_meta');
  if (!columns.has('key') || !columns.has('value')) return null;
  const row = database
    .prepare<[], { value: unknown }>("SELECT value FROM aikore_meta WHERE key = 'schema_version'")
    .get();
  return row === undefined ? null : String(row.value).trim();
}

/** Columns of a table; none when there is no such table. */
function columnsOf(database: Database, table: 'instances' | 'aikore_meta'): Set<string> {
  const isTable = database
    .prepare<[string]>("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
    .get(table);
  if (isTable === undefined) return new Set();
  const columns = database.pragma(`table_info(${table})`) as { name: string }[];
  return new Set(columns.map(({ name }) => name));
}
