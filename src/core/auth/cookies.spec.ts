import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  SECURE_SESSION_COOKIE,
  SESSION_COOKIE,
  isOwnCookieName,
  readCookies,
  removeOwnCookies,
  serializeSessionCookie,
  sessionCandidates,
} from './cookies.js';

describe('readCookies', () => {
  it.each([
    ['aikore_session=abc', ['abc']],
    ['a=1; aikore_session=abc; b=2', ['abc']],
    ['a=1;aikore_session=abc', ['abc']],
    ['aikore_session = abc ', ['abc']],
    ['aikore_session=a=b', ['a=b']],
    ['aikore_session=abc; aikore_session=abc', ['abc']],
    ['aikore_session=', ['']],
    ['aikore_session=planted; aikore_session=mine', ['planted', 'mine']],
  ])('reads %p', (header, values) => {
    expect(readCookies(header, SESSION_COOKIE)).toEqual(values);
  });

  it.each([
    undefined,
    '',
    ';;;',
    'aikore_session',
    'aikore_sessionx=abc',
    'xaikore_session=abc',
    'AIKORE_SESSION=abc',
    '=aikore_session=abc',
    'a="; aikore_session"=abc',
  ])('finds nothing in %p', (header) => {
    expect(readCookies(header, SESSION_COOKIE)).toEqual([]);
  });

  it('takes as many as a browser keeps, and no more', () => {
    const header = (count: number): string =>
      Array.from({ length: count }, (_, index) => `aikore_session=${index}`).join('; ');
    expect(readCookies(header(200), SESSION_COOKIE)).toHaveLength(200);
    expect(readCookies(header(201), SESSION_COOKIE)).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => void readCookies(header, SESSION_COOKIE)),
    );
  });
});

describe('sessionCandidates', () => {
  it('puts those first that no other host can plant', () => {
    const header = 'aikore_session=planted; __Host-aikore_session=mine; aikore_session=more';
    expect(sessionCandidates(header)).toEqual([['mine'], ['planted', 'more']]);
    expect(sessionCandidates('other=1')).toEqual([[], []]);
  });
});

describe('removeOwnCookies', () => {
  it.each([
    ['a=1; b=2', 'a=1; b=2'],
    ['aikore_session=s', undefined],
    ['aikore_session=s; a=1', 'a=1'],
    ['a=1; aikore_session=s', 'a=1'],
    ['a=1; __Host-aikore_session=s; b="x y"', 'a=1; b="x y"'],
    ['a=1;aikore_apps=s;b=2', 'a=1;b=2'],
    ['a=1;  aikore_session = s ;  b=2', 'a=1;  b=2'],
    ['a=1; aikore_session', 'a=1'],
    ['myaikore_session=1', 'myaikore_session=1'],
  ])('%p becomes %p', (header, expected) => {
    expect(removeOwnCookies(header)).toBe(expected);
  });

  it('has nothing to remove from nothing', () => {
    expect(removeOwnCookies(undefined)).toBeUndefined();
  });

  const otherPair = fc
    .tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,12}$/))
    .filter(([name]) => !isOwnCookieName(name))
    .map(([name, value]) => `${name}=${value}`);

  it('keeps every other cookie byte for byte, in order, wherever ours stand', () => {
    const own = fc.constantFrom('aikore_session=s', '__Host-aikore_session=s', 'aikore_x=', 'aikore_');
    fc.assert(
      fc.property(fc.array(otherPair), fc.array(fc.tuple(fc.nat(10), own)), (others, planted) => {
        const pairs = [...others];
        for (const [index, pair] of planted) pairs.splice(index, 0, pair);
        const expected = others.join('; ');
        expect(removeOwnCookies(pairs.join('; ')) ?? '').toBe(expected);
      }),
    );
  });

  it('never throws and never leaves one of ours', () => {
    const pieces = fc.constantFrom(
      'aikore_session',
      '__Host-aikore_session',
      '=',
      ';',
      ' ',
      '\t',
      '"',
      ',',
      'a',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (header) => {
          const rest = removeOwnCookies(header) ?? '';
          expect(sessionCandidates(rest).flat()).toEqual([]);
          expect(rest.split(';').some((pair) => isOwnCookieName(pair.trim()))).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('serializeSessionCookie', () => {
  it('is strict, and out of reach of scripts', () => {
    expect(serializeSessionCookie('abc', { isSecure: false, maxAgeSeconds: 60 })).toBe(
      `${SESSION_COOKIE}=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict`,
    );
    expect(serializeSessionCookie('abc', { isSecure: true, maxAgeSeconds: 60 })).toBe(
      `${SECURE_SESSION_COOKIE}=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure`,
    );
  });

  it('cannot be made to carry a second attribute', () => {
    for (const token of ['a;b', 'a b', 'a\r\nb', 'a,b', 'é']) {
      expect(() => serializeSessionCookie(token, { isSecure: false, maxAgeSeconds: 1 })).toThrow(TypeError);
    }
  });
});
