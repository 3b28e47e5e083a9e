import { describe, expect, it } from '@jest/globals';
import type { ApiToken } from '../contracts/auth.js';
import { ENVIRONMENT_TOKEN_CALLER, UNCHECKED_OPERATOR, sessionCaller } from '../core/auth/caller.js';
import type { Session } from '../core/auth/session-cache.js';
import { passageCallers } from './passage-callers.js';

const session = (id: number, parentId: number | null): Session => ({
  id,
  parentId,
  hostname: parentId === null ? null : 'comfy.home.lan',
  createdAtMs: 0,
  lastSeenAtMs: 0,
  expiresAtMs: Date.UTC(2030, 0, 1),
  address: '192.0.2.1',
  userAgent: '',
});
const live = [session(1, null), session(2, 1)];
const token = { id: 7, name: 'script', expires_at: '2030-01-01T00:00:00.000Z' } as ApiToken;
const parts = {
  sessions: { byId: (id: number) => live.find((each) => each.id === id) ?? null },
  tokens: { list: () => [token] },
};

describe('a caller of before', () => {
  const callers = passageCallers(parts, { isAuthOn: true, token: 'a token' });
  /** As a note tells it. */
  const noted = (caller: Parameters<typeof callers.nameOf>[0]): unknown =>
    JSON.parse(JSON.stringify(callers.nameOf(caller)));

  it.each(live)('is found by a session, also by one of a host name', (each) => {
    expect(callers.find(noted(sessionCaller(each)))).toEqual(sessionCaller(each));
  });

  it('is found by a token, with its end', () => {
    const caller = { ...UNCHECKED_OPERATOR, via: 'token', tokenId: 7, expiresAt: null } as const;
    expect(callers.find(noted(caller))).toMatchObject({ tokenId: 7, expiresAt: token.expires_at });
    expect(callers.find(noted({ ...caller, tokenId: 8 }))).toBeNull();
  });

  it.each([
    ['a session that has ended', sessionCaller(session(3, null))],
    ['no sign-in, where one is asked for now', UNCHECKED_OPERATOR],
  ])('is nobody by %s', (_what, caller) => {
    expect(callers.find(noted(caller))).toBeNull();
  });

  it.each([null, 'x', {}, { via: 'session' }, { via: 'token', tokenId: null }])(
    'is nobody by a note that says %j',
    (name) => {
      expect(callers.find(name)).toBeNull();
    },
  );

  it('is found by the token of the environment, as long as it is the same', () => {
    const name = noted(ENVIRONMENT_TOKEN_CALLER);
    expect(callers.find(name)).toEqual(ENVIRONMENT_TOKEN_CALLER);
    for (const token of ['another', null])
      expect(passageCallers(parts, { isAuthOn: true, token }).find(name)).toBeNull();
    const without = passageCallers(parts, { isAuthOn: true, token: null });
    expect(without.find(without.nameOf(ENVIRONMENT_TOKEN_CALLER))).toBeNull();
  });

  it('goes on without a sign-in where none is asked for', () => {
    expect(passageCallers(parts, { isAuthOn: false, token: null }).find(noted(UNCHECKED_OPERATOR))).toEqual(
      UNCHECKED_OPERATOR,
    );
  });
});
