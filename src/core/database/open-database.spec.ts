import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLogger } from '../logging.js';
import { DatabaseRefused } from './refused.js';
import { openDatabase } from './open-database.js';
import { Database } from './sqlite.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-database-'));
let dataDir = '';
let file = '';
let count = 0;

beforeEach(() => {
  count += 1;
  dataDir = join(root, String(count));
  file = join(dataDir, 'aikore.db');
  mkdirSync(dataDir);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A migration that runs some statements. */
function migration(name: string, ...statements: string[]): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = name;
    async up(runner: QueryRunner): Promise<void> {
      for (const statement of statements) await runner.query(statement);
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  };
}

const first = migration(
  'First1700000000001',
  'CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id))',
);
const second = migration(
  'Second1700000000002',
  'ALTER TABLE parents ADD COLUMN age INTEGER',
  "UPDATE parents SET name = 'changed'",
);

const open = (...migrations: (new () => MigrationInterface)[]) =>
  openDatabase({ dataDir, entities: [], migrations, logger: createLogger(false, () => undefined) });

/** Opens with the first migration, writes a row, closes. */
async function prepared(): Promise<void> {
  const source = await open(first);
  await source.query("INSERT INTO parents (name) VALUES ('kept')");
  await source.destroy();
}

function read(path: string, statement: string): unknown[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(statement).all();
  } finally {
    database.close();
  }
}

const backups = () => {
  try {
    return readdirSync(join(dataDir, 'backups'));
  } catch {
    return [];
  }
};

async function refusal(...migrations: (new () => MigrationInterface)[]): Promise<DatabaseRefused> {
  const error: unknown = await open(...migrations).then(
    async (source) => {
      await source.destroy();
      return null;
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseRefused);
  return error as DatabaseRefused;
}

describe('opening the database', () => {
  it('makes a new one durable: write-ahead log, full synchronisation, foreign keys', async () => {
    const source = await open(first);
    expect(await source.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await source.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    await expect(source.query('INSERT INTO children (parent) VALUES (99)')).rejects.toThrow(/FOREIGN KEY/);
    await source.destroy();
    expect(backups()).toEqual([]);
  });

  it('makes no backup when nothing is pending', async () => {
    await prepared();
    await (await open(first)).destroy();
    expect(backups()).toEqual([]);
    expect(read(file, 'SELECT name FROM parents')).toEqual([{ name: 'kept' }]);
  });

  it('backs up before a pending migration; the backup opens and holds the old content', async () => {
    await prepared();
    await (await open(first, second)).destroy();
    expect(read(file, 'SELECT name, age FROM parents')).toEqual([{ name: 'changed', age: null }]);
    const [backup = ''] = backups();
    expect(backups()).toHaveLength(1);
    expect(read(join(dataDir, 'backups', backup), 'SELECT * FROM parents')).toEqual([
      { id: 1, name: 'kept' },
    ]);
  });

  it('puts the old content back when a migration fails half way', async () => {
    await prepared();
    const broken = migration('Broken1700000000003', 'DELETE FROM parents', 'SELECT * FROM nowhere');
    const error = await refusal(first, second, broken);
    expect(error.message).toMatch(/could not be brought to this version: .*nowhere.+as it was before/);
    expect(read(file, 'SELECT * FROM parents')).toEqual([{ id: 1, name: 'kept' }]);
    expect(read(file, 'SELECT name FROM migrations')).toEqual([{ name: 'First1700000000001' }]);
    const source = await open(first);
    expect(await source.query('SELECT name FROM parents')).toEqual([{ name: 'kept' }]);
    await source.destroy();
  });

  it('puts the old content back when the check after the migration finds damage', async () => {
    await prepared();
    const database = new Database(file);
    database.pragma('foreign_keys = OFF');
    database.exec('INSERT INTO children (parent) VALUES (99)');
    database.close();
    expect((await refusal(first, second)).message).toMatch(/found damage.+as it was before/);
    expect(read(file, 'SELECT name FROM migrations')).toEqual([{ name: 'First1700000000001' }]);
    expect(read(file, 'SELECT * FROM parents')).toEqual([{ id: 1, name: 'kept' }]);
  });

  it('says so, and leaves no half backup, when the backup itself cannot be made', async () => {
    await prepared();
    const before = readFileSync(file);
    writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be');
    const error = await refusal(first, second);
    expect(error.message).toMatch(/backup/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('what is not ours', () => {
  it('is refused when a newer version has migrated it', async () => {
    await (await open(first, second)).destroy();
    const before = readFileSync(file);
    expect((await refusal(first)).message).toMatch(/newer AiKore.+Second1700000000002/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused when it has tables, but not of any program that is known', async () => {
    const database = new Database(file);
    database.exec('CREATE TABLE instances (id INTEGER); CREATE TABLE aikore_meta (key TEXT)');
    database.close();
    const before = readFileSync(file);
    expect((await refusal(first)).message).toMatch(/belongs to another program/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused when it is no database at all', async () => {
    writeFileSync(file, 'not a database, but long enough'.repeat(100));
    const before = readFileSync(file);
    expect((await refusal(first)).message).toMatch(/cannot be read/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
