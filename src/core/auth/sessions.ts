import type { Repository } from 'typeorm';
import { despiteFullDisk } from '../errors.js';
import type { Logger } from '../logging.js';
import type { SessionEntity } from './auth.entities.js';
import { BackgroundWrites } from './background-writes.js';
import type { Clock } from './clock.js';
import { DAY_MS, MINUTE_MS, isoOf } from './clock.js';
import { Listeners } from './listeners.js';
import { hexDigestOf, randomSecret } from './secrets.js';
import { SessionStore } from './session-store.js';

export const SESSION_IDLE_MS = 7 * DAY_MS;
export const SESSION_ABSOLUTE_MS = 30 * DAY_MS;
const WRITE_LAST_SEEN_EVERY_MS = 5 * MINUTE_MS;
const MAX_SESSIONS = 500;
const MAX_USER_AGENT_LENGTH = 256;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A browser that is signed in. */
export interface Session {
  readonly id: number;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  /** The end, however busy it is. */
  readonly expiresAtMs: number;
  readonly address: string;
  readonly userAgent: string;
}

interface CachedSession extends Session {
  tokenHash: string;
  lastSeenAtMs: number;
  writtenAtMs: number;
}

/**
 * All live sessions, held in memory so that checking one is synchronous and costs no query; the database makes them
 * outlive AiKore. A session ends after seven days without use and after thirty in any case.
 */
export class Sessions {
  readonly #byHash = new Map<string, CachedSession>();
  readonly #writes: BackgroundWrites;
  readonly #revoked: Listeners<number>;
  readonly #store: SessionStore;

  constructor(
    private readonly repository: Repository<SessionEntity>,
    logger: Logger,
    private readonly clock: Clock = Date.now,
  ) {
    this.#store = new SessionStore(repository);
    this.#writes = new BackgroundWrites(logger);
    this.#revoked = new Listeners((error) => logger.error('a listener to ended sessions failed', { error }));
  }

  /** Reads the sessions that outlived the last run; to be called once, before anything else. */
  async load(): Promise<void> {
    for (const row of await this.#store.all()) {
      const session = cachedFrom(row);
      this.#byHash.set(session.tokenHash, session);
    }
    await despiteFullDisk(this.prune());
  }

  /** @returns the secret for the cookie, shown nowhere else, and its session. */
  async create(address: string, userAgent: string): Promise<{ token: string; session: Session }> {
    await this.#makeRoom();
    const token = randomSecret();
    const nowMs = this.clock();
    const row = this.repository.create({
      tokenHash: hexDigestOf(token),
      createdAt: isoOf(nowMs),
      lastSeenAt: isoOf(nowMs),
      expiresAt: isoOf(nowMs + SESSION_ABSOLUTE_MS),
      address,
      userAgent: printable(userAgent).slice(0, MAX_USER_AGENT_LENGTH),
    });
    await this.#store.insert(row);
    const session = cachedFrom(row);
    this.#byHash.set(session.tokenHash, session);
    return { token, session };
  }

  /** The session of a cookie's value, which thereby counts as used. */
  find(token: string): Session | null {
    if (!TOKEN.test(token)) return null;
    const session = this.#byHash.get(hexDigestOf(token));
    if (session === undefined) return null;
    if (this.#isOver(session)) {
      this.#writes.run('the end of a session', () => this.#end([session]));
      return null;
    }
    this.#touch(session);
    return session;
  }

  /** Those not over, the one used last first. */
  list(): Session[] {
    return [...this.#byHash.values()]
      .filter((session) => !this.#isOver(session))
      .sort((left, right) => right.lastSeenAtMs - left.lastSeenAtMs);
  }

  /** A session ends before this resolves, even if the database then refuses. @returns false when there is none. */
  async revoke(id: number): Promise<boolean> {
    const session = [...this.#byHash.values()].find((each) => each.id === id);
    if (session === undefined) return false;
    await this.#end([session]);
    return true;
  }

  /** Ends all sessions, but for one if an id is given. */
  async revokeAll(exceptId: number | null = null): Promise<void> {
    await this.#end([...this.#byHash.values()].filter((session) => session.id !== exceptId));
  }

  /** Hears the id of every session that ends, for whatever reason, at once. @returns what takes it off. */
  onRevoked(listener: (id: number) => void): () => void {
    return this.#revoked.add(listener);
  }

  /** An open socket is use as well: the dashboard asks nothing while nothing happens. */
  keepAlive(ids: ReadonlySet<number>): void {
    for (const session of this.#byHash.values()) {
      if (ids.has(session.id) && !this.#isOver(session)) this.#touch(session);
    }
  }

  /** Ends what has run out, and stores what found no room on the disk. */
  async prune(): Promise<void> {
    await this.#end([...this.#byHash.values()].filter((session) => this.#isOver(session)));
    await this.#store.storeWaiting();
  }

  /** Resolves once nothing is being written; what waits for room gets its last chance. */
  async settled(): Promise<void> {
    this.#writes.run('the sessions that wait for room', () => this.#store.storeWaiting());
    await this.#writes.settled();
  }

  #isOver(session: CachedSession): boolean {
    const nowMs = this.clock();
    return nowMs >= session.expiresAtMs || nowMs - session.lastSeenAtMs >= SESSION_IDLE_MS;
  }

  #touch(session: CachedSession): void {
    const nowMs = this.clock();
    session.lastSeenAtMs = nowMs;
    if (nowMs - session.writtenAtMs < WRITE_LAST_SEEN_EVERY_MS) return;
    session.writtenAtMs = nowMs;
    this.#writes.run('when a session was last seen', () => this.#store.noteSeen(session.id, isoOf(nowMs)));
  }

  /** Memory first, so that nobody passes while the database is slow or full. */
  async #end(sessions: CachedSession[]): Promise<void> {
    if (sessions.length === 0) return;
    for (const session of sessions) this.#byHash.delete(session.tokenHash);
    for (const session of sessions) this.#revoked.notify(session.id);
    await this.#store.remove(sessions.map((session) => session.id));
  }

  async #makeRoom(): Promise<void> {
    if (this.#byHash.size < MAX_SESSIONS) return;
    await despiteFullDisk(this.prune());
    const surplus = this.list().slice(MAX_SESSIONS - 1);
    for (const session of surplus) await despiteFullDisk(this.revoke(session.id));
  }
}

function cachedFrom(row: SessionEntity): CachedSession {
  const lastSeenAtMs = Date.parse(row.lastSeenAt);
  return {
    id: row.id,
    tokenHash: row.tokenHash,
    createdAtMs: Date.parse(row.createdAt),
    lastSeenAtMs,
    writtenAtMs: lastSeenAtMs,
    expiresAtMs: Date.parse(row.expiresAt),
    address: row.address,
    userAgent: row.userAgent,
  };
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
