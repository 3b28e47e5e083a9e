import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../errors.js';
import { parseClientMessage } from './client-message.js';

const parse = (text: string) => parseClientMessage(Buffer.from(text), false);

describe('a message of a viewer', () => {
  it('asks for a log, from an offset or from now, or no more', () => {
    expect(parse('{"subscribe":"logs","id":7}')).toEqual({ subscribe: 'logs', id: 7 });
    expect(parse('{"subscribe":"logs","id":7,"offset":-100}')).toEqual({
      subscribe: 'logs',
      id: 7,
      offset: -100,
    });
    expect(parse('{"subscribe":"logs","id":7,"offset":0,"x":1}')).toEqual({
      subscribe: 'logs',
      id: 7,
      offset: 0,
    });
    expect(parse('{"unsubscribe":"logs","id":7}')).toEqual({ unsubscribe: 'logs', id: 7 });
  });

  it('may come in fragments or as an ArrayBuffer', () => {
    const text = '{"subscribe":"logs","id":7}';
    const bytes = Buffer.from(text);
    const pieces = [bytes.subarray(0, 5), bytes.subarray(5)];
    expect(parseClientMessage(pieces, false)).toEqual({ subscribe: 'logs', id: 7 });
    const copy = new Uint8Array(bytes).buffer;
    expect(parseClientMessage(copy, false)).toEqual({ subscribe: 'logs', id: 7 });
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '7',
    '"logs"',
    '{}',
    '{"id":7}',
    '{"subscribe":"logs"}',
    '{"subscribe":"stats","id":7}',
    '{"subscribe":"logs","id":"7"}',
    '{"subscribe":"logs","id":7.5}',
    '{"subscribe":"logs","id":1e300}',
    '{"subscribe":"logs","id":null}',
    '{"subscribe":"logs","id":7,"offset":null}',
    '{"subscribe":"logs","id":7,"offset":"0"}',
    '{"subscribe":"logs","id":7,"offset":0.5}',
    `{"subscribe":"logs","id":7,"x":"${'x'.repeat(1024)}"}`,
  ])('%s is refused', (text) => expect(() => parse(text)).toThrow(AppError));

  it('is never binary', () => {
    expect(() => parseClientMessage(Buffer.from('{"subscribe":"logs","id":7}'), true)).toThrow(AppError);
  });

  it('is understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          expect(Number.isSafeInteger(parse(text).id)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});
