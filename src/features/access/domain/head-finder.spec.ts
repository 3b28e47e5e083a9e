import { describe, expect, it } from '@jest/globals';
import { HeadFinder } from './head-finder.js';

/** Feeds the text in pieces of `size` and marks the place that was found. */
function mark(text: string, size: number): string {
  const finder = new HeadFinder();
  for (let at = 0; at < text.length; at += size) {
    const position = finder.feed(text.slice(at, at + size));
    if (position === 'never') return text;
    if (position !== 'more') return `${text.slice(0, position)}▲${text.slice(position)}`;
  }
  return `${text.slice(0, finder.fallback)}▲${text.slice(finder.fallback)}`;
}

describe('HeadFinder', () => {
  it.each([
    '<!doctype html><html><head>▲<title>x</title></head>',
    '\n <!DOCTYPE html>\n<HTML lang="en">\n<HEAD\n prefix="og: >">▲<base href="/">',
    '<!-- <head> --><html><!-- a > b --><head>▲</head>',
    '<!--><html><head>▲</head>',
    '<?xml version="1.0"?><html><head>▲</head>',
    '<!doctype html>▲<title>no head</title>',
    "<html data-x='<head>'>▲<body><pre><head></pre></body></html>",
    '<html>▲<header>not a head</header></html>',
    '▲just text <head>',
    '▲<script>"<head>"</script><head></head>',
    '\xef\xbb\xbf<html><head>▲',
    '\xef\xbb\xbf▲text',
    '<!doctype html>▲<!-- never closed',
    '<html>▲<head never closed',
    '▲a',
    '▲',
  ])('%j', (marked) => {
    const text = marked.replace('▲', '');
    for (const size of [1, 2, 3, 7, 1000]) expect(mark(text, size)).toBe(marked);
  });

  it('leaves two-byte encodings alone', () => {
    expect(mark('\xff\xfe<\x00h\x00e\x00a\x00d\x00>\x00', 4)).not.toContain('▲');
  });
});
