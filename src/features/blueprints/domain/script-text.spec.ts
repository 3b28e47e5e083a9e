import { describe, expect, it } from '@jest/globals';
import { scriptProblem, tidyScript } from './script-text.js';

describe('a tidy script', () => {
  it('is left as it is', () => {
    const text = '#!/bin/bash\n\techo "ü𝒳"\n\n';
    expect(tidyScript(text)).toEqual({ text, notes: [] });
    expect(scriptProblem(text)).toBeNull();
  });

  it('has the line ends of Unix and no byte order mark, and says what was changed', () => {
    expect(tidyScript('\uFEFFa\r\nb\rc\uFEFF\n')).toEqual({
      text: 'a\nb\nc\uFEFF\n',
      notes: [expect.stringContaining('byte order mark'), expect.stringContaining('line ends')],
    });
  });

  it.each([
    ['a\0b', /NUL/],
    ['a\ud800b', /UTF-8/],
    ['\udc00', /UTF-8/],
  ])('cannot be %j', (text, sentence) => {
    expect(scriptProblem(text)).toMatch(sentence);
  });
});
