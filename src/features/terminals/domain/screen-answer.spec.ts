import { describe, expect, it } from '@jest/globals';
import { isScreenAnswer } from './screen-answer.js';

describe('what a viewer sends', () => {
  it.each([
    ['\x1b[?1;2c', 'primary device attributes'],
    ['\x1b[>0;276;0c', 'secondary device attributes'],
    ['\x1b[0n', 'device status'],
    ['\x1b[24;80R', 'the cursor’s position'],
    ['\x1b[?2026;2$y', 'a mode'],
    ['\x1b[8;24;80t', 'the size of the window'],
    ['\x1b]11;rgb:1a1a/1a1a/2e2e\x1b\\', 'a colour'],
    ['\x1bP1$r0m\x1b\\', 'a setting'],
  ])('%j is an answer: %s', (text) => {
    expect(isScreenAnswer(Buffer.from(text))).toBe(true);
  });

  it.each([
    ['a'],
    ['\x1b'],
    ['\x1b[A'],
    ['\x1bOP'],
    ['\x1b[1;5D'],
    ['\x1b[200~paste\x1b[201~'],
    ['\x1b[I'],
    ['\x1b[<0;10;10M'],
    ['ls \x1b[24;80R'],
    ['\x1b[24;80Rls'],
    [`\x1b]${'x'.repeat(5000)}`],
    [''],
  ])('%j is typed', (text) => {
    expect(isScreenAnswer(Buffer.from(text))).toBe(false);
  });
});
