import { describe, expect, it } from '@jest/globals';
import { lastPlainLines } from './plain-lines.js';

describe('lastPlainLines', () => {
  it('takes the last lines without colours, titles and controls', () => {
    const output = 'one\n\u001b[1;31mtwo\u001b[0m\n\u001b]0;title\u0007three\u0000\n\n';
    expect(lastPlainLines(output, 2)).toEqual(['two', 'three']);
  });

  it('keeps the last state of a progress bar', () => {
    expect(lastPlainLines(' 10 %\r 50 %\r100 %\r\ndone\r\n', 5)).toEqual(['100 %', 'done']);
  });

  it('cuts a line of any length', () => {
    expect(lastPlainLines('x'.repeat(100_000), 1)[0]).toHaveLength(2001);
  });

  it('drops an escape sequence that the end cut off', () => {
    expect(lastPlainLines('text\u001b]977;step=half', 1)).toEqual(['text']);
  });
});
