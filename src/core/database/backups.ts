import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { removeDatabase, renameDurably, syncPath } from './durable.js';
import { isBusy } from './patience.js';
import { DatabaseRefused } from './refused.js';
import { checkSound } from './sound.js';
import { Database } from './sqlite.js';

const PRIVATE_MODE = 0o600;

/** The folder `backups/`: whole copies of databases as they were before AiKore changed them. */
export class Backups {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'backups');
  }

  /** A place in the folder for a copy that is not a backup yet. */
  get incoming(): string {
    return join(this.folder, '.incoming');
  }

  /** Paths of all backups. */
  newestFirst(): string[] {
    if (!existsSync(this.folder)) return [];
    const paths = readdirSync(this.folder)
      .filter((name) => name.endsWith('.db'))
      .map((name) => join(this.folder, name));
    const dated = paths.map((path) => ({ path, atMs: statSync(path).mtimeMs }));
    return dated.sort((one, other) => other.atMs - one.atMs).map(({ path }) => path);
  }

  /** Forgets copies that an interrupted start has left. */
  settle(): void {
    rmSync(this.incoming, { recursive: true, force: true });
  }

  /**
   * Backs up a database of our own, its write-ahead log included.
   * @returns path of the backup
   * @throws DatabaseRefused; without a backup nothing is changed
   */
  async backUp(file: string): Promise<string> {
    const candidate = join(this.incoming, 'aikore.db');
    return this.guarded(() => {
      this.settle();
      mkdirSync(this.incoming, { recursive: true, mode: 0o700 });
      const database = new Database(file, { readonly: true, timeout: 0 });
      try {
        database.prepare('VACUUM INTO ?').run(candidate);
      } finally {
        database.close();
      }
      return this.keep(candidate, '');
    });
  }

  /**
   * Makes a finished copy in `incoming` a backup, once it is proved to be sound.
   * @param label part of its name, such as `original-v6-`
   * @throws DatabaseRefused
   */
  async adopt(candidate: string, label: string): Promise<string> {
    return this.guarded(() => this.keep(candidate, label));
  }

  private keep(candidate: string, label: string): string {
    verify(candidate);
    chmodSync(candidate, PRIVATE_MODE);
    // SQLite syncs nothing of what VACUUM INTO writes.
    syncPath(candidate);
    const twin = this.twinOf(candidate, label);
    if (twin !== null) {
      this.settle();
      return twin;
    }
    const target = join(this.folder, `aikore-${label}${new Date().toISOString().replace(/[:.]/g, '-')}.db`);
    renameDurably(candidate, target);
    this.settle();
    return target;
  }

  /** A backup of the same content: starts that fail again and again fill no disk. */
  private twinOf(candidate: string, label: string): string | null {
    const { size } = statSync(candidate);
    const content = readFileSync(candidate);
    const twins = readdirSync(this.folder)
      .filter((name) => name.startsWith(`aikore-${label}`) && name.endsWith('.db'))
      .map((name) => join(this.folder, name))
      .filter((path) => statSync(path).size === size && readFileSync(path).equals(content));
    return twins[0] ?? null;
  }

  private async guarded(task: () => string): Promise<string> {
    try {
      return await Promise.resolve(task());
    } catch (error) {
      if (existsSync(this.incoming)) removeDatabase(join(this.incoming, 'aikore.db'));
      if (isBusy(error)) throw error;
      throw new DatabaseRefused(
        `No backup of the database could be made in ${this.folder} (${messageOf(error)}), so it was left untouched.`,
      );
    }
  }
}

function verify(candidate: string): void {
  const database = new Database(candidate, { readonly: true });
  try {
    checkSound(database);
  } finally {
    database.close();
  }
}
