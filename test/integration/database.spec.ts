import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useLab } from '../support/lab.js';

const lab = useLab();

/** Starts AiKore on a database that it must refuse. */
async function expectRefusal(dataDir: string, sentence: RegExp): Promise<void> {
  const file = join(dataDir, 'aikore.db');
  const before = readFileSync(file);
  const aikore = lab.launch(dataDir);
  expect(await aikore.exited).toEqual({ code: 1, signal: null });
  expect(aikore.stderr).toMatch(sentence);
  expect(aikore.stderr).toMatch(/^aikore: [^\n]+\n$/);
  expect(aikore.stderr).not.toMatch(/\bat .+\.js:\d+/);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
}

function makeDatabase(dataDir: string, statements: string): void {
  const database = new Database(join(dataDir, 'aikore.db'));
  database.exec(statements);
  database.close();
}

describe('a start on a database that is not its own', () => {
  it("refuses the original AiKore's and leaves every byte", async () => {
    const dataDir = lab.dataDir();
    makeDatabase(
      dataDir,
      `CREATE TABLE aikore_meta (key VARCHAR PRIMARY KEY, value VARCHAR);
       INSERT INTO aikore_meta VALUES ('schema_version', '6');
       CREATE TABLE instances (id INTEGER PRIMARY KEY, name VARCHAR, base_blueprint VARCHAR, gpu_ids VARCHAR);
       INSERT INTO instances VALUES (1, 'Comfy', 'ComfyUI.sh', '0');`,
    );
    await expectRefusal(dataDir, /belongs to the original Python AiKore.+left untouched.+AIKORE_DATA_DIR/);
  });

  it('refuses one of a newer version', async () => {
    const first = await lab.start();
    await first.stop();
    const dataDir = first.dataDir;
    makeDatabase(
      dataDir,
      "INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9999999999999')",
    );
    await expectRefusal(dataDir, /newer AiKore.+FromTheFuture9999999999999.+left untouched/);
  });

  it('refuses what is no database, and one that is damaged', async () => {
    const garbage = lab.dataDir();
    writeFileSync(
      join(garbage, 'aikore.db'),
      'this is no database, though it is long enough to be one'.repeat(200),
    );
    await expectRefusal(garbage, /cannot be read.+left as it is/);

    const first = await lab.start();
    for (let index = 0; index < 30; index += 1) {
      await first.api.create({
        name: `filler ${index}`,
        base_blueprint: 'idles.sh',
        env: { A: 'x'.repeat(2000) },
      });
    }
    await first.stop();
    const file = first.path('aikore.db');
    const bytes = readFileSync(file);
    truncateSync(file, Math.floor(bytes.length / 2 / 4096) * 4096);
    for (const leftover of [`${file}-wal`, `${file}-shm`]) rmSync(leftover, { force: true });
    await expectRefusal(first.dataDir, /cannot be read/);

    // With the file put back, everything is there again.
    writeFileSync(file, bytes);
    const again = await lab.start({}, first.dataDir);
    expect(await again.api.instances()).toHaveLength(30);
    await again.stop();
  });
});

describe('a database without any table', () => {
  it('is taken for a new one', async () => {
    const dataDir = lab.dataDir();
    writeFileSync(join(dataDir, 'aikore.db'), '');
    const aikore = await lab.start({}, dataDir);
    expect(await aikore.api.instances()).toEqual([]);
    await aikore.stop();
  });
});
