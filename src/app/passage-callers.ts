import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import { UNCHECKED_OPERATOR, sessionCaller } from '../core/auth/caller.js';
import type { Callers } from '../features/access/nginx/lasting-passages.js';

type CallerName = Pick<Caller, 'via' | 'sessionId' | 'tokenId'>;

/**
 * Names callers by what ends them, their session or their token, for the AiKore that comes after this one.
 * @param isAuthOn whether this AiKore asks for a sign-in; the one before may not have
 */
export function passageCallers(
  { sessions, tokens }: { sessions: Pick<Auth['sessions'], 'byId'>; tokens: Pick<Auth['tokens'], 'list'> },
  isAuthOn: boolean,
): Callers<Caller> {
  const ofToken = (tokenId: number): Caller | null => {
    const token = tokens.list().find(({ id }) => id === tokenId);
    if (token === undefined) return null;
    return { ...UNCHECKED_OPERATOR, via: 'token', tokenId, expiresAt: token.expires_at };
  };
  return {
    nameOf: ({ via, sessionId, tokenId }) => ({ via, sessionId, tokenId }) satisfies CallerName,
    find: (name) => {
      const { via, sessionId, tokenId } = (name ?? {}) as Partial<CallerName>;
      if (via === 'none') return isAuthOn ? null : UNCHECKED_OPERATOR;
      if (via === 'session') {
        const session = typeof sessionId === 'number' ? sessions.byId(sessionId) : null;
        return session === null ? null : sessionCaller(session);
      }
      // The environment's token has no id, and may be another one by now.
      return via === 'token' && typeof tokenId === 'number' ? ofToken(tokenId) : null;
    },
  };
}
