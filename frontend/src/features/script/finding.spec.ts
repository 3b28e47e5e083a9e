import { describe, expect, it } from '@jest/globals';
import { findingFrom } from './finding.js';

const FINDINGS = [
  { line: 2, column: 3 },
  { line: 2, column: 9 },
  { line: 7, column: 1 },
];

describe('stepping through findings', () => {
  it.each([
    [{ line: 1, column: 1 }, 1, 0],
    [{ line: 2, column: 3 }, 1, 1],
    [{ line: 7, column: 1 }, 1, 0],
    [{ line: 7, column: 1 }, -1, 1],
    [{ line: 1, column: 1 }, -1, 2],
  ] as const)('from %j by %p goes to %p', (at, step, index) => {
    expect(findingFrom(FINDINGS, at, step)).toBe(index);
  });

  it('goes nowhere without findings', () => {
    expect(findingFrom([], { line: 1, column: 1 }, 1)).toBe(-1);
  });
});
