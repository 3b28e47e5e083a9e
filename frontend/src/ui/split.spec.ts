import { describe, expect, it } from '@jest/globals';
import { clampShare } from './split.js';

describe('the share of a divider', () => {
  it.each([
    [0.4, 0, 0.4],
    [0.01, 0, 0.15],
    [0.99, 0, 0.85],
    [0.2, 0.3, 0.3],
    [0.9, 0.3, 0.7],
    [0.9, 0.8, 0.5],
    [Number.NaN, 0, 0.42],
  ])('%p with at least %p is %p', (share, least, expected) => {
    expect(clampShare(share, 0.42, least)).toBeCloseTo(expected);
  });
});
