import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AUTH_SCHEMA_SQL } from '../../src/core/auth/auth.entities.js';
import { Database } from '../../src/core/database/sqlite.js';
import { INSTANCES_SCHEMA_SQL } from '../../src/features/instances/instances.schema.js';
import { makeOriginalDatabase, ordinaryRow } from '../fixtures/original/original-volume.js';
import { CrashShim } from '../support/crash-shim.js';
import type { DiskCall } from '../support/crash-shim.js';
import { backupsOf, isSound, query } from '../support/databases.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
const shim = new CrashShim(lab.root);

/** The endurance run takes every moment there is, the ordinary one those where names change and some between. */
const IS_SOAK = process.env['AIKORE_SOAK'] === '1';
const OTHER_MOMENTS = 4;
const SWEEP_TIMEOUT_MS = IS_SOAK ? 1_800_000 : 300_000;

/** A database that a start has to replace. */
interface OldDatabase {
  make(file: string): void;
  /** Names of the instances that have to be there afterwards. */
  names: string[];
}

const original: OldDatabase = {
  make: (file) =>
    makeOriginalDatabase(
      file,
      6,
      [ordinaryRow(1, 'one'), ordinaryRow(2, 'two'), ordinaryRow(3, 'three', { parent_instance_id: 2 })],
      true,
    ),
  names: ['one', 'two', 'three'],
};

const older: OldDatabase = {
  make: (file) => {
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.exec([...INSTANCES_SCHEMA_SQL, ...AUTH_SCHEMA_SQL].join(';'));
    database.exec(`
      CREATE TABLE migrations (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint NOT NULL, name varchar NOT NULL);
      INSERT INTO migrations (timestamp, name) VALUES (1700000000001, 'Initial1700000000001');
      INSERT INTO instances (name, slug, base_blueprint, port, position, created_at, updated_at, status, status_reason, status_since, desired)
        VALUES ('kept', 'kept', 'idles.sh', 30001, 1, '', '', 'stopped', '', '', 'stopped');`);
    database.close();
  },
  names: ['kept'],
};

function volume(old: OldDatabase): { dataDir: string; file: string } {
  const dataDir = lab.dataDir();
  const file = join(dataDir, 'aikore.db');
  old.make(file);
  return { dataDir, file };
}

const isDatabaseCall = ({ path }: DiskCall): boolean =>
  /\/aikore(-original[^/]*)?\.db|\/backups\//.test(path);

/** Numbers of the calls before which a start is ended. */
function moments(calls: readonly DiskCall[]): number[] {
  const numbers = calls
    .map((call, index) => ({ call, number: index + 1 }))
    .filter(({ call }) => isDatabaseCall(call));
  if (IS_SOAK) return numbers.map(({ number }) => number);
  const others = numbers.filter(({ call }) => call.name !== 'rename');
  const step = Math.ceil(others.length / OTHER_MOMENTS);
  return numbers
    .filter((moment) => moment.call.name === 'rename' || others.indexOf(moment) % step === 0)
    .map(({ number }) => number);
}

/** What an undisturbed start does until the new database has its place, and what it makes. */
async function undisturbed(old: OldDatabase, traceName: string) {
  const { dataDir, file } = volume(old);
  await (await lab.start(shim.tracing(`${dataDir}/`, traceName), dataDir)).stop();
  const calls = shim.trace(traceName);
  const end = calls.findIndex(({ name, path }) => name === 'rename' && path.endsWith('/aikore.db'));
  expect(end).toBeGreaterThan(20);
  // The sync of the folder after the rename, and the first opening.
  return { calls: calls.slice(0, end + 12), rows: rowsOf(file) };
}

/** What a crash leaves is the old database, untouched, or one that the next start completes. */
function expectOldOrNew(file: string, before: string): void {
  const isReplaced =
    existsSync(`${file}.ready`) || query(file, 'PRAGMA application_id')[0]?.['application_id'] !== 0;
  if (!isReplaced) expect(contentOf(file)).toEqual(before);
  expect(isSound(file)).toBe(true);
}

/** A digest of a database and its log; an empty log, which reading makes, is none. */
function contentOf(file: string): string {
  const hash = createHash('sha256').update(readFileSync(file));
  if (existsSync(`${file}-wal`)) hash.update(readFileSync(`${file}-wal`));
  return hash.digest('hex');
}

/** Everything but the times. */
function rowsOf(file: string): unknown[] {
  const rows = query(file, 'SELECT * FROM instances ORDER BY id');
  const applied = query(file, 'SELECT name FROM migrations ORDER BY id');
  return [...rows.map(({ created_at: _c, updated_at: _u, status_since: _s, ...row }) => row), ...applied];
}

async function expectRecovery(dataDir: string, old: OldDatabase, rows: unknown[]): Promise<void> {
  const aikore = await lab.start({}, dataDir);
  expect((await aikore.api.instances()).map(({ name }) => name)).toEqual(old.names);
  await aikore.stop();
  expect(rowsOf(join(dataDir, 'aikore.db'))).toEqual(rows);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('aikore.db'))).toEqual(['aikore.db']);
  const backups = backupsOf(dataDir);
  expect(backups.length).toBeGreaterThan(0);
  for (const backup of backups) {
    expect(isSound(backup)).toBe(true);
    expect(query(backup, 'SELECT name FROM instances ORDER BY id').map(({ name }) => name)).toEqual(
      old.names,
    );
  }
}

describe.each([
  ["of an original AiKore's database", original],
  ['of a database of an older version of our own (R16)', older],
])('SIGKILL at any moment of the migration %s', (_of, old) => {
  it(
    'leaves the old one or the finished new one, and the next start completes it',
    async () => {
      const { calls, rows } = await undisturbed(old, `${old.names.length}.trace`);
      const numbers = moments(calls);
      expect(numbers.length).toBeGreaterThan(5);
      let killedCount = 0;
      for (const number of numbers) {
        const { dataDir, file } = volume(old);
        const before = contentOf(file);
        const aikore = lab.launch(dataDir, shim.endingAt(`${dataDir}/`, number));
        const { signal } = await Promise.race([
          aikore.exited,
          aikore.ready().then(() => ({ code: null, signal: null })),
        ]);
        // Near the end of the sweep a start may make a call less than the one that was counted.
        if (signal === 'SIGKILL') killedCount += 1;
        else await aikore.stop();
        if (signal === 'SIGKILL') expectOldOrNew(file, before);
        await expectRecovery(dataDir, old, rows);
      }
      expect(killedCount).toBeGreaterThan(numbers.length / 2);
    },
    SWEEP_TIMEOUT_MS,
  );
});
