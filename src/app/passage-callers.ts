import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import { ENVIRONMENT_TOKEN_CALLER, UNCHECKED_OPERATOR, sessionCaller } from '../core/auth/caller.js';
import { hexDigestOf } from '../core/auth/secrets.js';
import type { Config } from '../core/config/config.js';
import type { Callers } from '../features/access/nginx/lasting-passages.js';

interface CallerName extends Pick<Caller, 'via' | 'sessionId' | 'tokenId'> {
  /** Tells one `AIKORE_TOKEN` from another; null for who has none of it. */
  mark: string | null;
}

/** Enough to tell a changed token, too little to learn one by. */
const MARK_LENGTH = 8;

/** Names callers by what ends them, their session or their token, for the AiKore that comes after this one. */
export function passageCallers(
  { sessions, tokens }: { sessions: Pick<Auth['sessions'], 'byId'>; tokens: Pick<Auth['tokens'], 'list'> },
  { isAuthOn, token }: Pick<Config, 'isAuthOn' | 'token'>,
): Callers<Caller> {
  const ownMark = token === null ? null : hexDigestOf(token).slice(0, MARK_LENGTH);
  const ofToken = (tokenId: number): Caller | null => {
    const found = tokens.list().find(({ id }) => id === tokenId);
    if (found === undefined) return null;
    return { ...UNCHECKED_OPERATOR, via: 'token', tokenId, expiresAt: found.expires_at };
  };
  return {
    nameOf: ({ via, sessionId, tokenId }) => {
      const mark = via === 'token' && tokenId === null ? ownMark : null;
      return { via, sessionId, tokenId, mark } satisfies CallerName;
    },
    find: (name) => {
      const { via, sessionId, tokenId, mark } = (name ?? {}) as Partial<CallerName>;
      // The AiKore before may have asked nobody to sign in.
      if (via === 'none') return isAuthOn ? null : UNCHECKED_OPERATOR;
      if (via === 'session') {
        const session = typeof sessionId === 'number' ? sessions.byId(sessionId) : null;
        return session === null ? null : sessionCaller(session);
      }
      if (via !== 'token') return null;
      if (typeof tokenId === 'number') return ofToken(tokenId);
      return ownMark !== null && mark === ownMark ? ENVIRONMENT_TOKEN_CALLER : null;
    },
  };
}
