// Works on databases of AiKore while nobody, or AiKore itself, has them open.
//   backup-database.mjs copy FROM TO     a consistent copy of a database that may be in use
//   backup-database.mjs check FILE       whether a file is a whole database that this AiKore can open
//   backup-database.mjs free FILE        whether nobody holds the lock of a data directory (run/aikore.lock)
//   backup-database.mjs running FILE     the names of the instances that run, one a line
import { existsSync, readFileSync } from 'node:fs';
import { Database } from '../dist/aikore/sqlite.js';

const [order, file, target] = process.argv.slice(2);
const PROGRAM = `${import.meta.dirname}/../dist/aikore/main.js`;
const RUNNING = ['queued', 'starting', 'started', 'stalled', 'stopping'];

function open(path) {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  // What a hostile file could bring along: functions in its schema, cells that overlap.
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  return database;
}

/** Migrations that the database has been through and this AiKore does not know: the program has each one's name in it. */
function unknownMigrations(database) {
  const isOurs =
    database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").get() !== undefined;
  if (!isOurs) return [];
  const program = readFileSync(PROGRAM, 'utf8');
  const applied = database.prepare('SELECT name FROM migrations').pluck().all();
  return applied.filter((name) => !/^\w+$/.test(name) || !program.includes(name));
}

const orders = {
  async copy() {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    await database.backup(target);
    database.close();
  },
  check() {
    const database = open(file);
    try {
      const tables = database
        .prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'instances'")
        .pluck()
        .get();
      if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok' || tables !== 1)
        throw new Error('its database is damaged, or none of AiKore.');
      if (unknownMigrations(database).length > 0)
        throw new Error('it was written by a newer AiKore; start that version to put it back.');
    } finally {
      database.close();
    }
  },
  free() {
    if (!existsSync(file)) return;
    const lock = new Database(file, { timeout: 0 });
    try {
      lock.pragma('journal_mode = MEMORY');
      lock.exec('BEGIN EXCLUSIVE; ROLLBACK');
    } catch {
      throw new Error('AiKore is running on this volume: stop it first.');
    } finally {
      lock.close();
    }
  },
  running() {
    if (!existsSync(file)) return;
    const database = open(file);
    const names = database
      .prepare(`SELECT name FROM instances WHERE status IN (${RUNNING.map(() => '?').join()}) ORDER BY name`)
      .pluck()
      .all(RUNNING);
    database.close();
    if (names.length > 0) process.stdout.write(`${names.join('\n')}\n`);
  },
};

try {
  if (!Object.hasOwn(orders, order)) throw new Error('copy, check, free or running');
  await orders[order]();
} catch (error) {
  console.error(`aikore: ${error.message}`);
  process.exitCode = 1;
}
