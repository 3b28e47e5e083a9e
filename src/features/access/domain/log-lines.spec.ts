import { describe, expect, it } from '@jest/globals';
import { plainLines } from './log-lines.js';

describe('plainLines', () => {
  it.each([
    ['\u001b[1;32mInstalling\u001b[0m torch', 'Installing torch'],
    [' 10%\r 50%\r100% done\r', '100% done'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]52;c;AAAA', ''],
    ['a\u0000b\u0008c\u202ed', 'abcd'],
    ['tab\tkept  ', 'tab\tkept'],
    ['<img onerror=x>', '<img onerror=x>'],
  ])('%j → %j', (line, expected) => {
    expect(plainLines([line])).toEqual([expected]);
  });

  it('keeps the last twenty lines, each cut to a readable length', () => {
    const lines = plainLines([
      ...Array.from({ length: 30 }, (_, index) => `line ${index}`),
      'x'.repeat(5000),
    ]);
    expect(lines).toHaveLength(20);
    expect(lines[0]).toBe('line 11');
    expect(lines[19]).toHaveLength(400);
  });
});
