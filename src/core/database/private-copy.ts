import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from './durable.js';
import { refuseHeldFile } from './file-holders.js';
import { DatabaseInUse } from './patience.js';
import { distrust } from './sound.js';
import { Database } from './sqlite.js';

/** What of a database has to be copied; the index of the write-ahead log is made anew. */
const COPIED = ['', '-wal', '-journal'] as const;

/**
 * A copy of a database for AiKore alone. SQLite recovers what a crash left in a log or journal when it opens a database,
 * which changes it; so what is perhaps not AiKore's is only ever opened as a copy.
 */
export class PrivateCopy {
  readonly file: string;

  private constructor(private readonly folder: string) {
    this.file = join(folder, 'aikore.db');
  }

  /**
   * Copies a database with its log, byte for byte, and recovers the copy.
   * @param folder for the copy alone; what is in it goes away
   * @throws DatabaseInUse while another process has the database open or writes to it
   */
  static of(file: string, folder: string): PrivateCopy {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const copy = new PrivateCopy(folder);
    try {
      copy.take(file);
      copy.recover();
      return copy;
    } catch (error) {
      copy.discard();
      throw error;
    }
  }

  discard(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private take(file: string): void {
    refuseHeldFile(file);
    const before = fingerprint(file);
    for (const suffix of COPIED) {
      if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${this.file}${suffix}`);
    }
    if (fingerprint(file) !== before) throw new DatabaseInUse('It is being written to');
  }

  /** One file that holds everything, on the disk. */
  private recover(): void {
    const database = new Database(this.file);
    try {
      distrust(database);
      // It is synced as a whole afterwards.
      database.pragma('synchronous = OFF');
      // Reading makes SQLite play back a log or journal; leaving the write-ahead mode empties the log into the file.
      database.pragma('user_version');
      database.pragma('journal_mode = DELETE');
    } finally {
      database.close();
    }
    syncPath(this.file);
  }
}

/** Changes with every write to a database or its log. */
function fingerprint(file: string): string {
  return COPIED.map((suffix) => {
    const facts = statSync(`${file}${suffix}`, { bigint: true, throwIfNoEntry: false });
    return facts === undefined ? '-' : `${facts.ino}/${facts.size}/${facts.mtimeNs}`;
  }).join(' ');
}
