import type { IncomingHttpHeaders } from 'node:http';
import type { ApiTokens } from './api-tokens.js';
import { hasBearerScheme, readBearer } from './bearer.js';
import type { Caller } from './caller.js';
import { UNCHECKED_OPERATOR, sessionCaller } from './caller.js';
import { readSessionCookie } from './cookies.js';
import type { Sessions } from './sessions.js';

/** Where the request goes, which decides whose an unknown bearer token is. */
export type Audience = 'aikore' | 'application';

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
    const token = readSessionCookie(cookie);
    const session = token === null ? null : this.sessions.find(token);
    return session === null ? null : sessionCaller(session);
  }

  /** Whether an `Authorization` header carries AiKore's own token, which no application may see. */
  isOwnBearer(authorization: string | undefined): boolean {
    const bearer = readBearer(authorization);
    return bearer !== null && this.tokens.isOwn(bearer);
  }
}
