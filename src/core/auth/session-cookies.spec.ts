import { describe, expect, it } from '@jest/globals';
import type { SeenBy } from './session-cookies.js';
import { SessionCookies } from './session-cookies.js';

const over = (headers: SeenBy['headers'], isSecure = false): SeenBy => ({ headers, isSecure });

describe('SessionCookies', () => {
  const behindTls = new SessionCookies(new URL('https://aikore.example.org'));

  it('lasts as long as the session can', () => {
    expect(new SessionCookies(null).issue('abc', over({ host: 'localhost' }))).toBe(
      'aikore_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict',
    );
  });

  it('is for HTTPS only where the browser sees HTTPS', () => {
    expect(behindTls.issue('abc', over({ host: 'aikore.example.org' }))).toMatch(
      /^__Host-aikore_session=.*; Secure$/,
    );
    expect(
      behindTls.issue('abc', over({ host: '127.0.0.1:9000', origin: 'https://aikore.example.org' })),
    ).toContain('Secure');
    expect(
      behindTls.issue('abc', over({ host: '10.0.0.5:9000', origin: 'http://10.0.0.5:9000' })),
    ).not.toContain('Secure');
    const plain = new SessionCookies(new URL('http://aikore.lan'));
    expect(plain.issue('abc', over({ host: 'aikore.lan' }))).not.toContain('Secure');
  });

  it('is for HTTPS only where the request came that way', () => {
    expect(new SessionCookies(null).issue('abc', over({ host: 'box.lan:9000' }, true))).toMatch(
      /^__Host-aikore_session=.*; Secure$/,
    );
    expect(new SessionCookies(null).expire(over({ host: 'box.lan:9000' }, true))).toHaveLength(2);
  });

  it('removes all that there may be', () => {
    expect(behindTls.expire(over({ host: 'aikore.example.org' }))).toEqual([
      'aikore_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
      '__Host-aikore_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
    ]);
    expect(behindTls.expire(over({ host: 'localhost' }))).toHaveLength(1);
  });
});
