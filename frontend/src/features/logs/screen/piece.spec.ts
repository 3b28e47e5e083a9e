import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Piece } from './piece.js';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

describe('a piece', () => {
  it('knows the byte of every character, whatever was printed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', 'ü', '洪', '🙂', '\ufffd')),
        fc.nat(1000),
        (parts, start) => {
          const text = parts.join('');
          const piece = new Piece(1, text, start, start + bytesOf(text));
          let index = 0;
          for (const part of parts) {
            expect(piece.byteAt(index)).toBe(start + bytesOf(text.slice(0, index)));
            index += part.length;
          }
          expect(piece.byteAt(text.length)).toBe(piece.nextOffset);
        },
      ),
    );
  });

  it('counts what was no UTF-8 with the bytes that are left for it', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x62, 0xfe, 0x0a, 0x63);
    const piece = new Piece(1, new TextDecoder().decode(bytes), 100, 106);
    expect(piece.byteAt(5)).toBe(105);
    expect(piece.from(5)).toMatchObject({ text: 'c', offset: 105, nextOffset: 106 });
  });

  it('is cut at bytes and at lines', () => {
    const piece = new Piece(1, 'größe\nnext\n', 10, 23);
    expect(piece.fromByte(4).text).toBe('größe\nnext\n');
    expect(piece.fromByte(14).text).toBe('ße\nnext\n');
    expect(piece.fromNextLine()).toMatchObject({ text: 'next\n', offset: 18 });
    expect(new Piece(1, 'one line\n', 0, 9).fromNextLine().text).toBe('one line\n');
    expect(new Piece(1, 'no line', 0, 7).fromNextLine().text).toBe('no line');
  });
});
