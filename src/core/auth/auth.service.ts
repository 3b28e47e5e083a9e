import type { IncomingHttpHeaders } from 'node:http';
import type { SessionInfo } from '../../contracts/auth.js';
import type { Config } from '../config/config.js';
import type { AppError } from '../errors.js';
import { despiteFullDisk, invalidFields } from '../errors.js';
import type { Logger } from '../logging.js';
import type { ApiTokens } from './api-tokens.js';
import type { Audience, Authenticator } from './authenticator.js';
import { noPasswordSet, passwordFromEnvironment, wrongPassword } from './auth.errors.js';
import type { Caller } from './caller.js';
import { sessionCaller } from './caller.js';
import type { CredentialStore } from './credential-store.js';
import type { KnownDashboard } from './known-dashboard.js';
import type { LiveSockets } from './live-sockets.js';
import type { OneTimeLink } from './one-time-link.js';
import type { PasswordCheck } from './password-check.js';
import type { Passwords } from './passwords.js';
import { sortedScopes } from './scopes.js';
import type { Sessions } from './sessions.js';

/** What sign-in is made of. */
export interface AuthParts {
  passwords: Passwords;
  check: PasswordCheck;
  sessions: Sessions;
  tokens: ApiTokens;
  link: OneTimeLink;
  credentials: CredentialStore;
  authenticator: Authenticator;
  sockets: LiveSockets;
  knownDashboard: KnownDashboard;
  logger: Logger;
}

/** Where somebody signs in from. */
export interface Visitor {
  address: string;
  userAgent: string;
  /** The session cookies that their browser sent along: signing in ends the sessions that they may belong to. */
  sessionTokens: readonly string[];
}

/** A session that has just begun, with the secret for its cookie. */
export interface SignedIn {
  token: string;
  caller: Caller;
}

/** The guessing of the present password through a session is counted under a name of its own, not by address. */
const CHANGE_ATTEMPTS = 'change of password';

/** Signing in and out, and the password. */
export class AuthService {
  #passwordHash: string | null = null;
  #isPasswordFromEnvironment = false;

  constructor(private readonly parts: AuthParts) {}

  get isPasswordSet(): boolean {
    return this.#passwordHash !== null;
  }

  get isPasswordFromEnvironment(): boolean {
    return this.#isPasswordFromEnvironment;
  }

  /**
   * Loads what is stored and applies the configuration's password; to be called once, before requests are taken.
   * @returns the token of the one-time sign-in link while there is no password, else null.
   */
  async boot(config: Pick<Config, 'password' | 'isAuthOn'>): Promise<{ linkToken: string | null }> {
    const { credentials, sessions, tokens, link, knownDashboard } = this.parts;
    this.#passwordHash = await credentials.load();
    await Promise.all([sessions.load(), tokens.load(), knownDashboard.load()]);
    if (config.password !== null) await this.#applyEnvironmentPassword(config.password);
    return { linkToken: config.isAuthOn && !this.isPasswordSet ? link.create() : null };
  }

  /**
   * @throws AppError `unauthenticated` WRONG_PASSWORD or NO_PASSWORD_SET (which take the same time), `rate_limited`
   *   TOO_MANY_ATTEMPTS, `invalid` for a password that is too long.
   */
  async login(password: string, visitor: Visitor): Promise<SignedIn> {
    const verifiedHash = this.#passwordHash;
    await this.parts.check.require(visitor.address, password, verifiedHash, () => {
      this.parts.logger.warn('a sign-in failed', { from: visitor.address });
      return verifiedHash === null ? noPasswordSet() : wrongPassword();
    });
    const signedIn = await this.#signIn(visitor);
    // The password was changed while this one was being checked.
    if (this.#passwordHash !== verifiedHash) {
      await this.logout(signedIn.caller);
      throw wrongPassword();
    }
    return signedIn;
  }

  /** Redeems the one-time link. @returns null when the token is wrong or was used already. */
  async loginWithLink(token: string, visitor: Visitor): Promise<SignedIn | null> {
    if (!this.parts.link.redeem(token)) return null;
    return this.#signIn(visitor).catch((error: unknown) => {
      this.parts.link.giveBack(token);
      throw error;
    });
  }

  /** Ends the caller's session; a token has none and goes on working. */
  async logout(caller: Caller): Promise<void> {
    // Over it is at once; where it is noted does not concern who leaves.
    if (caller.sessionId !== null) await despiteFullDisk(this.parts.sessions.revoke(caller.sessionId));
  }

  /**
   * Sets the password and ends all sessions but the caller's. API tokens go on working.
   * @param current is not looked at while no password is set.
   * @throws AppError `conflict` PASSWORD_FROM_ENVIRONMENT, `invalid` for `password` or `current_password`,
   *   `rate_limited` TOO_MANY_ATTEMPTS.
   */
  async changePassword(current: string | null, next: string, caller: Caller): Promise<void> {
    const { passwords, credentials, sessions, link } = this.parts;
    if (this.#isPasswordFromEnvironment) throw passwordFromEnvironment();
    passwords.requireAcceptable(next);
    if (this.#passwordHash !== null) await this.#requireCurrent(current, this.#passwordHash);
    const nextHash = await passwords.hash(next);
    await credentials.save(nextHash);
    this.#passwordHash = nextHash;
    link.discard();
    await despiteFullDisk(sessions.revokeAll(caller.sessionId));
  }

  /** See {@link Authenticator.authenticate}. */
  authenticate(headers: IncomingHttpHeaders, audience: Audience = 'aikore'): Caller | null {
    return this.parts.authenticator.authenticate(headers, audience);
  }

  sessionInfo(caller: Caller): SessionInfo {
    return {
      actor: caller.actor,
      scopes: sortedScopes(caller.scopes),
      via: caller.via === 'token' ? 'token' : 'session',
      expires_at: caller.expiresAt,
      password_set: this.isPasswordSet,
      password_from_environment: this.#isPasswordFromEnvironment,
    };
  }

  /** To be called about once a minute: ends what has run out, keeps alive what has a socket open. */
  async maintain(): Promise<void> {
    this.parts.sessions.keepAlive(this.parts.sockets.sessionIds());
    await this.parts.sessions.prune();
  }

  /** To be awaited before the database closes. */
  async settled(): Promise<void> {
    const { sessions, tokens, knownDashboard } = this.parts;
    await Promise.all([sessions.settled(), tokens.settled(), knownDashboard.settled()]);
  }

  async #applyEnvironmentPassword(password: string): Promise<void> {
    const { passwords, credentials, sessions } = this.parts;
    this.#isPasswordFromEnvironment = true;
    if (this.#passwordHash !== null && (await passwords.isMatch(this.#passwordHash, password))) return;
    this.#passwordHash = await passwords.hash(password);
    // Every boot does this anew, so that it may fail to be stored.
    await despiteFullDisk(credentials.save(this.#passwordHash));
    await despiteFullDisk(sessions.revokeAll());
  }

  async #requireCurrent(current: string | null, storedHash: string): Promise<void> {
    const wrong = (): AppError => invalidFields({ current_password: 'This is not the present password.' });
    if (current === null || current === '') throw wrong();
    await this.parts.check.require(CHANGE_ATTEMPTS, current, storedHash, wrong);
  }

  async #signIn(visitor: Visitor): Promise<SignedIn> {
    const { sessions, logger } = this.parts;
    const { token, session } = await sessions.create(visitor.address, visitor.userAgent);
    for (const previous of visitor.sessionTokens.map((each) => sessions.find(each))) {
      if (previous !== null) await despiteFullDisk(sessions.revoke(previous.id));
    }
    logger.info('signed in', { from: visitor.address, session: session.id });
    return { token, caller: sessionCaller(session) };
  }
}
