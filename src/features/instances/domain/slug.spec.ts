import { describe, expect, it } from '@jest/globals';
import { makeSlug } from './slug.js';

const none = () => false;

describe('a slug', () => {
  it.each([
    ['Comfy', 'comfy'],
    ['Comfy Main 2', 'comfy-main-2'],
    ['A__b..c--d', 'a-b-c-d'],
    ['_x_', 'x'],
    ['Bär Größe', 'b-r-gr-e'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('of %j is %j', (name, slug) => expect(makeSlug(name, 7, none)).toBe(slug));

  it.each(['___', '...', '世界', ''])('of %j, of which nothing is left, is made of the id', (name) =>
    expect(makeSlug(name, 7, none)).toBe('i7'),
  );

  it('that is taken gets the first free number from two on', () => {
    const taken = new Set(['comfy', 'comfy-2', 'i7']);
    expect(makeSlug('Comfy', 1, (slug) => taken.has(slug))).toBe('comfy-3');
    expect(makeSlug('__', 7, (slug) => taken.has(slug))).toBe('i7-2');
  });
});
