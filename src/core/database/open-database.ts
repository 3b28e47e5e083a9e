import { copyFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, MigrationInterface, Logger as TypeOrmLogger } from 'typeorm';
import { isDiskFull, messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { Backups } from './backups.js';
import { removeDatabase } from './durable.js';
import { refuseHeldFile } from './file-holders.js';
import { WITHOUT_SHARED_INDEX, findDatabaseFile, inspectDatabase } from './inspect.js';
import type { DatabaseState } from './inspect.js';
import { refuseNewerDatabase } from './newer-database.js';
import { patiently } from './patience.js';
import type { Predecessor } from './predecessor.js';
import { DatabaseRefused } from './refused.js';
import { Replacement } from './replacement.js';
import { Database } from './sqlite.js';

type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  dataDir: string;
  // The entity classes have nothing in common but being classes, which is how TypeORM types them too.
  entities: Exclude<DataSourceOptions['entities'], undefined>;
  migrations: MigrationClass[];
  logger: Logger;
  /** Nobody else is to read it: applications run as another user than AiKore. */
  isPrivate?: boolean;
  /** Whose database is taken over besides our own. */
  predecessor?: Predecessor;
}

/**
 * How long SQLite may wait for a lock. The driver is synchronous, so a longer wait would freeze the event loop; nobody
 * else is meant to hold the file.
 */
const BUSY_TIMEOUT_MS = 50;

/**
 * Opens `aikore.db`. What is to be migrated or taken over is never changed in place: it is backed up, a new database is
 * built beside it and checked, and only then takes its place. A failure leaves the old one as it was.
 * The data directory is this process's alone (data-lock.ts).
 * @throws DatabaseRefused with a sentence for the operator
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const file = findDatabaseFile(join(options.dataDir, 'aikore.db'));
  const backups = new Backups(options.dataDir);
  const replacement = new Replacement(file, options.isPrivate);
  const known = options.migrations.map((migration) => new migration().name ?? migration.name);
  prepare(file, () => {
    replacement.settle();
    backups.settle();
  });
  const state = await patiently(file, () =>
    inspectDatabase(file, backups.incoming, options.predecessor ?? null),
  );
  try {
    if (state.kind === 'ours') refuseNewerDatabase(file, state.applied, known, backups);
    if (state.kind === 'empty') refuseLostContent(file, options.dataDir);
    if (state.kind === 'absent' || state.kind === 'empty') refuseLonelyLog(file);
    const isCurrent = state.kind === 'ours' && known.every((name) => state.applied.includes(name));
    if (!isCurrent) await replace(file, state, { backups, replacement, options });
  } finally {
    prepare(file, () => backups.settle());
  }
  prepare(file, () => replacement.shutOthersOut());
  return connect(file, options);
}

interface Workshop {
  backups: Backups;
  replacement: Replacement;
  options: DatabaseOptions;
}

/** Builds the new database beside the old one and puts it in its place. */
async function replace(file: string, found: DatabaseState, workshop: Workshop): Promise<void> {
  const { replacement, options } = workshop;
  const backup = await backUp(file, found, workshop);
  if (backup !== null) options.logger.info('database backed up before it is migrated', { backup });
  try {
    replacement.begin();
    if (found.kind === 'ours' && backup !== null) copyFileSync(backup, replacement.draft);
    await build(replacement.draft, options, async (draft) => {
      if (found.kind === 'predecessor' && backup !== null) await translate(backup, draft, options);
    });
    if (found.kind !== 'absent') await patiently(file, () => refuseHeldFile(file));
    replacement.promote();
  } catch (error) {
    removeDatabase(replacement.draft);
    if (error instanceof DatabaseRefused) throw error;
    const state = replacement.isPending ? 'The next start tries again' : 'The database is as it was before';
    const rest = backup === null ? '' : ` ${state}; a copy is ${backup}.`;
    const remedy = isDiskFull(error) ? ' The disk is full; free some space and start again.' : '';
    throw new DatabaseRefused(
      `The database ${file} could not be brought to this version: ${messageOf(error)}.${rest}${remedy}`,
    );
  }
}

async function backUp(file: string, state: DatabaseState, { backups }: Workshop): Promise<string | null> {
  if (state.kind === 'predecessor') return backups.adopt(state.copy.file, `${state.label}-`);
  if (state.kind !== 'ours') return null;
  return patiently(file, () => {
    refuseHeldFile(file);
    return backups.backUp(file);
  });
}

async function translate(backup: string, draft: DataSource, options: DatabaseOptions): Promise<void> {
  const from = new Database(backup, { readonly: true });
  try {
    await options.predecessor?.translate(from, draft);
  } finally {
    from.close();
  }
}

/** A draft needs no journal and no sync: one that was interrupted is thrown away, a finished one is synced as a whole. */
async function build(
  file: string,
  options: DatabaseOptions,
  fill: (draft: DataSource) => Promise<void>,
): Promise<void> {
  const draft = sourceOf(file, options, ['journal_mode = MEMORY', 'synchronous = OFF', 'foreign_keys = ON']);
  try {
    await draft.initialize();
    await draft.runMigrations({ transaction: 'each' });
    await fill(draft);
    await verify(draft);
  } finally {
    if (draft.isInitialized) await draft.destroy();
  }
}

async function verify(source: DataSource): Promise<void> {
  const integrity: unknown = await source.query('PRAGMA integrity_check(1)');
  const orphans: unknown = await source.query('PRAGMA foreign_key_check');
  const isSound =
    JSON.stringify(integrity) === '[{"integrity_check":"ok"}]' && JSON.stringify(orphans) === '[]';
  if (!isSound) throw new Error('the check after the migration found damage');
}

async function connect(file: string, options: DatabaseOptions): Promise<DataSource> {
  try {
    return await patiently(file, () =>
      connectOnce(file, options, PRAGMAS).catch((error: unknown) => {
        if (!isDiskFull(error)) throw error;
        // For this process alone until the next start, which needs no room.
        return connectOnce(file, options, [WITHOUT_SHARED_INDEX, ...PRAGMAS]);
      }),
    );
  } catch (error) {
    if (error instanceof DatabaseRefused) throw error;
    const remedy = isDiskFull(error)
      ? 'The disk is full; free some space and start again.'
      : 'It was left as it is; put a file from the folder backups/ in its place.';
    throw new DatabaseRefused(`The database ${file} cannot be opened (${messageOf(error)}). ${remedy}`);
  }
}

const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];

async function connectOnce(
  file: string,
  options: DatabaseOptions,
  pragmas: readonly string[],
): Promise<DataSource> {
  const source = await sourceOf(file, options, pragmas).initialize();
  try {
    await checkReadable(source);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

function sourceOf(file: string, options: DatabaseOptions, pragmas: readonly string[]): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: Database,
    database: file,
    timeout: BUSY_TIMEOUT_MS,
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'each',
    logger: silence,
    prepareDatabase: (database: Database) => {
      try {
        for (const pragma of pragmas) database.pragma(pragma);
      } catch (error) {
        // Nobody else knows the connection yet, and a lock that it holds would keep out the next attempt.
        database.close();
        throw error;
      }
    },
  });
}

const nothing = (): void => undefined;

/** Whatever TypeORM prints by itself: its errors are thrown as well, and told by whoever they reach. */
const silence: TypeOrmLogger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** JSON in a column is text to SQLite, whose check does not notice a damaged one; reading that row would throw. */
async function checkReadable(source: DataSource): Promise<void> {
  for (const { tableName, columns } of source.entityMetadatas) {
    for (const { type, databaseName } of columns) {
      if (type !== 'simple-json') continue;
      const broken = await source.query<unknown[]>(
        `SELECT 1 FROM "${tableName}" WHERE "${databaseName}" IS NOT NULL AND NOT json_valid("${databaseName}") LIMIT 1`,
      );
      if (broken.length > 0) throw new Error(`it is damaged: unreadable ${databaseName} in ${tableName}`);
    }
  }
}

/**
 * A database without tables is a new one only where there was no other: one that lost its write-ahead log, or was cut to
 * nothing, looks the same, and nobody's instances shall silently be gone.
 */
function refuseLostContent(file: string, dataDir: string): void {
  if (namesIn(join(dataDir, 'instances')).length === 0) return;
  throw new DatabaseRefused(
    `The database ${file} is empty, though there are instances in the folder instances/. It was left as it is; put a file from the folder backups/ in its place, or delete it to start without instances.`,
  );
}

/** A log without its database is all that is left of what was written last. */
function refuseLonelyLog(file: string): void {
  const log = `${file}-wal`;
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  throw new DatabaseRefused(
    `The database ${file} is missing or empty, though its log ${log} is there. Both were left as they are; put the database back beside its log, or move the log away to start empty.`,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @throws DatabaseRefused */
function prepare(file: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    throw new DatabaseRefused(
      `Files beside the database ${file}, or in backups/, cannot be written (${messageOf(error)}). The database was left as it is.`,
    );
  }
}
