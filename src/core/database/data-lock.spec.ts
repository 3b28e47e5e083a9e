import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DataDirectoryInUse, lockDataDirectory } from './data-lock.js';
import { SQLITE_PACKAGE } from './sqlite.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-lock-'));
const folder = (name: string) => {
  mkdirSync(join(root, name));
  return join(root, name);
};
afterAll(() => rmSync(root, { recursive: true }));

describe('the lock of a data directory', () => {
  it('is had by one at a time, and can be given back', () => {
    const dir = folder('once');
    const unlock = lockDataDirectory(dir);
    expect(() => lockDataDirectory(dir)).toThrow(DataDirectoryInUse);
    expect(() => lockDataDirectory(dir)).toThrow(/already running on .+AIKORE_DATA_DIR/);
    unlock();
    lockDataDirectory(dir)();
    expect(statSync(join(dir, 'run')).mode & 0o077).toBe(0);
  });

  it('does not concern other directories', () => {
    const [one, two] = [lockDataDirectory(folder('a')), lockDataDirectory(folder('b'))];
    one();
    two();
  });

  it('ends with its process, however that ends', async () => {
    const dir = folder('killed');
    mkdirSync(join(dir, 'run'));
    const driver = resolve(import.meta.dirname, '../../../node_modules', SQLITE_PACKAGE);
    const script = `
      const Database = require(${JSON.stringify(driver)});
      const database = new Database(${JSON.stringify(join(dir, 'run', 'aikore.lock'))});
      database.pragma('locking_mode = EXCLUSIVE');
      database.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 1; COMMIT');
      console.log('locked');
      setInterval(() => undefined, 1000);
    `;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(() => lockDataDirectory(dir)).toThrow(DataDirectoryInUse);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataDirectory(dir)();
  });

  it('does not claim that another AiKore runs when the lock file is broken', () => {
    const dir = folder('broken');
    mkdirSync(join(dir, 'run'));
    writeFileSync(join(dir, 'run', 'aikore.lock'), 'no database'.repeat(100));
    expect(() => lockDataDirectory(dir)).toThrow(/lock file .+ cannot be used/);
  });
});
