import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasBearerScheme, readBearer } from './bearer.js';

describe('readBearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['BEARER a b', 'a b'],
  ])('reads %p', (header, token) => {
    expect(readBearer(header)?.toString('utf8')).toBe(token);
  });

  it('gives back the bytes of a token beyond ASCII', () => {
    const asNodeSeesIt = Buffer.from('Bearer geheim-ü-🔑', 'utf8').toString('latin1');
    expect(readBearer(asNodeSeesIt)?.toString('utf8')).toBe('geheim-ü-🔑');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearerabc',
    'Token abc',
    `Bearer ${'x'.repeat(3000)}`,
  ])('finds nothing in %p', (header) => {
    expect(readBearer(header)).toBeNull();
  });

  it('knows the scheme even of what it cannot read', () => {
    expect(hasBearerScheme('Bearer')).toBe(true);
    expect(hasBearerScheme('Bearer ')).toBe(true);
    expect(hasBearerScheme('Basic abc')).toBe(false);
    expect(hasBearerScheme(undefined)).toBe(false);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readBearer(`Bearer ${text}`)));
  });
});
