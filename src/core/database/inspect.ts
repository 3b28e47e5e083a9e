import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isDiskFull, messageOf } from '../errors.js';
import { DatabaseRefused } from './refused.js';
import { isBusy } from './patience.js';
import type { Predecessor } from './predecessor.js';
import { PrivateCopy } from './private-copy.js';
import { APPLICATION_ID } from './replacement.js';
import { checkSound, distrust } from './sound.js';
import { Database } from './sqlite.js';

/** What a database file is, found out without changing it. */
export type DatabaseState =
  | { kind: 'absent' }
  /** A database without any table. */
  | { kind: 'empty' }
  | { kind: 'ours'; applied: string[] }
  /** `copy` is the caller's to discard. */
  | { kind: 'predecessor'; label: string; copy: PrivateCopy };

/** TypeORM's own name for the table of applied migrations. */
const MIGRATIONS_TABLE = 'migrations';
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const APPLICATION_ID_OFFSET_BYTES = 68;

/**
 * The file behind the name, which may be a link to another disk.
 * @throws DatabaseRefused when something else has the name, or it cannot be written
 */
export function findDatabaseFile(name: string): string {
  try {
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return name;
    const file = realpathSync(name);
    if (!lstatSync(file).isFile()) throw new Error('it is not an ordinary file');
    accessSync(file, constants.R_OK | constants.W_OK);
    // SQLite keeps files beside it.
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return file;
  } catch (error) {
    throw new DatabaseRefused(
      `The database ${name} cannot be used (${messageOf(error)}). It was left as it is.`,
    );
  }
}

/**
 * Looks at a database without changing it.
 * @param copyFolder where a copy may be made
 * @throws DatabaseRefused when it cannot be read as a database, or is nobody's that is known; DatabaseInUse
 */
export function inspectDatabase(
  file: string,
  copyFolder: string,
  predecessor: Predecessor | null,
): DatabaseState {
  if (!existsSync(file)) return { kind: 'absent' };
  try {
    const header = headerOf(file);
    if (header.isOurs) return inspectOurs(file);
    if (!header.isDatabase) throw new Error('it is not a database');
    return inspectCopy(PrivateCopy.of(file, copyFolder), predecessor);
  } catch (error) {
    if (isBusy(error)) throw error;
    const remedy = isDiskFull(error)
      ? 'The disk is full; free some space and start again.'
      : 'It was left as it is; put a file from the folder backups/ in its place, or move it away to start empty.';
    throw new DatabaseRefused(`The database ${file} cannot be read (${messageOf(error)}). ${remedy}`);
  }
}

/** What the first bytes tell (sqlite.org/fileformat2.html); nothing is certain while a rollback journal waits beside. */
function headerOf(file: string): { isDatabase: boolean; isOurs: boolean } {
  if (existsSync(`${file}-journal`)) return { isDatabase: true, isOurs: false };
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const isEmpty = readSync(descriptor, header, 0, header.length, 0) === 0;
    const isDatabase = header.toString('latin1', 0, MAGIC.length) === MAGIC;
    const isOurs = isDatabase && header.readUInt32BE(APPLICATION_ID_OFFSET_BYTES) === APPLICATION_ID;
    return { isDatabase: isDatabase || isEmpty, isOurs };
  } finally {
    closeSync(descriptor);
  }
}

function inspectOurs(file: string): DatabaseState {
  const look = (database: Database): DatabaseState => {
    checkSound(database);
    if (!tablesOf(database).has(MIGRATIONS_TABLE)) throw new Error('its tables are missing');
    return { kind: 'ours', applied: appliedTo(database) };
  };
  try {
    return withDatabase(file, look);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return withDatabase(file, look, true);
  }
}

/**
 * Reading a database with a write-ahead log needs a file for the index of that log, which a full disk has no room for. A
 * connection that keeps all others out has the index in memory instead (sqlite.org/wal.html, section 6).
 */
export const WITHOUT_SHARED_INDEX = 'locking_mode = EXCLUSIVE';

function inspectCopy(copy: PrivateCopy, predecessor: Predecessor | null): DatabaseState {
  let state: DatabaseState | null = null;
  try {
    state = withDatabase(copy.file, (database) => {
      checkSound(database);
      const tables = tablesOf(database);
      if (tables.size === 0) return { kind: 'empty' };
      if (tables.has(MIGRATIONS_TABLE)) return { kind: 'ours', applied: appliedTo(database) };
      const label = predecessor?.recognise(database) ?? null;
      if (label === null) throw new Error('it belongs to another program');
      return { kind: 'predecessor', label, copy };
    });
    return state;
  } finally {
    if (state?.kind !== 'predecessor') copy.discard();
  }
}

function withDatabase<T>(file: string, task: (database: Database) => T, isAlone = false): T {
  const database = new Database(file, { readonly: !isAlone, timeout: 0 });
  try {
    if (isAlone) database.pragma(WITHOUT_SHARED_INDEX);
    distrust(database);
    return task(database);
  } finally {
    database.close();
  }
}

function tablesOf(database: Database): Set<string> {
  const rows = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all();
  return new Set(rows.map(({ name }) => name));
}

/**
 * The migrations of a database file that nobody writes, a backup for example.
 * @returns null when it is none of ours, or cannot be read
 */
export function migrationsOf(file: string): string[] | null {
  try {
    return withDatabase(file, (database) =>
      tablesOf(database).has(MIGRATIONS_TABLE) ? appliedTo(database) : null,
    );
  } catch {
    return null;
  }
}

function appliedTo(database: Database): string[] {
  return database
    .prepare<[], { name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)
    .all()
    .map(({ name }) => name);
}
