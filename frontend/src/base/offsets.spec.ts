import { describe, expect, it } from '@jest/globals';
import { RowOffsets } from './offsets.js';

const list = (): RowOffsets => {
  const offsets = new RowOffsets(10);
  offsets.setKeys([5, 6, 7, 8]);
  return offsets;
};

describe('RowOffsets', () => {
  it('lays rows of the usual height one below the other', () => {
    const offsets = list();
    expect([offsets.topOf(0), offsets.topOf(3), offsets.totalPx]).toEqual([0, 30, 40]);
  });

  it('finds the row at a place, and the outermost beyond the ends', () => {
    const offsets = list();
    expect([-5, 0, 9, 10, 39, 500].map((px) => offsets.indexAt(px))).toEqual([0, 0, 0, 1, 3, 3]);
    expect(new RowOffsets(10).indexAt(50)).toBe(0);
  });

  it('takes a measured height over, also after the order changed', () => {
    const offsets = list();
    expect(offsets.measure(6, 110)).toBe(true);
    expect(offsets.measure(6, 110)).toBe(false);
    expect([offsets.topOf(2), offsets.totalPx, offsets.indexAt(60)]).toEqual([120, 140, 1]);
    offsets.setKeys([8, 6]);
    expect([offsets.topOf(1), offsets.totalPx, offsets.indexOf(6), offsets.indexOf(7)]).toEqual([
      10, 120, 1, -1,
    ]);
  });

  it('learns anew when rows look different', () => {
    const offsets = list();
    offsets.measure(5, 99);
    offsets.forget();
    offsets.setUsual(20);
    expect(offsets.totalPx).toBe(80);
  });
});
