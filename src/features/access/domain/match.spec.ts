import { describe, expect, it } from '@jest/globals';
import { parseTarget, slugOfReferer } from './match.js';

describe('parseTarget', () => {
  it.each([
    ['/instance/comfy/', 'comfy', '/'],
    ['/instance/comfy/a%2Fb//c;d/..%2f?x=%41&y=/../', 'comfy', '/a%2Fb//c;d/..%2f?x=%41&y=/../'],
    ['/instance/comfy/../other/', 'comfy', '/../other/'],
    ['/instance/comfy', 'comfy', ''],
    ['/instance/comfy?x=1', 'comfy', '?x=1'],
    ['/instance/i7//', 'i7', '//'],
  ])('reads %s without decoding anything', (url, slug, rest) => {
    expect(parseTarget(url)).toEqual({ kind: 'instance', slug, rest });
  });

  it.each([
    '/',
    '/instance',
    '/instance/',
    '/Instance/a/',
    '/instance//a/',
    '/instance/A/',
    '/instance/../a/',
    '/instance/a%2F',
    '/instance/a.b/',
    '/%69nstance/a/',
    '//instance/a/',
    `/instance/${'a'.repeat(81)}/`,
  ])('finds no instance in %s', (url) => {
    expect(parseTarget(url)).toEqual({ kind: 'other', path: url });
  });

  it.each(['', '*', 'http://a/instance/b/', 'a:443', 'instance/a/', '/a#b'])('refuses the form %s', (url) => {
    expect(parseTarget(url)).toEqual({ kind: 'malformed' });
  });

  it('tells own files from applications', () => {
    expect(parseTarget('/.aikore/page.css?v=1')).toEqual({ kind: 'own', file: 'page.css' });
  });
});

describe('slugOfReferer', () => {
  it.each([
    ['http://box:9001/instance/comfy/', 'comfy'],
    ['http://box:9001/instance/comfy/page?x=1', 'comfy'],
    ['https://BOX:9001/instance/comfy/a/b', 'comfy'],
    ['http://box:9001/instance/comfy', null],
    ['http://box:9000/instance/comfy/', null],
    ['http://evil/instance/comfy/', null],
    ['http://evil/?http://box:9001/instance/comfy/', null],
    ['http://box:9001/other?/instance/comfy/', null],
    ['/instance/comfy/', null],
    [undefined, null],
  ])('%s → %s', (referer, slug) => {
    expect(slugOfReferer(referer, 'box:9001')).toBe(slug);
  });
});
