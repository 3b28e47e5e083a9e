import { describe, expect, it } from '@jest/globals';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../src/core/database/sqlite.js';
import { brokenInvariants } from '../support/crash-invariants.js';
import { CrashPoints } from '../support/crash-points.js';
import type { CrashSide } from '../support/crash-points.js';
import { SeededRandom, chooseSeed, isSoak } from '../support/crash-random.js';
import { useLab } from '../support/lab.js';
import { nginxOf } from '../support/nginx.js';

const lab = useLab();
const SAMPLE = isSoak ? 10_000 : 8;
const random = new SeededRandom(chooseSeed());

/** What all but the first migration added, taken back: the database as that version left it. */
const DOWNGRADE = `
  DROP TRIGGER instances_published_port_insert;
  DROP TRIGGER instances_published_port_update;
  ALTER TABLE instances DROP COLUMN probe;
  ALTER TABLE instances DROP COLUMN failure;
  ALTER TABLE instances DROP COLUMN restart_times;
  ALTER TABLE instances DROP COLUMN script_origin;
  ALTER TABLE instances DROP COLUMN git_ref;
  ALTER TABLE instances DROP COLUMN extra_requirements;
  DROP TABLE audit;
  DROP TABLE known_dashboard;
  DROP INDEX sessions_by_parent;
  ALTER TABLE sessions DROP COLUMN parent_id;
  ALTER TABLE sessions DROP COLUMN hostname;
  DELETE FROM migrations WHERE id > 1;`;

/** A data directory from before the last migration, with an instance in it. */
async function olderDataDir(): Promise<string> {
  const aikore = await lab.start();
  await aikore.api.create({ name: 'from before', base_blueprint: 'idles.sh' });
  await aikore.stop();
  const database = new Database(aikore.path('aikore.db'));
  database.exec(DOWNGRADE);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return aikore.dataDir;
}

/** Backups that are not whole databases. */
function brokenBackups(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'backups'))
    .filter((file) => /\.db$/.test(file))
    .filter((file) => {
      try {
        const database = new Database(join(dataDir, 'backups', file), { readonly: true });
        const verdict = database.pragma('integrity_check(1)', { simple: true });
        const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = 'migrations'").all();
        database.close();
        return verdict !== 'ok' || tables.length === 0;
      } catch {
        return true;
      }
    });
}

/** Boots on copies of a folder (or of none), dying at one point after the other. @returns how many points there are */
async function explore(original: string | null, expectedNames: string[]): Promise<number> {
  const points = CrashPoints.compile(lab.root);
  const fresh = (): string => {
    const dataDir = lab.dataDir();
    if (original !== null) cpSync(original, dataDir, { recursive: true });
    return dataDir;
  };
  const boot = async (dataDir: string): Promise<void> => {
    const aikore = lab.launch(dataDir, points.env);
    await Promise.race([aikore.exited, aikore.ready().catch(() => undefined)]);
    await aikore.signal('SIGKILL');
  };
  points.count();
  const whole = fresh();
  await boot(whole);
  const count = points.disarm();
  // No next AiKore comes for the NGINX of this one.
  for (const pid of nginxOf(whole).all) process.kill(pid, 'SIGKILL');
  rmSync(whole, { recursive: true });
  for (const number of random.sample(count, SAMPLE)) {
    const side: CrashSide = random.below(2) === 0 ? 'before' : 'after';
    const dataDir = fresh();
    points.arm(side, number);
    await boot(dataDir);
    points.disarm();
    const where = `${side} call ${number} of a boot (${points.lastCalls()}); AIKORE_SEED=${random.seed}`;
    const next = await lab.start({}, dataDir).catch((error: unknown) => {
      throw new Error(`${where}: the next one does not come up: ${String(error)}`);
    });
    const names = (await next.api.instances()).map(({ name }) => name);
    const broken = [...(await brokenInvariants(next)), ...brokenBackups(dataDir)];
    expect({ where, names, broken }).toEqual({ where, names: expectedNames, broken: [] });
    expect(await next.stop()).toEqual({ code: 0, signal: null });
    rmSync(dataDir, { recursive: true });
  }
  return count;
}

describe('the death of AiKore at any system call of a boot', () => {
  it('on an empty folder leaves one that the next boot makes whole', async () => {
    const count = await explore(null, []);
    console.log(`first boot: ${count} points, AIKORE_SEED=${random.seed}`);
    expect(count).toBeGreaterThan(20);
  }, 1_800_000);

  it('that migrates loses nothing and leaves no half backup', async () => {
    const count = await explore(await olderDataDir(), ['from before']);
    console.log(`boot with a migration: ${count} points, AIKORE_SEED=${random.seed}`);
    expect(count).toBeGreaterThan(20);
  }, 1_800_000);
});
