import { describe, expect, it } from '@jest/globals';
import type { CookieRequest } from './session-cookies.js';
import { SessionCookies } from './session-cookies.js';

const from = (host: string, more: { isSecure?: boolean; origin?: string } = {}): CookieRequest => ({
  client: { host, isSecure: more.isSecure ?? false },
  headers: { origin: more.origin },
});

describe('SessionCookies', () => {
  const behindTls = new SessionCookies(new URL('https://aikore.example.org'));

  it('lasts as long as the session can', () => {
    expect(new SessionCookies(null).issue('abc', from('localhost'))).toBe(
      'aikore_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict',
    );
  });

  it('is for HTTPS only where the browser sees HTTPS', () => {
    expect(behindTls.issue('abc', from('aikore.example.org'))).toMatch(/^__Host-aikore_session=.*; Secure$/);
    expect(
      behindTls.issue('abc', from('127.0.0.1:9000', { origin: 'https://aikore.example.org' })),
    ).toContain('Secure');
    expect(behindTls.issue('abc', from('10.0.0.5:9000', { origin: 'http://10.0.0.5:9000' }))).not.toContain(
      'Secure',
    );
    const plain = new SessionCookies(new URL('http://aikore.lan'));
    expect(plain.issue('abc', from('aikore.lan'))).not.toContain('Secure');
  });

  it('is for HTTPS only where the connection is encrypted, whatever the public address is', () => {
    for (const cookies of [behindTls, new SessionCookies(null)]) {
      expect(cookies.issue('abc', from('box:9000', { isSecure: true }))).toMatch(
        /^__Host-aikore_session=abc; Path=\/; .*; Secure$/,
      );
      expect(cookies.expire(from('box:9000', { isSecure: true }))).toHaveLength(2);
    }
  });

  it('removes all that there may be', () => {
    expect(behindTls.expire(from('aikore.example.org'))).toEqual([
      'aikore_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
      '__Host-aikore_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
    ]);
    expect(behindTls.expire(from('localhost'))).toHaveLength(1);
  });
});
