// Works on databases of AiKore while nobody, or AiKore itself, has them open.
//   backup-database.mjs copy FROM TO     a consistent copy of a database that may be in use
//   backup-database.mjs check FILE       whether a file is a whole database of AiKore
//   backup-database.mjs free FILE        whether nobody holds the lock of a data directory (run/aikore.lock)
import { existsSync } from 'node:fs';
import { Database } from '../dist/aikore/sqlite.js';

const [order, file, target] = process.argv.slice(2);

const orders = {
  async copy() {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    await database.backup(target);
    database.close();
  },
  check() {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    const verdict = database.pragma('quick_check', { simple: true });
    const tables = database
      .prepare("SELECT count(*) FROM sqlite_master WHERE name = 'instances'")
      .pluck()
      .get();
    if (verdict !== 'ok' || tables !== 1) throw new Error(`${file} is not a whole database of AiKore.`);
    database.close();
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
};

try {
  if (!Object.hasOwn(orders, order)) throw new Error('copy, check or free');
  await orders[order]();
} catch (error) {
  console.error(`aikore: ${error.message}`);
  process.exitCode = 1;
}
