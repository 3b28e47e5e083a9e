import { describe, expect, it } from '@jest/globals';
import { LogScreen } from './log-screen.js';
import { findHits, hitNear } from './log-search.js';

const screen = new LogScreen();
screen.feed('Error: no GPU\nall fine\nerror error (1+1)\n');

describe('findHits', () => {
  it('finds every place whatever its case', () => {
    expect(findHits(screen, 'error')).toEqual([
      { lineId: 0, start: 0, end: 5 },
      { lineId: 2, start: 0, end: 5 },
      { lineId: 2, start: 6, end: 11 },
    ]);
  });

  it('minds the case when the query has a capital letter', () => {
    expect(findHits(screen, 'Error').map(({ lineId }) => lineId)).toEqual([0]);
  });

  it('takes the query literally', () => {
    expect(findHits(screen, '(1+1)')).toEqual([{ lineId: 2, start: 12, end: 17 }]);
    expect(findHits(screen, '[a-z]')).toEqual([]);
    expect(findHits(screen, '')).toEqual([]);
  });
});

describe('hitNear', () => {
  it('keeps the place when the hits are looked for again', () => {
    const hits = findHits(screen, 'error');
    expect(hitNear(hits, 1)).toBe(1);
    expect(hitNear(hits, 9)).toBe(2);
    expect(hitNear([], 0)).toBe(-1);
  });
});
