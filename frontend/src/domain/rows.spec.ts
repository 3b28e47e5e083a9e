import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instance } from '../../../src/contracts/instance.js';
import { describeDone, listNames, shareOf } from './bulk.js';
import { matchesFilter } from './filter.js';
import { inOrder, movedBack, movedBeside, movedOneStep, withSatellites } from './row-order.js';
import { NOTHING_SELECTED, coverage, extendTo, prune, selectAll, toggle } from './selection.js';

describe('selection', () => {
  const shown = [10, 20, 30, 40, 50];
  const from = (id: number) => toggle(NOTHING_SELECTED, id);

  it('takes one more and lets it go again', () => {
    expect([...toggle(from(20), 30).ids]).toEqual([20, 30]);
    expect([...toggle(from(20), 20).ids]).toEqual([]);
  });

  it('spans what lies between, in the order that is shown, upwards too', () => {
    expect([...extendTo(from(20), 40, shown).ids]).toEqual([20, 30, 40]);
    expect([...extendTo(from(40), 20, shown).ids].sort()).toEqual([20, 30, 40]);
    expect([...extendTo(NOTHING_SELECTED, 30, shown).ids]).toEqual([30]);
  });

  it('begins a range anew where its anchor is not shown', () => {
    expect([...extendTo(from(99), 30, shown).ids]).toEqual([99, 30]);
  });

  it('forgets what is gone', () => {
    const all = selectAll(shown);
    expect(prune(all, () => true)).toBe(all);
    expect([...prune(all, (id) => id > 30).ids]).toEqual([40, 50]);
  });

  it('says whether all, some or none are selected', () => {
    expect([coverage(selectAll(shown), shown), coverage(from(10), shown), coverage(from(99), shown)]).toEqual(
      ['all', 'some', 'none'],
    );
  });
});

describe('the order of rows', () => {
  it('puts moved rows beside their target and keeps their own order', () => {
    expect(movedBeside([1, 2, 3, 4, 5], new Set([4, 1]), 3, 'after')).toEqual([2, 3, 1, 4, 5]);
    expect(movedBeside([1, 2, 3], new Set([3]), 1, 'before')).toEqual([3, 1, 2]);
    expect(movedBeside([1, 2, 3], new Set([3]), 3, 'before')).toEqual([1, 2, 3]);
  });

  it('steps over what the filter hides', () => {
    expect(movedOneStep([1, 2, 3, 4], [1, 4], 1, 1)).toEqual([2, 3, 4, 1]);
    expect(movedOneStep([1, 2, 3, 4], [1, 4], 4, 1)).toBeNull();
    expect(movedOneStep([1, 2], [1, 2], 2, -1)).toEqual([2, 1]);
  });

  it('takes one of two moves back, whichever it is', () => {
    const first = movedBeside([1, 2, 3, 4], new Set([1]), 4, 'after');
    const second = movedBeside(first, new Set([3]), 2, 'before');
    expect(second).toEqual([3, 2, 4, 1]);
    expect(movedBack(second, [1, 2, 3, 4], new Set([1]))).toEqual([1, 3, 2, 4]);
    expect(movedBack(second, first, new Set([3]))).toEqual(first);
  });

  it('takes a move back though rows came and went meanwhile', () => {
    expect(movedBack([4, 9, 1, 2], [1, 2, 3, 4], new Set([4]))).toEqual([9, 1, 2, 4]);
    expect(movedBack([2, 9], [1, 2, 3], new Set([1, 3]))).toEqual([2, 9]);
  });

  it('never loses a row', () => {
    const ids = fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ids, fc.nat(50), fc.array(fc.nat(50)), (all, target, moved) => {
        const next = movedBeside(all, new Set(moved), target, 'before');
        expect([...next].sort()).toEqual([...all].sort());
      }),
    );
  });

  it('puts satellites behind their parent, and shows those in a ring all the same', () => {
    const rows = [
      { id: 1, parent_instance_id: 3 },
      { id: 2, parent_instance_id: null },
      { id: 3, parent_instance_id: null },
      { id: 4, parent_instance_id: 99 },
    ];
    expect(withSatellites(rows).map(({ id }) => id)).toEqual([2, 3, 1, 4]);
    const ring = [
      { id: 1, parent_instance_id: 2 },
      { id: 2, parent_instance_id: 1 },
    ];
    expect(withSatellites(ring)).toHaveLength(2);
  });

  it('lets rows that an order does not name follow', () => {
    const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
    expect(inOrder(rows, [3, 1]).map(({ id }) => id)).toEqual([3, 1, 2]);
  });
});

describe('filter', () => {
  const comfy = { name: 'Main', status: 'error', port: 18001, public_port: null } as Instance;

  it.each(['main', 'ERR', 'failed', 'comfyui main', '18001', ''])('finds by %p', (query) => {
    expect(matchesFilter(comfy, 'ComfyUI', query)).toBe(true);
  });

  it.each(['started', '1800', 'main forge'])('does not find by %p', (query) => {
    expect(matchesFilter(comfy, 'ComfyUI', query)).toBe(false);
  });
});

describe('commands for several', () => {
  const of = (...names: string[]) => names.map((name) => ({ name }) as Instance);

  it('parts those that it applies to from the others', () => {
    const share = shareOf(of('a', 'b'), ({ name }) => (name === 'a' ? null : 'no'));
    expect([share.able, share.others]).toEqual([of('a'), of('b')]);
  });

  it('says all of it in one sentence', () => {
    expect(describeDone('start', of('a', 'b'), of('c'))).toBe('Starting 2, 1 was running already.');
    expect(describeDone('stop', of('a'), [])).toBe('Stopping a.');
    expect(describeDone('restart', [], of('c', 'd'))).toBe('2 were not running.');
  });

  it('names no more than one reads', () => {
    const many = of(...Array.from({ length: 20 }, (_, index) => `n${String(index)}`));
    expect(listNames(many)).toMatch(/n11 and 8 more$/);
  });
});
