import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completeBytes, orphanedBytes } from './utf8.js';

describe('pieces of UTF-8', () => {
  it('are cut before a character whose end is missing', () => {
    const bytes = Buffer.from('aé€😀');
    expect(completeBytes(bytes.subarray(0, 1))).toBe(1);
    expect(completeBytes(bytes.subarray(0, 2))).toBe(1);
    expect(completeBytes(bytes.subarray(0, 3))).toBe(3);
    expect(completeBytes(bytes.subarray(0, 5))).toBe(3);
    expect(completeBytes(bytes.subarray(0, 9))).toBe(6);
    expect(completeBytes(bytes)).toBe(10);
  });

  it('begin after the rest of a character', () => {
    expect(orphanedBytes(Buffer.from('😀x').subarray(1))).toBe(3);
    expect(orphanedBytes(Buffer.from('x'))).toBe(0);
  });

  it('put together are the text again, wherever they are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, at) => {
        const bytes = Buffer.from(text);
        const first = bytes.subarray(0, at);
        const whole = completeBytes(first);
        expect(bytes.subarray(0, whole).toString() + bytes.subarray(whole).toString()).toBe(text);
      }),
    );
  });

  it('of invalid bytes never hold anything back for ever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4 }), (bytes) => {
        expect(bytes.length - completeBytes(bytes)).toBeLessThanOrEqual(3);
      }),
    );
  });
});
