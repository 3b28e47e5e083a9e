import { describe, expect, it } from '@jest/globals';
import { DocumentRewriter } from './document-rewriter.js';

const WEAK = '<meta name="referrer" content="same-origin">';

function through(...pieces: string[]): string {
  const rewriter = new DocumentRewriter('/instance/app');
  return pieces.map((piece) => rewriter.feed(piece)).join('') + rewriter.flush();
}

describe('a document', () => {
  it.each([
    ['<meta name="referrer" content="no-referrer">', WEAK],
    ["<META content='never' name = 'Referrer' />", WEAK],
    ['<meta name=referrer content=origin>', WEAK],
    ['<meta data-a=">" name="referrer" content=" strict-origin " >', WEAK],
    ['<base href="/">', '<base href="/instance/app/">'],
    ['<script type="module" src="/a.js?b=/c">', '<script type="module" src="/instance/app/a.js?b=/c">'],
    ['<SCRIPT data-a=">" SRC = /a.js>', '<SCRIPT data-a=">" SRC = /instance/app/a.js>'],
    ["<link rel=icon href='/i'>", "<link rel=icon href='/instance/app/i'>"],
  ])('has %s mended, however it is cut', (tag, mended) => {
    for (let at = 0; at < tag.length; at++) {
      expect(through(`<title>a</title>${tag.slice(0, at)}`, `${tag.slice(at)}<p>b`)).toBe(
        `<title>a</title>${mended}<p>b`,
      );
    }
  });

  it.each([
    '<meta name="referrer" content="same-origin">',
    '<meta name="referrer" content="strict-origin-when-cross-origin">',
    '<meta name="description" content="no-referrer">',
    '<meta name="referrer" content="no-referrer"',
    '<script src="a.js"></script>',
    '<script src="//other.test/a.js">',
    '<script src="https://other.test/a.js">',
    '<script src="/instance/app/a.js">',
    '<script data-x="1">let a = "/b"</script>',
    '<scripted src="/a">',
    '<img src="/a">',
    'a < b and nothing else <',
    '',
  ])('has %s left alone', (text) => {
    expect(through(text)).toBe(text);
    expect(through(...text.split(/(?=.)/s))).toBe(text);
  });

  it('is not held back for ever', () => {
    const rewriter = new DocumentRewriter('/instance/app');
    rewriter.feed('<script src="');
    expect(rewriter.feed('b'.repeat(5000)).length).toBeGreaterThan(2900);
    const begun = performance.now();
    through(`<script ${'"<script '.repeat(20_000)}`);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it.each([
    ['quotes that never close', "<meta '"],
    ['a policy of spaces', `<meta name=referrer content=${' '.repeat(1990)}>`],
    ['tags without an end', '<meta name=referrer \tcontent'],
  ])('is read once, however it was made to be read again and again: %s', (_, piece) => {
    const text = piece.repeat(Math.ceil(4_000_000 / piece.length));
    const begun = performance.now();
    through(text);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
