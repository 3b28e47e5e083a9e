import type { IncomingHttpHeaders } from 'node:http';
import type { ApiTokens } from './api-tokens.js';
import { hasBearerScheme, readBearer } from './bearer.js';
import type { Caller } from './caller.js';
import { UNCHECKED_OPERATOR, sessionCaller } from './caller.js';
import { sessionCandidates } from './cookies.js';
import type { Session } from './session-cache.js';
import type { Sessions } from './sessions.js';

/** Where the request goes, which decides whose an unknown bearer token is. */
export type Audience =
  | 'aikore'
  | 'application'
  /** An application that has this name to itself (lower case, no port): child sessions of the name count there. */
  | { hostname: string };

/** Finds out who makes a request, from its headers alone, without waiting for anything. */
export class Authenticator {
  constructor(
    private readonly sessions: Pick<Sessions, 'find'>,
    private readonly tokens: Pick<ApiTokens, 'find' | 'isOwn'>,
    private readonly isAuthOn: boolean,
  ) {}

  /**
   * Null: nobody that is known. A bearer token decides alone: a wrong one is never replaced by a cookie that happens to
   * be right. Applications have bearer tokens of their own, which say nothing about AiKore's caller.
   */
  authenticate(headers: IncomingHttpHeaders, audience: Audience = 'aikore'): Caller | null {
    if (!this.isAuthOn) return UNCHECKED_OPERATOR;
    const { authorization, cookie } = headers;
    if (hasBearerScheme(authorization) && (audience === 'aikore' || this.isOwnBearer(authorization))) {
      const bearer = readBearer(authorization);
      return bearer === null ? null : this.tokens.find(bearer);
    }
    const session = this.#sessionOf(cookie, audience);
    return session === null ? null : sessionCaller(session);
  }

  /** Of several values that of the one session counts; two different sessions are somebody's mischief. */
  #sessionOf(cookie: string | undefined, audience: Audience): Session | null {
    for (const tokens of sessionCandidates(cookie)) {
      const sessions = tokens
        .map((token) => this.sessions.find(token))
        .filter((session) => session !== null && countsFor(session, audience));
      if (sessions.length > 0) return sessions.length === 1 ? (sessions[0] ?? null) : null;
    }
    return null;
  }

  /** Whether an `Authorization` header carries AiKore's own token, which no application may see. */
  isOwnBearer(authorization: string | undefined): boolean {
    const bearer = readBearer(authorization);
    return bearer !== null && this.tokens.isOwn(bearer);
  }
}

function countsFor(session: Session, audience: Audience): boolean {
  if (session.parentId === null) return true;
  return typeof audience === 'object' && session.hostname === audience.hostname;
}
