import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DesktopStatus } from '../../../src/contracts/desktop.js';
import { askAgainMs, backoffMs } from './backoff.js';
import { keysymOf } from './keysyms.js';
import { toPicture } from './picture.js';
import { typingBetween } from './typing.js';
import { wordsFor } from './words.js';

describe('the key of a character', () => {
  it.each([
    ['a', 0x61],
    ['~', 0x7e],
    ['ü', 0xfc],
    ['€', 0x010020ac],
    ['Ж', 0x01000416],
    ['😀', 0x0101f600],
    ['\n', 0xff0d],
    ['\t', 0xff09],
  ])('of %j is %i', (character, keysym) => {
    expect(keysymOf(character)).toBe(keysym);
  });
});

describe('what was typed into a field', () => {
  it.each([
    ['', 'a', 0, ['a']],
    ['ab', 'a', 1, []],
    ['teh', 'the', 2, ['h', 'e']],
    ['hello', 'hello world', 0, Array.from(' world')],
    ['x😀', 'x', 1, []],
    ['same', 'same', 0, []],
  ])('from %j to %j', (before, after, deletedCount, added) => {
    expect(typingBetween(before, after)).toEqual({ deletedCount, added });
  });

  it('always leads from the one text to the other', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { deletedCount, added } = typingBetween(before, after);
        const kept = Array.from(before).slice(0, Array.from(before).length - deletedCount);
        expect(kept.join('') + added.join('')).toBe(after);
      }),
    );
  });
});

describe('another try', () => {
  it('comes later and later, but never later than in a few seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 100].map(backoffMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(askAgainMs(true)).toBeGreaterThan(askAgainMs(false));
  });
});

describe('the words of a page without a desktop', () => {
  const status: DesktopStatus = {
    name: 'Alpha',
    heading: 'Alpha is stopped',
    status: 'stopped',
    reason: 'It was stopped.',
    trouble: null,
    phase: null,
    lines: [],
    is_coming: false,
    is_ready: false,
    client: 'novnc',
    dashboard: 'http://127.0.0.1:9000',
  };

  it('are AiKore’s own while there is something to wait for', () => {
    expect(wordsFor('waiting', status)).toEqual({ heading: 'Alpha is stopped', sentence: 'It was stopped.' });
  });

  it('say what is wrong with a display that has gone, where that is known', () => {
    expect(wordsFor('lost', status).sentence).toContain('started again');
    const trouble = 'The X server ended five times within a minute.';
    expect(wordsFor('lost', { ...status, trouble }).sentence).toBe(trouble);
  });

  it('exist for every stage, with and without anything known', () => {
    const stages = ['asking', 'waiting', 'connecting', 'shown', 'lost', 'away', 'gone', 'crowded'] as const;
    for (const stage of stages) {
      expect(wordsFor(stage, null).heading).not.toBe('');
      expect(wordsFor(stage, status).heading).not.toBe('');
    }
  });
});

describe('the remembered picture', () => {
  it('is the balanced one when nothing sensible is remembered', () => {
    expect([toPicture('fast'), toPicture(null), toPicture('<b>')]).toEqual(['fast', 'balanced', 'balanced']);
  });
});
