import { describe, expect, it } from '@jest/globals';
import type { LogHit, LogSearchResult } from '../../../../../src/contracts/instance.js';
import type { LogSearchWish } from '../../../net/api.js';
import { Finder, MOST_FOUND } from './finder.js';

function hit(run: number, offset: number): LogHit {
  return { run, offset, line_offset: offset - (offset % 10), line: '', match_start: 0, match_length: 0 };
}

function answer(hits: LogHit[], next: string | null, resume: string | null = null): LogSearchResult {
  return { hits, is_complete: next === null, next, resume, searched_bytes: 0 };
}

function setUp(answers: LogSearchResult[]) {
  const asked: LogSearchWish[] = [];
  const finder = new Finder(
    (wish) => {
      asked.push(wish);
      return Promise.resolve(answers.shift() ?? answer([], null));
    },
    (error) => {
      throw error;
    },
  );
  return { finder, asked };
}

const WISH = { text: 'x', isCaseSensitive: false, run: null };

describe('the finder', () => {
  it('goes on until all is searched, and keeps the places in order', async () => {
    const { finder, asked } = setUp([
      answer([hit(2, 5), hit(2, 25)], '1:0:0', '2:30:30'),
      answer([hit(1, 7)], null),
    ]);
    await finder.start(WISH);
    expect(finder.hits.map(({ run, offset }) => [run, offset])).toEqual([
      [1, 7],
      [2, 5],
      [2, 25],
    ]);
    expect(asked.map(({ from }) => from)).toEqual([null, '1:0:0']);
    expect([finder.isSearching, finder.isCapped]).toEqual([false, false]);
    expect(finder.indexFrom({ run: 2, offset: 6 })).toBe(2);
    expect(finder.indexFrom({ run: 3, offset: 0 })).toBe(3);
  });

  it('stops at a number that nobody walks through', async () => {
    const many = Array.from({ length: 6000 }, (_, index) => hit(1, index * 10));
    const { finder, asked } = setUp([answer(many, '1:1:1'), answer(many, '1:2:2'), answer(many, '1:3:3')]);
    await finder.start(WISH);
    expect(finder.hits).toHaveLength(MOST_FOUND);
    expect([finder.isCapped, finder.isSearching, asked.length]).toEqual([true, false, 2]);
  });

  it('forgets an answer to a question that is no longer asked', async () => {
    const { finder } = setUp([answer([hit(1, 1)], null), answer([hit(1, 2)], null)]);
    const first = finder.start(WISH);
    await finder.start({ ...WISH, text: 'y' });
    await first;
    expect(finder.hits.map(({ offset }) => offset)).toEqual([2]);
  });
});
