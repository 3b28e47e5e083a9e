import { describe, expect, it } from '@jest/globals';
import { lockedName, nameKey, nameProblem } from './instance-name.js';

describe('a name', () => {
  it.each(['a', 'Comfy main', 'x'.repeat(64), 'A_b-c.d', '1', 'a..b', '_'])('may be %j', (name) =>
    expect(nameProblem(name)).toBeNull(),
  );

  it.each([
    '',
    'x'.repeat(65),
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    'a\nb',
    'a\n',
    'a\0',
    'a\tb',
    ' a',
    'a ',
    '-a',
    'a-',
    '.a',
    'a.',
    'Bär',
    'a\u00a0b',
    'a\u202eb',
    'a"b',
    'a:b',
    '🙂',
  ])('may not be %j', (name) => expect(nameProblem(name)).toMatch(/\.$/));

  it('is compared regardless of case', () => {
    expect(nameKey('Comfy MAIN')).toBe(nameKey('comfy main'));
    expect(nameKey('a')).not.toBe(nameKey('b'));
  });
});

describe('a name as a folder', () => {
  it.each(['Comfy', 'Bär', 'a:b', '...'])('is %j itself', (name) => expect(lockedName(name)).toBe(name));

  it.each(['', '.', '..', 'a/b', '/', '../x', 'a\0'])('is refused for %j', (name) =>
    expect(() => lockedName(name)).toThrow(RangeError),
  );
});
