import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instance } from '../../../src/contracts/instance.js';
import { describeDone, listNames, roundsOf, shareOf } from './bulk.js';
import { matchesFilter } from './filter.js';
import { Families, movedBack, movedBeside } from './row-moves.js';
import { inOrder, kinships, withSatellites } from './row-order.js';
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
    const four = new Families([1, 2, 3, 4].map((id) => ({ id })));
    expect(four.movedOneStep(1, [1, 4], 1)).toEqual([2, 3, 4, 1]);
    expect(four.movedOneStep(4, [1, 4], 1)).toBeNull();
    expect(new Families([{ id: 1 }, { id: 2 }]).movedOneStep(2, [1, 2], -1)).toEqual([2, 1]);
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

  it('says which satellites follow which, and which stand without their parent', () => {
    const rows = [
      { id: 1, parent_instance_id: null },
      { id: 2, parent_instance_id: 1 },
      { id: 3, parent_instance_id: 1 },
      { id: 4, parent_instance_id: 9 },
      { id: 5, parent_instance_id: null },
    ];
    expect([...kinships(rows)]).toEqual([
      [2, 'middle'],
      [3, 'last'],
      [4, 'apart'],
    ]);
    expect([...kinships(rows.slice(1))].map(([, place]) => place)).toEqual(['apart', 'apart', 'apart']);
  });

  it('lets rows that an order does not name follow', () => {
    const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
    expect(inOrder(rows, [3, 1]).map(({ id }) => id)).toEqual([3, 1, 2]);
  });
});

describe('families in the order of rows', () => {
  /** 1 with its satellites 2 and 3; 4; 5 with 6. */
  const families = new Families([
    { id: 1 },
    { id: 2, parent_instance_id: 1 },
    { id: 3, parent_instance_id: 1 },
    { id: 4 },
    { id: 5 },
    { id: 6, parent_instance_id: 5 },
  ]);
  const all = [1, 2, 3, 4, 5, 6];
  const goal = (moved: readonly number[], target: number, side: 'before' | 'after') =>
    families.goal(new Set(moved), { target, side });

  it('takes satellites along with their parent, and lets them go alone only among their own', () => {
    expect([...families.travellers(new Set([1]))]).toEqual([1, 2, 3]);
    expect([...families.travellers(new Set([2, 3]))]).toEqual([2, 3]);
    expect([...families.travellers(new Set([4, 2]))]).toEqual([4]);
    expect([...families.travellers(new Set([2, 6]))]).toEqual([]);
  });

  it('drops nothing between a parent and its satellites', () => {
    expect(goal([4], 1, 'after')).toEqual({ target: 3, side: 'after' });
    expect(goal([4], 2, 'before')).toEqual({ target: 3, side: 'after' });
    expect(goal([4], 1, 'before')).toEqual({ target: 1, side: 'before' });
    expect(goal([1, 2, 3], 5, 'after')).toEqual({ target: 6, side: 'after' });
    expect(goal([1, 2, 3], 2, 'after')).toBeNull();
  });

  it('keeps a satellite with its parent', () => {
    expect(goal([3], 2, 'before')).toEqual({ target: 2, side: 'before' });
    expect(goal([3], 1, 'before')).toEqual({ target: 1, side: 'after' });
    expect(goal([3], 4, 'after')).toBeNull();
  });

  it('steps over a whole family, and with one', () => {
    expect(families.movedOneStep(4, all, -1)).toEqual([4, 1, 2, 3, 5, 6]);
    expect(families.movedOneStep(4, all, 1)).toEqual([1, 2, 3, 5, 6, 4]);
    expect(families.movedOneStep(1, all, 1)).toEqual([4, 1, 2, 3, 5, 6]);
    expect(families.movedOneStep(2, all, 1)).toEqual([1, 3, 2, 4, 5, 6]);
    expect(families.movedOneStep(3, all, 1)).toBeNull();
    expect(families.movedOneStep(5, all, 1)).toBeNull();
  });

  it('never loses a row, and never parts a family, whatever is dropped where', () => {
    const parents = fc.array(fc.option(fc.nat(9), { nil: null }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(parents, fc.array(fc.nat(9)), fc.nat(9), fc.boolean(), (of, picked, target, isAfter) => {
        // A satellite's parent is an instance of its own.
        const rows = withSatellites(
          of.map((parent, id) => {
            const isOwn = parent === null || parent === id || (of[parent] ?? null) !== null;
            return { id, parent_instance_id: isOwn ? null : parent };
          }),
        );
        const made = new Families(rows);
        const moved = made.travellers(new Set(picked.filter((id) => id < of.length)));
        const place = made.goal(moved, { target, side: isAfter ? 'after' : 'before' });
        if (place === null) return;
        const next = movedBeside(made.ids, moved, place.target, place.side);
        expect([...next].sort()).toEqual([...made.ids].sort());
        const byId = new Map(rows.map((row) => [row.id, row]));
        const shown = withSatellites(next.flatMap((id) => byId.get(id) ?? []));
        expect(shown.map(({ id }) => id)).toEqual(next);
      }),
    );
  });
});

describe('filter', () => {
  const comfy = { name: 'Main', status: 'error', port: 18001, public_port: null } as Instance;

  it.each(['main', 'ERR', 'failed', 'comfyui main', '18001', ''])('finds by %p', (query) => {
    expect(matchesFilter(comfy, 'ComfyUI', query)).toBe(true);
  });

  it('finds a satellite by its parent and by what it is', () => {
    const alt = { ...comfy, name: 'Alt' };
    expect(matchesFilter(alt, 'ComfyUI', 'main', 'Main')).toBe(true);
    expect(matchesFilter(alt, 'ComfyUI', 'satellite', 'Main')).toBe(true);
    expect(matchesFilter(alt, 'ComfyUI', 'main')).toBe(false);
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

  it('reach satellites before the parents that they hold, where something is to go', () => {
    const parent = { name: 'a', parent_instance_id: null } as Instance;
    const satellite = { name: 'b', parent_instance_id: 1 } as Instance;
    expect(roundsOf('trash', [parent, satellite])).toEqual([[satellite], [parent]]);
    expect(roundsOf('stop', [parent, satellite])).toEqual([[parent, satellite]]);
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
