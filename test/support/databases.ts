import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../src/core/database/sqlite.js';

export type Row = Record<string, unknown>;

/** Reads a database that nobody shall touch: from a copy, its log included. */
export function query(file: string, statement: string): Row[] {
  return withCopy(file, (database) => database.prepare<[], Row>(statement).all());
}

export function isSound(file: string): boolean {
  return withCopy(file, (database) => database.pragma('integrity_check', { simple: true })) === 'ok';
}

/** Changes a database that nobody has open. */
export function change(file: string, statements: string): void {
  const database = new Database(file);
  database.exec(statements);
  database.close();
}

/** The backups of a data directory, oldest first. */
export function backupsOf(dataDir: string): string[] {
  const folder = join(dataDir, 'backups');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

function withCopy<T>(file: string, task: (database: Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-read-'));
  const copy = join(folder, 'copy.db');
  for (const suffix of ['', '-wal', '-journal'])
    if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
  const database = new Database(copy);
  try {
    return task(database);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}
