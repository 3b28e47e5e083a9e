import { chmodSync, chownSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { COMPANIONS, removeCompanions, removeDatabase, renameDurably, syncPath } from './durable.js';
import { Database } from './sqlite.js';

const PRIVATE_MODE = 0o600;

/** What stands in a file's header (offset 68) of every database that AiKore has built: "AiKo". */
export const APPLICATION_ID = 0x41_69_4b_6f;

/**
 * Puts a finished database in the place of another, whose write-ahead log must never meet the new one: SQLite would play
 * it into whatever database lies under the name. Therefore a finished draft first gets a name of its own, `.ready`, and
 * from that moment it counts: the next start completes what an interrupted one had begun.
 */
export class Replacement {
  /** @param isPrivate whatever others could do with the old one, the new one is for AiKore alone */
  constructor(
    private readonly file: string,
    private readonly isPrivate = false,
  ) {}

  /** Where the new database is built. */
  get draft(): string {
    return `${this.file}.new`;
  }

  /** Whether a finished database waits for its place. */
  get isPending(): boolean {
    return existsSync(this.ready);
  }

  private get ready(): string {
    return `${this.file}.ready`;
  }

  /** After a crash: completes a replacement whose new database was finished, forgets one whose was not. */
  settle(): void {
    removeDatabase(this.draft);
    if (this.isPending) this.complete();
  }

  /** Makes an empty draft that nobody else can read while it is filled. */
  begin(): void {
    closeSync(openSync(this.draft, 'wx', PRIVATE_MODE));
  }

  /** Makes the draft the database. Nobody may have either open. */
  promote(): void {
    seal(this.draft);
    this.keepOwner();
    renameDurably(this.draft, this.ready);
    this.complete();
  }

  /** Who may read and write the old one may the new one: AiKore need not run as whom it belongs to. */
  private keepOwner(): void {
    // A copy of a backup has that one's mode.
    chmodSync(this.draft, PRIVATE_MODE);
    const old = statSync(this.file, { throwIfNoEntry: false });
    if (old === undefined || this.isPrivate) return;
    try {
      chownSync(this.draft, old.uid, old.gid);
    } catch {
      // Only root may give files away; everybody else has made one that they can use.
    }
    chmodSync(this.draft, old.mode & 0o777);
    syncPath(this.draft);
  }

  /** Of a database that was there before anybody was to be kept from it. */
  shutOthersOut(): void {
    if (!this.isPrivate) return;
    for (const path of [this.file, ...COMPANIONS.map((suffix) => `${this.file}${suffix}`)])
      if (existsSync(path)) chmodSync(path, PRIVATE_MODE);
  }

  private complete(): void {
    removeCompanions(this.file);
    renameDurably(this.ready, this.file);
  }
}

/** One file that holds everything, marked as AiKore's, on the disk. */
function seal(draft: string): void {
  const database = new Database(draft);
  try {
    // It is synced as a whole afterwards.
    database.pragma('synchronous = OFF');
    database.pragma('journal_mode = MEMORY');
    database.pragma(`application_id = ${APPLICATION_ID}`);
    // The mode is kept in the file, so that the first real opening has nothing to convert.
    database.pragma('journal_mode = WAL');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  removeCompanions(draft);
  syncPath(draft);
}
