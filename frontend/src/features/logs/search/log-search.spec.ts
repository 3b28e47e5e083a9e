import { describe, expect, it } from '@jest/globals';
import { LogScreen } from '../screen/log-screen.js';
import { findHits } from './log-search.js';

const screen = new LogScreen();
screen.feed('Error: no GPU\nall fine\nerror error (1+1)\n');

describe('findHits', () => {
  it('finds every place whatever its case', () => {
    expect(findHits(screen, 'error', false)).toEqual([
      { lineId: 0, start: 0, end: 5 },
      { lineId: 2, start: 0, end: 5 },
      { lineId: 2, start: 6, end: 11 },
    ]);
  });

  it('minds the case when it is asked to', () => {
    expect(findHits(screen, 'Error', true).map(({ lineId }) => lineId)).toEqual([0]);
  });

  it('takes the query literally, and finds nothing in what AiKore says itself', () => {
    expect(findHits(screen, '(1+1)', false)).toEqual([{ lineId: 2, start: 12, end: 17 }]);
    expect(findHits(screen, '[a-z]', false)).toEqual([]);
    expect(findHits(screen, '', false)).toEqual([]);
    const marked = new LogScreen();
    marked.mark('Run 2 started');
    expect(findHits(marked, 'Run', false)).toEqual([]);
  });
});
