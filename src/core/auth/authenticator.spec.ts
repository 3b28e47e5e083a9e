import { describe, expect, it } from '@jest/globals';
import type { Audience } from './authenticator.js';
import { Authenticator } from './authenticator.js';
import type { Session } from './session-cache.js';

const session = (id: number, hostname: string | null = null): Session => ({
  id,
  createdAtMs: 0,
  lastSeenAtMs: 0,
  expiresAtMs: 1,
  address: '192.0.2.1',
  userAgent: 'Firefox',
  parentId: hostname === null ? null : 1,
  hostname,
});

const KNOWN = new Map([
  ['mine', session(1)],
  ['other', session(2)],
  ['child', session(3, 'comfy.home.lan')],
]);

function idOf(cookie: string, audience: Audience = 'aikore'): number | null {
  const authenticator = new Authenticator(
    { find: (token) => KNOWN.get(token) ?? null },
    { find: () => null, isOwn: () => false },
    true,
  );
  return authenticator.authenticate({ cookie }, audience)?.sessionId ?? null;
}

describe('Authenticator', () => {
  it.each([
    ['aikore_session=planted; aikore_session=mine', 1],
    ['aikore_session=mine; aikore_session=; aikore_session=planted', 1],
    ['aikore_session=mine; aikore_session=mine', 1],
    ['aikore_session=mine; aikore_session=other', null],
    ['aikore_session=planted', null],
    ['aikore_session=other; __Host-aikore_session=mine', 1],
    ['__Host-aikore_session=planted; aikore_session=mine', 1],
    ['__Host-aikore_session=mine; __Host-aikore_session=other; aikore_session=mine', null],
  ])('takes the one cookie that is a session: %s', (cookie, id) => {
    expect(idOf(cookie)).toBe(id);
  });

  it('finds the real one among as many as a page can plant', () => {
    const planted = Array.from({ length: 179 }, (_, index) => `aikore_session=planted-${index}`);
    expect(idOf([...planted, 'aikore_session=mine'].join('; '))).toBe(1);
  });

  it('takes a child session at its own host name only', () => {
    expect(idOf('aikore_session=child', { hostname: 'comfy.home.lan' })).toBe(3);
    for (const audience of [
      'aikore',
      'application',
      { hostname: 'other.home.lan' },
      { hostname: '' },
    ] as const) {
      expect(idOf('aikore_session=child', audience)).toBeNull();
    }
  });

  it('is not confused by a child session where that does not count', () => {
    expect(idOf('aikore_session=child; aikore_session=mine')).toBe(1);
    expect(idOf('aikore_session=child; aikore_session=mine', { hostname: 'comfy.home.lan' })).toBeNull();
  });

  it('gives a child session what an application needs, and no more', () => {
    const authenticator = new Authenticator(
      { find: () => session(3, 'a.lan') },
      { find: () => null, isOwn: () => false },
      true,
    );
    const caller = authenticator.authenticate({ cookie: 'aikore_session=x' }, { hostname: 'a.lan' });
    expect([...(caller?.scopes ?? [])].sort()).toEqual(['operate', 'read']);
  });
});
