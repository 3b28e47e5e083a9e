import { describe, expect, it } from '@jest/globals';
import { detectIndent } from './indentation.js';

describe('the step of a script', () => {
  it.each([
    ['', '    '],
    ['echo one\necho two', '    '],
    ['if true; then\n  echo\nfi', '  '],
    ['if true; then\n\techo\nfi', '\t'],
    ['a() {\n    if b; then\n        c\n    fi\n}', '    '],
    ['x\n  y\nx\n  y\nx\n   odd', '  '],
  ])('of %j is %j', (text, step) => {
    expect(detectIndent(text)).toBe(step);
  });
});
