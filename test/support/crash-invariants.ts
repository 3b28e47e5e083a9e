import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../src/core/database/sqlite.js';
import type { AiKoreProcess } from './aikore-process.js';
import { environmentOf, isAlive, processesMentioning } from './processes.js';
import { waitFor } from './wait.js';

const ACTIVE = new Set(['starting', 'started', 'stalled', 'stopping']);

interface Row {
  id: number;
  name: string;
  status: string;
  pid: number | null;
  run: number;
  parent_instance_id: number | null;
}

/** What the database says, read beside AiKore and not through it. */
export function rowsOf(dataDir: string): Row[] {
  return reading(dataDir, (database) =>
    database
      .prepare<[], Row>('SELECT id, name, status, pid, run, parent_instance_id FROM instances ORDER BY id')
      .all(),
  );
}

/** Markers of living processes of instances of a data directory; each is one process tree. */
export function markersOf(dataDir: string, name: string): string[] {
  const ofInstance = processesMentioning(join(dataDir, 'instances'))
    .map(({ pid }) => environmentOf(pid))
    .filter((environment) => environment.get('INSTANCE_NAME') === name)
    .map((environment) => environment.get('AIKORE_INSTANCE_MARKER'))
    .filter((marker) => marker !== undefined);
  return [...new Set(ofInstance)];
}

/**
 * What must hold whenever AiKore has come back, whatever it died of: found out from /proc and the disk.
 * @returns what does not hold, in words
 */
export async function brokenInvariants(aikore: AiKoreProcess): Promise<string[]> {
  const { dataDir } = aikore;
  // What is being destroyed goes in the background.
  await waitFor('the trash can is swept', () => !hidden(dataDir, 'trashcan').length, 10_000).catch(
    () => undefined,
  );
  const rows = rowsOf(dataDir);
  return [
    ...damage(dataDir),
    ...foldersAgainstRows(dataDir, rows),
    ...leftovers(dataDir, rows),
    ...rows.flatMap((row) => processesAgainstRow(dataDir, row)),
    ...strays(dataDir, rows),
  ];
}

function damage(dataDir: string): string[] {
  return reading(dataDir, (database) => {
    const verdict = String(database.pragma('integrity_check(1)', { simple: true }));
    const open = database
      .prepare<[], { name: string; status: string; open: number }>(
        'SELECT name, status, (SELECT count(*) FROM runs WHERE instance_id = id AND ended_at IS NULL) AS open FROM instances',
      )
      .all();
    const wrong = open.filter((row) => row.open !== (ACTIVE.has(row.status) ? 1 : 0));
    return [
      ...(verdict === 'ok' ? [] : [`the database is damaged: ${verdict}`]),
      ...wrong.map((row) => `${row.name} is ${row.status} with ${row.open} runs that have no end`),
    ];
  });
}

function foldersAgainstRows(dataDir: string, rows: Row[]): string[] {
  const names = new Set(rows.map(({ name }) => name));
  const folders = readdirSync(join(dataDir, 'instances'));
  // A satellite runs its parent's script, and has no folder of its own before its first start under the original AiKore.
  const homeless = rows.filter(({ name, parent_instance_id: parent }) =>
    parent === null
      ? !existsSync(join(dataDir, 'instances', name, 'launch.sh'))
      : !rows.some(({ id }) => id === parent),
  );
  return [
    ...folders.filter((folder) => !names.has(folder)).map((folder) => `instances/${folder} has no row`),
    ...homeless.map(({ name }) => `${name} has no folder with a script, or no parent`),
  ];
}

function leftovers(dataDir: string, rows: Row[]): string[] {
  const ids = new Set(rows.map(({ id }) => String(id)));
  const homes = rows.flatMap(({ name }) =>
    filesIn(join(dataDir, 'instances', name))
      // `.aikore` is where the versions of its script are.
      .filter((file) => (file.startsWith('.') && file !== '.aikore') || file.endsWith('.tmp'))
      .map((file) => `instances/${name}/${file} was left`),
  );
  const runs = existsSync(join(dataDir, 'run', 'instances'))
    ? readdirSync(join(dataDir, 'run', 'instances'))
    : [];
  return [
    ...homes,
    ...readdirSync(join(dataDir, 'tmp')).map((file) => `tmp/${file} was left`),
    ...hidden(dataDir, 'trashcan').map((file) => `trashcan/${file} was left`),
    ...runs.filter((name) => !ids.has(name)).map((name) => `run/instances/${name} was left`),
  ];
}

function processesAgainstRow(dataDir: string, { name, status, pid }: Row): string[] {
  const copies = markersOf(dataDir, name).length;
  if (copies > 1) return [`${name} runs ${copies} times`];
  if (!ACTIVE.has(status)) return copies === 0 && pid === null ? [] : [`${name} is ${status}, yet it runs`];
  if (copies === 0 || pid === null) return [`${name} is ${status}, yet nothing runs`];
  return isAlive(pid) ? [] : [`${name} is ${status} with a pid that is not alive`];
}

function strays(dataDir: string, rows: Row[]): string[] {
  const names = new Set(rows.map(({ name }) => name));
  return processesMentioning(join(dataDir, 'instances'))
    .filter(({ pid }) => !names.has(environmentOf(pid).get('INSTANCE_NAME') ?? ''))
    .map(({ commandLine }) => `a process of no instance: ${commandLine}`);
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function hidden(dataDir: string, folder: string): string[] {
  return readdirSync(join(dataDir, folder)).filter((name) => name.startsWith('.'));
}

function reading<T>(dataDir: string, ask: (database: Database) => T): T {
  const database = new Database(join(dataDir, 'aikore.db'), { readonly: true });
  try {
    return ask(database);
  } finally {
    database.close();
  }
}
