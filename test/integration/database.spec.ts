import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrations } from '../../src/app/migrations/migrations.js';
import { openDatabase } from '../../src/core/database/open-database.js';
import { Database, SQLITE_PACKAGE } from '../../src/core/database/sqlite.js';
import { createLogger } from '../../src/core/logging.js';
import { makeOriginalDatabase, ordinaryRow } from '../fixtures/original/original-volume.js';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { backupsOf, isSound, query } from '../support/databases.js';
import { useLab } from '../support/lab.js';

const lab = useLab();
const IS_SOAK = process.env['AIKORE_SOAK'] === '1';

const fileIn = (dataDir: string) => join(dataDir, 'aikore.db');

/** Content of the database and its log; nothing where there is no file. */
function bytesOf(dataDir: string): string[] {
  return ['', '-wal'].map((suffix) => {
    const path = `${fileIn(dataDir)}${suffix}`;
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    return isFile ? readFileSync(path, 'latin1') : '';
  });
}

/** One line that a person understands, and no trace of the program. */
function expectSentence(aikore: AiKoreProcess, sentence: RegExp): void {
  const lines = aikore.stderr.split('\n').filter((line) => line.startsWith('aikore: '));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(sentence);
  expect(aikore.stderr).not.toMatch(/\bat .+\.js:\d+/);
}

/** Starts AiKore on a database that it must refuse and leave byte for byte. */
async function expectRefusal(dataDir: string, sentence: RegExp, backupCount = 0): Promise<void> {
  const before = bytesOf(dataDir);
  const aikore = lab.launch(dataDir);
  expect(await aikore.exited).toEqual({ code: 1, signal: null });
  expectSentence(aikore, sentence);
  expect(bytesOf(dataDir)).toEqual(before);
  expect(backupsOf(dataDir)).toHaveLength(backupCount);
}

function change(dataDir: string, statements: string): void {
  const database = new Database(fileIn(dataDir));
  database.exec(statements);
  database.close();
}

/** A data directory with a database that holds some instances. */
async function filled(count: number): Promise<string> {
  const aikore = await lab.start();
  for (let index = 0; index < count; index += 1) {
    const env = { A: 'x'.repeat(2000) };
    await aikore.api.create({ name: `filler ${index}`, base_blueprint: 'idles.sh', env });
  }
  await aikore.stop();
  return aikore.dataDir;
}

/** A program that does something with a database and then waits. */
async function holder(file: string, statements: string) {
  const driver = resolve(import.meta.dirname, '../../node_modules', SQLITE_PACKAGE);
  const script = `
    const database = new (require(${JSON.stringify(driver)}))(${JSON.stringify(file)});
    database.exec(${JSON.stringify(statements)});
    console.log('held');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('a start on a database that is not its own', () => {
  it.each([
    ["'7'", /schema version 7 of the original AiKore.+newer than 6.+left as it is/],
    ["'banana'", /schema version reads .+banana.+left as it is/],
    ['NULL', /schema version reads/],
    ["'-1'", /schema version reads/],
  ])('refuses an original one whose schema version is %s', async (version, sentence) => {
    const dataDir = lab.dataDir();
    makeOriginalDatabase(fileIn(dataDir), 6, [ordinaryRow(1, 'Comfy')], true);
    const wal = readFileSync(`${fileIn(dataDir)}-wal`);
    change(dataDir, `UPDATE aikore_meta SET value = ${version}`);
    expect(wal.length).toBeGreaterThan(0);
    await expectRefusal(dataDir, sentence);
  });

  it('refuses an original one with a row that cannot be numbered, and names the backup', async () => {
    const dataDir = lab.dataDir();
    makeOriginalDatabase(fileIn(dataDir), 3, [ordinaryRow(-5, 'Comfy')]);
    await expectRefusal(
      dataDir,
      /impossible number -5.+as it was before; a copy is .+backups\/aikore-original-v3/,
      1,
    );
    // The same again makes no second copy.
    await expectRefusal(dataDir, /impossible number -5/, 1);
  });

  it('refuses one of a newer version (R17)', async () => {
    const dataDir = await filled(1);
    change(dataDir, "INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9999999999999')");
    await expectRefusal(dataDir, /newer AiKore.+FromTheFuture9999999999999.+left untouched/);
  });

  it('names the newest backup that this version can work with, when it refuses a newer one', async () => {
    const dataDir = await filled(1);
    const backups = join(dataDir, 'backups');
    mkdirSync(backups, { recursive: true });
    const future = "INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9999999999999')";
    for (const [age, name] of ['newest', 'older', 'oldest'].entries()) {
      const backup = join(backups, `${name}.db`);
      copyFileSync(fileIn(dataDir), backup);
      const database = new Database(backup);
      database.pragma('journal_mode = DELETE');
      if (name === 'newest') database.exec(future);
      database.close();
      utimesSync(backup, 1_900_000_000 - age, 1_900_000_000 - age);
    }
    writeFileSync(join(backups, 'something else.db'), 'no database');
    change(dataDir, future);
    await expectRefusal(dataDir, /start that version, or go back .+ the backup \S+backups\/older\.db in/, 4);
    for (const name of ['older', 'oldest']) rmSync(join(backups, `${name}.db`));
    await expectRefusal(dataDir, /start that version, in \S+backups there is no backup that/, 2);
  });

  it("refuses another program's", async () => {
    const dataDir = lab.dataDir();
    change(dataDir, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x')");
    await expectRefusal(dataDir, /belongs to another program.+left as it is/);
  });

  it('refuses what is no database, or no file', async () => {
    const garbage = lab.dataDir();
    writeFileSync(fileIn(garbage), 'this is no database, though it is long enough to be one'.repeat(200));
    await expectRefusal(garbage, /cannot be read.+not a database.+left as it is/);
    const folder = lab.dataDir();
    mkdirSync(fileIn(folder));
    await expectRefusal(folder, /cannot be used.+not an ordinary file/);
  });
});

describe('a damaged database (R15)', () => {
  it('is refused when half of it is gone, and works again once it is put back', async () => {
    const dataDir = await filled(30);
    const bytes = readFileSync(fileIn(dataDir));
    truncateSync(fileIn(dataDir), Math.floor(bytes.length / 2 / 4096) * 4096);
    await expectRefusal(dataDir, /cannot be read/);
    writeFileSync(fileIn(dataDir), bytes);
    const again = await lab.start({}, dataDir);
    expect(await again.api.instances()).toHaveLength(30);
    await again.stop();
  });

  it('is never taken for a new one when it was cut to nothing or lost its log', async () => {
    const dataDir = await filled(1);
    truncateSync(fileIn(dataDir), 0);
    await expectRefusal(dataDir, /is empty, though there are instances.+backups/);
    rmSync(fileIn(dataDir));
    writeFileSync(`${fileIn(dataDir)}-wal`, 'all that is left');
    await expectRefusal(dataDir, /is missing or empty, though its log/);
    rmSync(`${fileIn(dataDir)}-wal`);
    // Who takes it away wants to start empty.
    const again = await lab.start({}, dataDir);
    expect(await again.api.instances()).toEqual([]);
    await again.stop();
  });

  it('keeps what had reached the database when the log of a crash is deleted', async () => {
    const dataDir = await filled(3);
    const aikore = await lab.start({}, dataDir);
    await aikore.api.create({ name: 'in the log', base_blueprint: 'idles.sh' });
    await aikore.signal('SIGKILL');
    for (const suffix of ['-wal', '-shm']) rmSync(`${fileIn(dataDir)}${suffix}`, { force: true });
    const again = await lab.start({}, dataDir);
    expect((await again.api.instances()).length).toBeGreaterThanOrEqual(3);
    await again.stop();
  });

  it(
    'is refused byte for byte, or works: whatever bit has flipped',
    async () => {
      const dataDir = await filled(6);
      const bytes = readFileSync(fileIn(dataDir));
      const outcomes = { refused: 0, served: 0 };
      const rounds = IS_SOAK ? 200 : 8;
      for (let round = 0; round < rounds; round += 1) {
        const broken = Buffer.from(bytes);
        // A whole stretch, spread over the file; every other one where a page begins, with what SQLite goes by.
        const anywhere = Math.floor((bytes.length * (round + 0.5)) / rounds);
        const at = round % 2 === 0 ? anywhere - (anywhere % 4096) : anywhere;
        for (let index = at; index < Math.min(at + 24, bytes.length); index += 1)
          broken[index] = (broken[index] ?? 0) ^ 0x55;
        for (const suffix of ['-wal', '-shm']) rmSync(`${fileIn(dataDir)}${suffix}`, { force: true });
        writeFileSync(fileIn(dataDir), broken);
        const aikore = lab.launch(dataDir);
        const exit = await Promise.race([aikore.exited, aikore.ready().then(() => null)]);
        if (exit === null) {
          outcomes.served += 1;
          await aikore.api.instances();
          await aikore.stop();
        } else {
          outcomes.refused += 1;
          expectSentence(aikore, /damaged|cannot be read|cannot be opened/);
          expect(readFileSync(fileIn(dataDir)).equals(broken)).toBe(true);
        }
      }
      expect(outcomes.refused).toBeGreaterThan(0);
    },
    IS_SOAK ? 1_800_000 : 120_000,
  );

  it('is refused when a row of it cannot be understood', async () => {
    const dataDir = await filled(1);
    change(dataDir, `UPDATE instances SET env = '{"A":'`);
    await expectRefusal(dataDir, /damaged: unreadable env in instances/);
  });
});

describe('a database without any table', () => {
  it('is taken for a new one where there are no instances', async () => {
    const dataDir = lab.dataDir();
    writeFileSync(fileIn(dataDir), '');
    const aikore = await lab.start({}, dataDir);
    expect(await aikore.api.instances()).toEqual([]);
    await aikore.stop();
    expect(backupsOf(dataDir)).toEqual([]);
  });
});

describe('a database that another program holds', () => {
  it('is waited for at the start for a moment, then refused with that program named', async () => {
    const dataDir = lab.dataDir();
    makeOriginalDatabase(fileIn(dataDir), 3, [ordinaryRow(1, 'Comfy')]);
    const other = await holder(fileIn(dataDir), 'BEGIN EXCLUSIVE');
    await expectRefusal(
      dataDir,
      new RegExp(`Another program holds.+Process ${other.pid} has it open.+Nothing was changed`),
    );
    await other.end();
    const aikore = await lab.start({}, dataDir);
    expect(await aikore.api.instances()).toHaveLength(1);
    await aikore.stop();
  });

  it('makes writes fail with a sentence while it runs, and work again afterwards', async () => {
    const aikore = await lab.start();
    const { id } = await aikore.api.create({ name: 'one', base_blueprint: 'idles.sh' });
    const other = await holder(fileIn(aikore.dataDir), 'BEGIN IMMEDIATE');
    const refusal = await aikore.api.refused('PATCH', `api/instances/${id}`, { launch_args: '--new' });
    expect(refusal).toMatchObject({ status: 503, body: { code: 'DATABASE_BUSY' } });
    expect(refusal.body.message).toMatch(/locked by another program/);
    expect((await aikore.api.instance(id)).launch_args).toBe('');
    await other.end();
    await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { launch_args: '--new' });
    await aikore.stop();
  });

  it('is nobody else’s: a second AiKore on the data directory is refused', async () => {
    const first = await lab.start();
    const second = lab.launch(first.dataDir, { AIKORE_READY_FILE: join(lab.root, 'second.ready') });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expectSentence(second, /Another AiKore is already running.+AIKORE_DATA_DIR/);
    expect(await first.api.instances()).toEqual([]);
    await first.stop();
  });
});

describe('a migration of our own that fails (R16)', () => {
  it('at any of its statements leaves every byte', async () => {
    const folder = lab.dataDir();
    const open = (list: (new () => MigrationInterface)[]) =>
      openDatabase({
        dataDir: folder,
        entities: [],
        migrations: list,
        logger: createLogger(false, () => undefined),
      });
    const [first] = migrations;
    if (first === undefined) throw new Error('there is a first migration');
    await (await open([first])).destroy();
    const before = readFileSync(fileIn(folder));
    const later = migrations.slice(1);
    let failures = 0;
    for (let failAt = 1; failAt < 1000; failAt += 1) {
      const counter = { left: failAt };
      const source = await open([first, ...later.map((migration) => failing(migration, counter))]).catch(
        (error: unknown) => String(error),
      );
      if (typeof source !== 'string') {
        await source.destroy();
        break;
      }
      failures += 1;
      expect(source).toMatch(
        /could not be brought to this version: .*this statement fails.+as it was before/,
      );
      expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
      expect(readdirSync(folder).filter((name) => /\.(new|ready)/.test(name))).toEqual([]);
      // All attempts share one backup.
      expect(backupsOf(folder)).toHaveLength(1);
    }
    expect(failures).toBeGreaterThan(2);
    expect(query(fileIn(folder), 'SELECT name FROM migrations')).toHaveLength(migrations.length);
  });
});

/** A migration whose statement of a given number, counted over all of them, throws. */
function failing(
  migration: new () => MigrationInterface,
  counter: { left: number },
): new () => MigrationInterface {
  const { name } = new migration();
  return class implements MigrationInterface {
    readonly name = name ?? migration.name;
    async up(runner: QueryRunner): Promise<void> {
      const query = runner.query.bind(runner);
      runner.query = ((...args: Parameters<typeof query>) => {
        counter.left -= 1;
        return counter.left === 0 ? Promise.reject(new Error('this statement fails')) : query(...args);
      }) as typeof runner.query;
      try {
        await new migration().up(runner);
      } finally {
        runner.query = query;
      }
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  };
}

describe('SIGKILL while writes are acknowledged (R18)', () => {
  const ROUNDS = IS_SOAK ? 200 : 30;

  it(
    'loses none of them',
    async () => {
      const dataDir = lab.dataDir();
      const acknowledged = { args: 0, blueprint: 0, created: [] as string[] };
      let id = 0;
      let count = 0;
      for (let round = 0; round <= ROUNDS; round += 1) {
        const aikore = await lab.start({}, dataDir);
        if (round === 0) ({ id } = await aikore.api.create({ name: 'counted', base_blueprint: 'idles.sh' }));
        else await expectAcknowledged(aikore, id, acknowledged);
        if (round === ROUNDS) {
          await aikore.stop();
          break;
        }
        let left = 1 + (round % 9);
        const acknowledge = (): void => {
          left -= 1;
          // Somewhere in the writes that follow.
          if (left === 0) setTimeout(() => void aikore.signal('SIGKILL'), (round * 7) % 40);
        };
        const writers = [
          async (n: number) => {
            await aikore.api.expect(200, 'PATCH', `api/instances/${id}`, { launch_args: `--n=${n}` });
            acknowledged.args = n;
            acknowledge();
          },
          async (n: number) => {
            await aikore.api.expect(200, 'PUT', 'api/system/blueprints/custom/Counted.sh', {
              content: `# ${n}`,
            });
            acknowledged.blueprint = n;
            acknowledge();
          },
          async (n: number) => {
            await aikore.api.create({ name: `made ${n}`, base_blueprint: 'idles.sh' });
            acknowledged.created.push(`made ${n}`);
            acknowledge();
          },
        ];
        await Promise.all(writers.map((write) => untilDeath(() => write((count += 1)))));
        await aikore.exited;
      }
      expect(acknowledged.created.length).toBeGreaterThan(ROUNDS / 2);
      expect(isSound(fileIn(dataDir))).toBe(true);
    },
    IS_SOAK ? 1_800_000 : 300_000,
  );
});

/** Writes one after the other until nobody answers any more. */
async function untilDeath(write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await write();
    } catch {
      return;
    }
  }
}

async function expectAcknowledged(
  aikore: AiKoreProcess,
  id: number,
  acknowledged: { args: number; blueprint: number; created: string[] },
): Promise<void> {
  const { launch_args: args } = await aikore.api.instance(id);
  // What was under way at the death may have come through as well.
  expect(Number(args.split('=')[1] ?? 0)).toBeGreaterThanOrEqual(acknowledged.args);
  const names = new Set((await aikore.api.instances()).map(({ name }) => name));
  expect(acknowledged.created.filter((name) => !names.has(name))).toEqual([]);
  for (const name of acknowledged.created) expect(existsSync(aikore.home(name, 'launch.sh'))).toBe(true);
  if (acknowledged.blueprint === 0) return;
  const content = readFileSync(aikore.path('custom_blueprints', 'Counted.sh'), 'utf8');
  expect(Number(content.slice(2))).toBeGreaterThanOrEqual(acknowledged.blueprint);
}
