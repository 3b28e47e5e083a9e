import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionsFor } from './row-positions.js';
import type { Placed } from './row-positions.js';

const dense = (...ids: number[]): Placed[] => ids.map((id) => ({ id, position: id }));
const apply = (ordered: readonly Placed[]): Placed[] => {
  const changed = positionsFor(ordered);
  return ordered.map(({ id, position }) => ({ id, position: changed.get(id) ?? position }));
};

describe('positionsFor', () => {
  it('changes nothing when the order is what it is', () => {
    expect(positionsFor(dense(1, 2, 3)).size).toBe(0);
    expect(positionsFor([]).size).toBe(0);
  });

  it('moves one row to the end without touching the others', () => {
    expect([...positionsFor(dense(2, 3, 4, 1)).keys()]).toEqual([1]);
  });

  it('makes room for everybody once, and needs one row afterwards', () => {
    const first = apply(dense(1, 3, 2, 4));
    const [a, b, c, d] = first as [Placed, Placed, Placed, Placed];
    const again = positionsFor([a, c, d, b]);
    expect(again.size).toBe(1);
  });

  it('tells equal positions apart, as a database of before may have them', () => {
    const ordered = [7, 7, 7].map((position, id) => ({ id, position }));
    expect(isRising(apply(ordered))).toBe(true);
  });

  it('gives every order rising, whole, not negative positions', () => {
    const orders = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
      .chain((ids) =>
        fc
          .array(fc.integer({ min: 0, max: 90 }), { minLength: ids.length, maxLength: ids.length })
          .map((positions) => ids.map((id, index) => ({ id, position: positions[index] ?? 0 }))),
      );
    fc.assert(
      fc.property(orders, (ordered) => {
        const result = apply(ordered);
        expect(isRising(result)).toBe(true);
        expect(result.every(({ position }) => Number.isInteger(position) && position >= 0)).toBe(true);
      }),
    );
  });
});

function isRising(rows: readonly Placed[]): boolean {
  return rows.every(({ position }, index) => index === 0 || (rows[index - 1]?.position ?? 0) < position);
}
