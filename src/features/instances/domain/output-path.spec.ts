import { describe, expect, it } from '@jest/globals';
import { outputPathProblem } from './output-path.js';

describe('an output path', () => {
  it.each(['comfy', 'team/comfy', 'a b/c_d/e-f.g', Array.from({ length: 8 }, () => 'a').join('/')])(
    'may be %j',
    (path) => expect(outputPathProblem(path)).toBeNull(),
  );

  it.each([
    '',
    '/',
    '/tmp',
    '.',
    '..',
    '../x',
    'a/..',
    'a/../b',
    'a//b',
    'a/',
    '/a',
    'a\\b',
    'a\0b',
    'a\nb',
    'a ',
    'a.',
    ' a',
    '.hidden',
    '-a',
    '~',
    'ä',
    'x'.repeat(65),
    Array.from({ length: 9 }, () => 'a').join('/'),
  ])('may not be %j', (path) => expect(outputPathProblem(path)).toMatch(/\.$/));
});
