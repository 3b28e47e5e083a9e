/** A browser that is signed in. */
export interface Session {
  readonly id: number;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  /** The end, however busy it is. */
  readonly expiresAtMs: number;
  readonly address: string;
  readonly userAgent: string;
  /** The session that it ends with, for a child session; null for one that began with a sign-in. */
  readonly parentId: number | null;
  /** The only name at which a child session counts, lower case and without a port; null for others. */
  readonly hostname: string | null;
}

export interface CachedSession extends Session {
  tokenHash: string;
  lastSeenAtMs: number;
  /** When "last seen" was stored last. */
  writtenAtMs: number;
}

/** The sessions in memory, by what they are looked up by. */
export class SessionCache {
  readonly #byHash = new Map<string, CachedSession>();
  readonly #byId = new Map<number, CachedSession>();

  add(session: CachedSession): void {
    this.#byHash.set(session.tokenHash, session);
    this.#byId.set(session.id, session);
  }

  remove(session: CachedSession): void {
    this.#byHash.delete(session.tokenHash);
    this.#byId.delete(session.id);
  }

  byHash(tokenHash: string): CachedSession | undefined {
    return this.#byHash.get(tokenHash);
  }

  byId(id: number): CachedSession | undefined {
    return this.#byId.get(id);
  }

  all(): CachedSession[] {
    return [...this.#byId.values()];
  }

  childrenOf(parentId: number): CachedSession[] {
    return this.all().filter((session) => session.parentId === parentId);
  }

  /** The sessions with all that end with them, without doubles. */
  withChildren(sessions: readonly CachedSession[]): CachedSession[] {
    const ending = new Set(sessions);
    const ids = new Set(sessions.map(({ id }) => id));
    for (const session of this.#byId.values()) {
      if (session.parentId !== null && ids.has(session.parentId)) ending.add(session);
    }
    return [...ending];
  }
}
