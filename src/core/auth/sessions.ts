import type { Repository } from 'typeorm';
import { despiteFullDisk } from '../errors.js';
import type { Logger } from '../logging.js';
import type { SessionEntity } from './auth.entities.js';
import { BackgroundWrites } from './background-writes.js';
import type { Clock } from './clock.js';
import { DAY_MS, MINUTE_MS, isoOf } from './clock.js';
import { Listeners } from './listeners.js';
import { hexDigestOf, randomSecret } from './secrets.js';
import type { CachedSession, Session } from './session-cache.js';
import { SessionCache } from './session-cache.js';
import { SessionStore } from './session-store.js';

export const SESSION_IDLE_MS = 7 * DAY_MS;
export const SESSION_ABSOLUTE_MS = 30 * DAY_MS;
const WRITE_LAST_SEEN_EVERY_MS = 5 * MINUTE_MS;
const MAX_SESSIONS = 500;
/** Far more host names than an operator gives to instances. */
const MAX_CHILDREN = 32;
const MAX_USER_AGENT_LENGTH = 256;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * All live sessions, held in memory so that checking one is synchronous and costs no query; the database makes them
 * outlive AiKore. A session ends after seven days without use and after thirty in any case.
 *
 * A **child** session is the same sign-in at the host name of one application, which has a cookie of its own. Using it is
 * using its parent, and it ends with that.
 */
export class Sessions {
  readonly #cache = new SessionCache();
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
    for (const row of await this.#store.all()) this.#cache.add(cachedFrom(row));
    await despiteFullDisk(this.prune());
  }

  /** @returns the secret for the cookie, shown nowhere else, and its session. */
  async create(address: string, userAgent: string): Promise<{ token: string; session: Session }> {
    await this.#makeRoom(this.list(), MAX_SESSIONS);
    return this.#begin({ address, userAgent, parentId: null, hostname: null }, SESSION_ABSOLUTE_MS);
  }

  /**
   * Begins the session of a further host name.
   * @param hostname lower case, without a port.
   * @returns null when the parent is over, or is a child itself.
   */
  async createChild(
    parentId: number,
    child: { hostname: string; address: string; userAgent: string },
  ): Promise<{ token: string; session: Session } | null> {
    if (this.#liveParent(parentId) === null) return null;
    await this.#makeRoom(this.#cache.childrenOf(parentId).sort(usedLastFirst), MAX_CHILDREN);
    const parent = this.#liveParent(parentId);
    if (parent === null) return null;
    try {
      const begun = await this.#begin({ ...child, parentId }, parent.expiresAtMs - this.clock());
      if (this.#liveParent(parentId) !== null) return begun;
      await despiteFullDisk(this.#end([begun.session]));
    } catch (error) {
      // The database has no row to put it below when the parent ended meanwhile.
      if (this.#liveParent(parentId) !== null) throw error;
    }
    return null;
  }

  /** The session of a cookie's value, which thereby counts as used. */
  find(token: string): Session | null {
    if (!TOKEN.test(token)) return null;
    const session = this.#cache.byHash(hexDigestOf(token));
    if (session === undefined) return null;
    if (this.#isOver(session)) {
      this.#writes.run('the end of a session', () => this.#end([session]));
      return null;
    }
    this.#touch(session);
    return session;
  }

  /** A session that is not over, a child too. */
  byId(id: number): Session | null {
    const session = this.#cache.byId(id);
    return session === undefined || this.#isOver(session) ? null : session;
  }

  /** Those not over that began with a sign-in, the one used last first. */
  list(): Session[] {
    return this.#cache
      .all()
      .filter((session) => session.parentId === null && !this.#isOver(session))
      .sort(usedLastFirst);
  }

  /**
   * A session, and what ends with it, ends before this resolves, even if the database then refuses.
   * @returns false when there is none that began with a sign-in.
   */
  async revoke(id: number): Promise<boolean> {
    const session = this.#cache.byId(id);
    if (session === undefined || session.parentId !== null) return false;
    await this.#end([session]);
    return true;
  }

  /** Ends all sessions, but for one (and what ends with it) if an id is given. */
  async revokeAll(exceptId: number | null = null): Promise<void> {
    const isMeant = ({ id, parentId }: Session): boolean =>
      exceptId === null || (id !== exceptId && parentId !== exceptId);
    await this.#end(this.#cache.all().filter(isMeant));
  }

  /** Hears the id of every session that ends, for whatever reason, at once. @returns what takes it off. */
  onRevoked(listener: (id: number) => void): () => void {
    return this.#revoked.add(listener);
  }

  /** An open socket is use as well: the dashboard asks nothing while nothing happens. */
  keepAlive(ids: ReadonlySet<number>): void {
    for (const id of ids) {
      const session = this.#cache.byId(id);
      if (session !== undefined && !this.#isOver(session)) this.#touch(session);
    }
  }

  /** Ends what has run out, and stores what found no room on the disk. */
  async prune(): Promise<void> {
    await this.#end(this.#cache.all().filter((session) => this.#isOver(session)));
    await this.#store.storeWaiting();
  }

  /** Resolves once nothing is being written; what waits for room gets its last chance. */
  async settled(): Promise<void> {
    this.#writes.run('the sessions that wait for room', () => this.#store.storeWaiting());
    await this.#writes.settled();
  }

  async #begin(
    wish: Pick<Session, 'address' | 'userAgent' | 'parentId' | 'hostname'>,
    lifeMs: number,
  ): Promise<{ token: string; session: CachedSession }> {
    const token = randomSecret();
    const nowMs = this.clock();
    const row = this.repository.create({
      ...wish,
      tokenHash: hexDigestOf(token),
      createdAt: isoOf(nowMs),
      lastSeenAt: isoOf(nowMs),
      expiresAt: isoOf(nowMs + lifeMs),
      userAgent: printable(wish.userAgent).slice(0, MAX_USER_AGENT_LENGTH),
    });
    await this.#store.insert(row);
    const session = cachedFrom(row);
    this.#cache.add(session);
    return { token, session };
  }

  #liveParent(id: number): CachedSession | null {
    const session = this.#cache.byId(id);
    return session === undefined || session.parentId !== null || this.#isOver(session) ? null : session;
  }

  #isOver(session: CachedSession): boolean {
    const nowMs = this.clock();
    if (nowMs >= session.expiresAtMs || nowMs - session.lastSeenAtMs >= SESSION_IDLE_MS) return true;
    return session.parentId !== null && this.#liveParent(session.parentId) === null;
  }

  #touch(session: CachedSession): void {
    const nowMs = this.clock();
    session.lastSeenAtMs = nowMs;
    const parent = session.parentId === null ? undefined : this.#cache.byId(session.parentId);
    if (parent !== undefined) this.#touch(parent);
    if (nowMs - session.writtenAtMs < WRITE_LAST_SEEN_EVERY_MS) return;
    session.writtenAtMs = nowMs;
    this.#writes.run('when a session was last seen', () => this.#store.noteSeen(session.id, isoOf(nowMs)));
  }

  /** Memory first, so that nobody passes while the database is slow or full. */
  async #end(sessions: readonly CachedSession[]): Promise<void> {
    if (sessions.length === 0) return;
    const ending = this.#cache.withChildren(sessions);
    for (const session of ending) this.#cache.remove(session);
    for (const session of ending) this.#revoked.notify(session.id);
    await this.#store.remove(ending.map((session) => session.id));
  }

  /** @param sessions of one kind, the one used last first; those used longest ago go */
  async #makeRoom(sessions: readonly Session[], limit: number): Promise<void> {
    if (sessions.length < limit) return;
    await despiteFullDisk(this.prune());
    const surplus = sessions.slice(limit - 1).flatMap(({ id }) => this.#cache.byId(id) ?? []);
    await despiteFullDisk(this.#end(surplus));
  }
}

function usedLastFirst(left: Session, right: Session): number {
  return right.lastSeenAtMs - left.lastSeenAtMs;
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
    parentId: row.parentId,
    hostname: row.hostname,
  };
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
