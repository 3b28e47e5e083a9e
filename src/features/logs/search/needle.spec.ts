import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Needle } from './needle.js';

const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

describe('a text that is looked for', () => {
  it('is found in both cases of ASCII letters, or exactly', () => {
    const log = Buffer.from('CUDA Out Of Memory');
    expect(new Needle('out of memory', false).indexIn(log, 0)).toBe(5);
    expect(new Needle('out of memory', true).indexIn(log, 0)).toBe(-1);
    expect(new Needle('Out Of', true).indexIn(log, 0)).toBe(5);
    expect(new Needle('out', false).indexIn(log, 6)).toBe(-1);
  });

  it('must match exactly where it is not ASCII', () => {
    expect(new Needle('größe', false).indexIn(Buffer.from('GRöSSE GRößE'), 0)).toBe(8);
    expect(new Needle('größe', false).indexIn(Buffer.from('GRÖßE'), 0)).toBe(-1);
    expect(new Needle('é', false).indexIn(Buffer.from('é', 'latin1'), 0)).toBe(-1);
  });

  it('is found wherever the text’s own way of searching finds it', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'B', 'é', '\n'), maxLength: 60 });
    const needles = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(letters, needles, fc.nat(20), (text, query, from) => {
        const folded = Buffer.from(ascii(text)).indexOf(Buffer.from(ascii(query)), from);
        expect(new Needle(query, false).indexIn(Buffer.from(text), from)).toBe(folded);
        const exact = Buffer.from(text).indexOf(Buffer.from(query), from);
        expect(new Needle(query, true).indexIn(Buffer.from(text), from)).toBe(exact);
      }),
    );
  });

  it('takes linear time in a text that is nearly it, over and over', () => {
    const log = Buffer.alloc(1024 * 1024, 'a');
    const started = performance.now();
    expect(new Needle(`b${'a'.repeat(199)}`, false).indexIn(log, 0)).toBe(-1);
    log.write('B', 1_000_000);
    expect(new Needle(`b${'a'.repeat(199)}`, false).indexIn(log, 0)).toBe(1_000_000);
    // Comparing each of its places would take seconds.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
