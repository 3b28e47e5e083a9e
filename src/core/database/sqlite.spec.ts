import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemCodeOf } from '../errors.js';
import { Database, SQLITE_PACKAGE } from './sqlite.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-sqlite-'));
afterAll(() => rmSync(root, { recursive: true }));

const driver = resolve(import.meta.dirname, '../../../node_modules', SQLITE_PACKAGE);

/** Runs a script that has the library as `Database`. */
function run(script: string) {
  const whole = `const Database = require(${JSON.stringify(driver)}); ${script}`;
  return spawnSync(process.execPath, ['-e', whole], { encoding: 'utf8' });
}

/** The code of what is thrown. */
function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return 'nothing was thrown';
  } catch (error) {
    return systemCodeOf(error);
  }
}

/** Both versions have to do the same: what AiKore takes for granted is asked of whichever this Node loads. */
describe('the SQLite of this Node', () => {
  it('is the one that it can load', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const isOld = major < 22 || (major === 22 && minor < 14);
    expect(SQLITE_PACKAGE).toBe(isOld ? 'better-sqlite3-node20' : 'better-sqlite3');
  });

  // One that is bound to the inside of Node's engine ends newer ones when an idle process tidies its memory, ten seconds
  // after its last work; the flag, which old engines do not know and do not mind, makes that soon.
  it('outlives statements that are collected', () => {
    const script = `
      require('node:v8').setFlagsFromString('--gc-memory-reducer-start-delay-ms=20');
      const database = new Database(':memory:');
      const use = () => { for (let n = 0; n < 2000; n += 1) database.prepare('SELECT ' + n).get(); };
      use();
      let ballast = Array.from({ length: 300 }, () => new Array(10_000).fill(1));
      setTimeout(() => { ballast = null; use(); }, 100);
      setTimeout(() => console.log('fine'), 600);
    `;
    expect(run(script)).toMatchObject({ status: 0, signal: null, stdout: 'fine\n' });
  });

  it('syncs every commit in a write-ahead log, and keeps references whole', () => {
    const database = new Database(join(root, 'defaults.db'));
    database.pragma('journal_mode = WAL');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    database.pragma('trusted_schema = OFF');
    expect(database.pragma('trusted_schema', { simple: true })).toBe(0);
    database.close();
  });

  it('names what went wrong with the codes that AiKore goes by', () => {
    const file = join(root, 'busy.db');
    const holder = new Database(file);
    holder.exec('CREATE TABLE t (id INTEGER PRIMARY KEY); BEGIN EXCLUSIVE');
    const other = new Database(file, { timeout: 0 });
    expect(codeOf(() => other.exec('INSERT INTO t VALUES (1)'))).toBe('SQLITE_BUSY');
    holder.exec('COMMIT; PRAGMA max_page_count = 1');
    expect(codeOf(() => holder.exec('CREATE TABLE more (x); CREATE TABLE even_more (x)'))).toBe(
      'SQLITE_FULL',
    );
    other.close();
    holder.close();
    const broken = join(root, 'broken.db');
    writeFileSync(broken, 'no database'.repeat(100));
    expect(codeOf(() => new Database(broken).pragma('user_version'))).toBe('SQLITE_NOTADB');
  });

  it('makes a whole copy of a database that has a log, and gives back large numbers as they are', () => {
    const database = new Database(join(root, 'source.db'));
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (9007199254740993)');
    database.prepare('VACUUM INTO ?').run(join(root, 'copy.db'));
    const copy = new Database(join(root, 'copy.db'), { readonly: true });
    expect(copy.pragma('integrity_check(1)', { simple: true })).toBe('ok');
    expect(copy.prepare('SELECT id FROM t').safeIntegers(true).pluck().get()).toBe(9007199254740993n);
    expect(copy.prepare("SELECT json_valid('{'), json_valid('{}')").raw().get()).toEqual([0, 1]);
    copy.close();
    database.close();
  });

  it('plays back the log of a process that was killed', () => {
    const file = join(root, 'killed.db');
    const script = `
      const database = new Database(${JSON.stringify(file)});
      database.pragma('journal_mode = WAL');
      database.exec('CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (7)');
      process.kill(process.pid, 'SIGKILL');
    `;
    expect(run(script).signal).toBe('SIGKILL');
    const database = new Database(file);
    expect(database.prepare('SELECT id FROM t').pluck().get()).toBe(7);
    database.close();
  });
});
