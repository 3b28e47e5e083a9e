import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeSpawnRequest } from './spawn-request.js';

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));

describe('a request to the spawner', () => {
  it('is its length, its number, the number of arguments, and texts that end in NUL', () => {
    const request = encodeSpawnRequest(7, { argv: ['/bin/a', ''], env: { B: 'ü' } });
    expect(request.readUInt32LE(0)).toBe(request.length - 4);
    expect([request.readUInt32LE(4), request.readUInt32LE(8)]).toEqual([7, 2]);
    expect(request.toString('utf8', 12)).toBe('/bin/a\0\0B=ü\0');
  });

  it('has as many texts as there are arguments and variables, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.dictionary(text, text), (argv, env) => {
        const texts = encodeSpawnRequest(1, { argv, env }).toString('latin1', 12).split('\0');
        expect(texts).toHaveLength(argv.length + Object.keys(env).length + 1);
        expect(texts.at(-1)).toBe('');
      }),
    );
  });

  it('is refused with a NUL inside, which would shift everything behind it', () => {
    expect(() => encodeSpawnRequest(1, { argv: ['a\0b'], env: {} })).toThrow('NUL');
    expect(() => encodeSpawnRequest(1, { argv: ['a'], env: { A: '\0' } })).toThrow('NUL');
  });
});
