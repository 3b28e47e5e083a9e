import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeSpawnRequest } from './spawn-request.js';

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));

describe('a request to the spawner', () => {
  it('is its length, its number, the number of arguments, and texts that end in NUL', () => {
    const request = encodeSpawnRequest(7, { argv: ['/bin/a', ''], env: { B: 'ü' } }, null);
    expect(request.readUInt32LE(0)).toBe(request.length - 4);
    expect([request.readUInt32LE(4), request.readUInt32LE(8)]).toEqual([7, 2]);
    expect(request.toString('utf8', 28)).toBe('/bin/a\0\0B=ü\0');
  });

  it('says as whom: with all rights where there is one user, else as the applications unless it is AiKore itself', () => {
    const appUser = { uid: 1000, gid: 100, groups: [44, 109] };
    const wordsOf = (as: 'own' | 'apps' | undefined, user: typeof appUser | null) => {
      const wish = { argv: ['/bin/a'], env: {}, ...(as === undefined ? {} : { as }) };
      const request = encodeSpawnRequest(1, wish, user);
      const end = request.indexOf('/bin/a');
      return Array.from({ length: end / 4 - 3 }, (_, index) => request.readUInt32LE(12 + index * 4));
    };
    expect([wordsOf('apps', null), wordsOf('own', null)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    const ofApps = [2, 1000, 100, 2, 44, 109];
    expect([wordsOf('apps', appUser), wordsOf(undefined, appUser)]).toEqual([ofApps, ofApps]);
    expect(wordsOf('own', appUser)).toEqual([process.getuid?.() === 0 ? 0 : 1, 0, 0, 0]);
  });

  it('has as many texts as there are arguments and variables, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.dictionary(text, text), (argv, env) => {
        const texts = encodeSpawnRequest(1, { argv, env }, null).toString('latin1', 28).split('\0');
        expect(texts).toHaveLength(argv.length + Object.keys(env).length + 1);
        expect(texts.at(-1)).toBe('');
      }),
    );
  });

  it('is refused with a NUL inside, which would shift everything behind it', () => {
    expect(() => encodeSpawnRequest(1, { argv: ['a\0b'], env: {} }, null)).toThrow('NUL');
    expect(() => encodeSpawnRequest(1, { argv: ['a'], env: { A: '\0' } }, null)).toThrow('NUL');
  });
});
