import { describe, expect, it } from '@jest/globals';
import { ReferrerMetas } from './referrer-metas.js';

const WEAK = '<meta name="referrer" content="same-origin">';

function through(...pieces: string[]): string {
  const metas = new ReferrerMetas();
  return pieces.map((piece) => metas.feed(piece)).join('') + metas.flush();
}

describe('referrer policies in a head', () => {
  it.each([
    '<meta name="referrer" content="no-referrer">',
    "<META content='never' name = 'Referrer' />",
    '<meta name=referrer content=origin>',
    '<meta data-a=">" name="referrer" content=" strict-origin " >',
  ])('%s is weakened, however it is cut', (tag) => {
    for (let at = 0; at < tag.length; at++) {
      expect(through(`<title>a</title>${tag.slice(0, at)}`, `${tag.slice(at)}<script>b`)).toBe(
        `<title>a</title>${WEAK}<script>b`,
      );
    }
  });

  it.each([
    '<meta name="referrer" content="same-origin">',
    '<meta name="referrer" content="strict-origin-when-cross-origin">',
    '<meta name="description" content="no-referrer">',
    '<meta name="referrer-x" content="no-referrer">',
    '</head><meta name="referrer" content="no-referrer">',
    'x <body class="a"><meta name="referrer" content="no-referrer">',
    '<meta name="referrer" content="no-referrer"',
    'a < b and nothing else',
    '',
  ])('%s stays', (text) => {
    expect(through(text)).toBe(text);
    expect(through(...text.split(/(?=.)/s))).toBe(text);
  });

  it('holds nothing back for ever', () => {
    const metas = new ReferrerMetas();
    metas.feed('<script>a < ');
    expect(metas.feed('b'.repeat(5000)).length).toBeGreaterThan(5000);
    const long = '<p>'.repeat(30_000);
    expect(through(long, '<meta name="referrer" content="no-referrer">').endsWith('no-referrer">')).toBe(
      true,
    );
  });
});
