import type { Repository } from 'typeorm';
import { diskFull, isDiskFull } from '../errors.js';
import { Mutex } from '../mutex.js';
import type { SessionEntity } from './auth.entities.js';

/**
 * The sessions in the database. On a full disk a new one is kept in memory until there is room, for operators must be
 * able to sign in to make some; and what has ended is remembered, so that it is gone from the database as soon as may be.
 */
export class SessionStore {
  readonly #writes = new Mutex();
  /** Not in the database yet; each has the id that it will have there. */
  readonly #waiting = new Map<number, SessionEntity>();
  /** Ended and still in the database. */
  readonly #ended = new Set<number>();

  constructor(private readonly repository: Repository<SessionEntity>) {}

  all(): Promise<SessionEntity[]> {
    return this.repository.find();
  }

  /** Gives the row its id. */
  insert(row: SessionEntity): Promise<void> {
    return this.#writes.run(async () => {
      try {
        await this.#catchUp();
        await this.repository.insert(row);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        row.id = await this.#nextId();
        this.#waiting.set(row.id, row);
      }
    });
  }

  /** @throws AppError `disk_full` when the database learns it later; nothing has to be done again then */
  remove(ids: readonly number[]): Promise<void> {
    return this.#writes.run(async () => {
      for (const id of ids) if (!this.#waiting.delete(id)) this.#ended.add(id);
      try {
        await this.#catchUp();
      } catch (error) {
        throw isDiskFull(error) ? diskFull(NOTED_LATER) : error;
      }
    });
  }

  async noteSeen(id: number, lastSeenAt: string): Promise<void> {
    const row = this.#waiting.get(id);
    if (row === undefined) await this.repository.update({ id }, { lastSeenAt });
    else row.lastSeenAt = lastSeenAt;
  }

  /** Stores what waits for room; to be called now and then. */
  storeWaiting(): Promise<void> {
    return this.#writes.run(() => this.#catchUp());
  }

  /** Before anything new, so that the database gives nobody an id that is in use already. */
  async #catchUp(): Promise<void> {
    if (this.#ended.size > 0) {
      await this.repository.delete([...this.#ended]);
      this.#ended.clear();
    }
    for (const [id, row] of this.#waiting) {
      await this.repository.insert(row);
      this.#waiting.delete(id);
    }
  }

  /** The one that the database would give (sqlite.org/autoinc.html). */
  async #nextId(): Promise<number> {
    const rows = await this.repository.query<{ seq: number }[]>(
      "SELECT seq FROM sqlite_sequence WHERE name = 'sessions'",
    );
    return Math.max(rows[0]?.seq ?? 0, ...this.#waiting.keys()) + 1;
  }
}

const NOTED_LATER =
  'The session has ended. The disk of the data directory is full, so that this is noted only when there is room: until then a crash of AiKore would bring it back.';
