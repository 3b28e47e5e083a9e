import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { isDiskFull, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { DatabaseRefused, goWithoutSharedIndex, inspectDatabase, refuseForeignDatabase } from './inspect.js';

type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  dataDir: string;
  // The entity classes have nothing in common but being classes, which is how TypeORM types them too.
  entities: Exclude<DataSourceOptions['entities'], undefined>;
  migrations: MigrationClass[];
  logger: Logger;
}

/**
 * How long SQLite may wait for a lock. The driver is synchronous, so a longer wait would freeze the event loop; nobody
 * else is meant to hold the file.
 */
const BUSY_TIMEOUT_MS = 50;

/**
 * Opens `aikore.db`: refuses what is not ours, backs up before the first pending migration, migrates one transaction
 * each, checks, and puts the old file back when something failed.
 * @throws DatabaseRefused with a sentence for the operator
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const file = join(options.dataDir, 'aikore.db');
  const known = options.migrations.map((migration) => new migration().name ?? migration.name);
  const state = inspectDatabase(file);
  refuseForeignDatabase(file, state, known);
  const pending = known.filter((name) => state.kind !== 'ours' || !state.applied.includes(name));
  const backup = state.kind === 'ours' && pending.length > 0 ? backUp(file, options.dataDir) : null;
  if (backup !== null) options.logger.info('database backed up before its migration', { backup });

  let source: DataSource | undefined;
  try {
    source = await connect(file, options);
    await source.runMigrations({ transaction: 'each' });
    if (pending.length > 0) await verify(source);
    return source;
  } catch (error) {
    if (source?.isInitialized === true) await source.destroy();
    if (backup !== null) putBack(backup, file);
    const copy = backup === null ? '' : ` The database is as it was before; a copy is ${backup}.`;
    const remedy = isDiskFull(error) ? ' The disk is full; free some space and start again.' : '';
    throw new DatabaseRefused(
      `The database ${file} could not be brought to this version: ${messageOf(error)}.${copy}${remedy}`,
    );
  }
}

/** On a full disk the database is opened for this process alone until the next start, which needs no room. */
async function connect(file: string, options: DatabaseOptions): Promise<DataSource> {
  try {
    return await createSource(file, options, false).initialize();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return createSource(file, options, true).initialize();
  }
}

function createSource(file: string, options: DatabaseOptions, isAlone: boolean): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: file,
    timeout: BUSY_TIMEOUT_MS,
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'each',
    prepareDatabase: (database: Database.Database) => {
      try {
        if (isAlone) goWithoutSharedIndex(database);
        database.pragma('journal_mode = WAL');
        database.pragma('synchronous = FULL');
        database.pragma('foreign_keys = ON');
      } catch (error) {
        // Nobody else knows the connection yet, and a lock that it holds would keep out the next attempt.
        database.close();
        throw error;
      }
    },
  });
}

/** A consistent copy, write-ahead log included. @throws DatabaseRefused; without a backup nothing is migrated */
function backUp(file: string, dataDir: string): string {
  const folder = join(dataDir, 'backups');
  const target = join(folder, `aikore-${new Date().toISOString().replace(/[:.]/g, '-')}.db`);
  // Half a backup must never be taken for a whole one, also not after a death in the middle of it.
  const partial = join(folder, 'unfinished.partial');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeDatabase(partial);
    copyDatabase(file, partial);
    renameSync(partial, target);
  } catch (error) {
    removeDatabase(partial);
    throw new DatabaseRefused(
      `No backup of the database could be made at ${target} (${messageOf(error)}), so it was left untouched.`,
    );
  }
  return target;
}

function copyDatabase(file: string, target: string): void {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
}

function removeDatabase(file: string): void {
  const files = ['', '-journal', '-wal', '-shm'].map((suffix) => `${file}${suffix}`);
  for (const present of files.filter((name) => existsSync(name))) rmSync(present);
}

function putBack(backup: string, file: string): void {
  // By a rename, so that there is never half a database under the name; and nothing of the old one goes before the copy
  // is whole, for the disk may have no room for it.
  copyFileSync(backup, `${file}.restored`);
  for (const leftover of [`${file}-wal`, `${file}-shm`]) rmSync(leftover, { force: true });
  renameSync(`${file}.restored`, file);
}

async function verify(source: DataSource): Promise<void> {
  const integrity: unknown = await source.query('PRAGMA integrity_check(1)');
  const orphans: unknown = await source.query('PRAGMA foreign_key_check');
  const isSound =
    JSON.stringify(integrity) === '[{"integrity_check":"ok"}]' && JSON.stringify(orphans) === '[]';
  if (!isSound) throw new Error('the check after the migration found damage');
}
