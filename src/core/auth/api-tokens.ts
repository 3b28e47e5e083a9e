import type { Repository } from 'typeorm';
import type { ApiToken, CreatedApiToken, Scope } from '../../contracts/auth.js';
import { AppError } from '../errors.js';
import type { Logger } from '../logging.js';
import type { ApiTokenEntity } from './auth.entities.js';
import { BackgroundWrites } from './background-writes.js';
import type { Caller } from './caller.js';
import { ENVIRONMENT_TOKEN_CALLER } from './caller.js';
import type { Clock } from './clock.js';
import { MINUTE_MS, isoOf } from './clock.js';
import { Listeners } from './listeners.js';
import { effectiveScopes, isScope, sortedScopes } from './scopes.js';
import { digestOf, isSameDigest, randomSecret } from './secrets.js';
import { checkedTokenRequest } from './token-request.js';
import type { TokenRequest } from './token-request.js';

const PREFIX = 'aik_';
const WRITE_LAST_USED_EVERY_MS = MINUTE_MS;
const MAX_TOKENS = 200;

interface CachedToken {
  id: number;
  name: string;
  tokenHash: string;
  scopes: Scope[];
  createdAtMs: number;
  lastUsedAtMs: number | null;
  expiresAtMs: number | null;
  writtenAtMs: number;
}

/** Named tokens for scripts, and `AIKORE_TOKEN`. Held in memory like sessions; the tokens themselves nowhere. */
export class ApiTokens {
  readonly #byHash = new Map<string, CachedToken>();
  readonly #writes: BackgroundWrites;
  readonly #revoked: Listeners<number>;
  readonly #environmentDigest: Buffer | null;

  constructor(
    private readonly repository: Repository<ApiTokenEntity>,
    environmentToken: string | null,
    logger: Logger,
    private readonly clock: Clock = Date.now,
  ) {
    this.#writes = new BackgroundWrites(logger);
    this.#revoked = new Listeners((error) => logger.error('a listener to deleted tokens failed', { error }));
    this.#environmentDigest = environmentToken === null ? null : digestOf(environmentToken);
  }

  /** Reads the tokens; to be called once, before anything else. */
  async load(): Promise<void> {
    for (const row of await this.repository.find()) this.#byHash.set(row.tokenHash, cachedFrom(row));
  }

  /**
   * @returns the token with its secret, the only time that it is shown.
   * @throws AppError `invalid` for a field, `conflict` TOKEN_NAME_TAKEN or TOO_MANY_TOKENS.
   */
  async create(request: TokenRequest): Promise<CreatedApiToken> {
    const nowMs = this.clock();
    const { name, scopes, expiresAtMs } = checkedTokenRequest(request, nowMs);
    this.#requireRoomFor(name);
    const token = `${PREFIX}${randomSecret()}`;
    const row = this.repository.create({
      name,
      tokenHash: digestOf(token).toString('hex'),
      scopes: scopes.join(','),
      createdAt: isoOf(nowMs),
      lastUsedAt: null,
      expiresAt: expiresAtMs === null ? null : isoOf(expiresAtMs),
    });
    await this.repository.insert(row).catch((error: unknown) => {
      // Two requests with one name at the same time: the index of the database decides.
      if (/UNIQUE constraint failed/.test(String(error))) throw nameTaken(name);
      throw error;
    });
    const cached = cachedFrom(row);
    this.#byHash.set(cached.tokenHash, cached);
    return { ...wireOf(cached), token };
  }

  /** All of them by name, those that have expired included. */
  list(): ApiToken[] {
    return [...this.#byHash.values()]
      .sort((left, right) => left.name.localeCompare(right.name, 'en'))
      .map(wireOf);
  }

  /** The token stops working before this resolves. @returns false when there is none. */
  async delete(id: number): Promise<boolean> {
    const token = [...this.#byHash.values()].find((each) => each.id === id);
    if (token === undefined) return false;
    this.#byHash.delete(token.tokenHash);
    this.#revoked.notify(id);
    await this.repository.delete(id);
    return true;
  }

  /** The caller that presents a bearer token (the bytes of the header after `Bearer`), or null. */
  find(bearer: Buffer): Caller | null {
    const digest = digestOf(bearer);
    if (this.#isEnvironmentDigest(digest)) return ENVIRONMENT_TOKEN_CALLER;
    const token = this.#byHash.get(digest.toString('hex'));
    if (token === undefined) return null;
    const nowMs = this.clock();
    if (token.expiresAtMs !== null && nowMs >= token.expiresAtMs) return null;
    this.#touch(token, nowMs);
    return callerOf(token);
  }

  /** Whether a bearer token is meant for AiKore, valid or not, rather than for an application behind it. */
  isOwn(bearer: Buffer): boolean {
    return bearer.toString('latin1').startsWith(PREFIX) || this.#isEnvironmentDigest(digestOf(bearer));
  }

  /** Hears the id of every token that is deleted, at once. @returns what takes it off. */
  onRevoked(listener: (id: number) => void): () => void {
    return this.#revoked.add(listener);
  }

  /** Resolves once nothing is being written. */
  settled(): Promise<void> {
    return this.#writes.settled();
  }

  #isEnvironmentDigest(digest: Buffer): boolean {
    return this.#environmentDigest !== null && isSameDigest(this.#environmentDigest, digest);
  }

  #requireRoomFor(name: string): void {
    const taken = [...this.#byHash.values()].some((token) => token.name.toLowerCase() === name.toLowerCase());
    if (taken) throw nameTaken(name);
    if (this.#byHash.size >= MAX_TOKENS) {
      throw new AppError(
        'conflict',
        'TOO_MANY_TOKENS',
        `There are ${MAX_TOKENS} tokens already. Delete one that is not used any more.`,
      );
    }
  }

  #touch(token: CachedToken, nowMs: number): void {
    token.lastUsedAtMs = nowMs;
    if (nowMs - token.writtenAtMs < WRITE_LAST_USED_EVERY_MS) return;
    token.writtenAtMs = nowMs;
    this.#writes.run('when a token was last used', () =>
      this.repository.update({ id: token.id }, { lastUsedAt: isoOf(nowMs) }),
    );
  }
}

function nameTaken(name: string): AppError {
  return new AppError('conflict', 'TOKEN_NAME_TAKEN', `There is a token named "${name}" already.`);
}

function cachedFrom(row: ApiTokenEntity): CachedToken {
  const lastUsedAtMs = row.lastUsedAt === null ? null : Date.parse(row.lastUsedAt);
  return {
    id: row.id,
    name: row.name,
    tokenHash: row.tokenHash,
    scopes: row.scopes.split(',').filter(isScope),
    createdAtMs: Date.parse(row.createdAt),
    lastUsedAtMs,
    writtenAtMs: lastUsedAtMs ?? 0,
    expiresAtMs: row.expiresAt === null ? null : Date.parse(row.expiresAt),
  };
}

function callerOf(token: CachedToken): Caller {
  return {
    actor: `token ${token.name}`,
    scopes: effectiveScopes(token.scopes),
    via: 'token',
    sessionId: null,
    tokenId: token.id,
    expiresAt: token.expiresAtMs === null ? null : isoOf(token.expiresAtMs),
  };
}

function wireOf(token: CachedToken): ApiToken {
  return {
    id: token.id,
    name: token.name,
    scopes: sortedScopes(token.scopes),
    created_at: isoOf(token.createdAtMs),
    last_used_at: token.lastUsedAtMs === null ? null : isoOf(token.lastUsedAtMs),
    expires_at: token.expiresAtMs === null ? null : isoOf(token.expiresAtMs),
  };
}
