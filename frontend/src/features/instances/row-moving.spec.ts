import { describe, expect, it } from '@jest/globals';
import type { NoticeInput } from '../../state/notices.js';
import { RowMoving } from './row-moving.js';
import type { RowMovingParts } from './row-moving.js';

describe('RowMoving', () => {
  it('takes one of two quick moves back and leaves the other', () => {
    let rows = [1, 2, 3, 4];
    const told: NoticeInput[] = [];
    const moving = new RowMoving({
      order: {
        rows: () => rows.map((id) => ({ id })),
        arrange: (ids: readonly number[]) => (rows = [...ids]),
      },
      notices: { add: (notice: NoticeInput) => told.push(notice) },
      nameOf: (id: number) => `row ${String(id)}`,
      shown: () => rows,
      announce: () => undefined,
    } as unknown as RowMovingParts);
    moving.drop(new Set([1]), 4, 'after');
    moving.drop(new Set([3]), 2, 'before');
    expect(rows).toEqual([3, 2, 4, 1]);
    expect(told.map(({ message }) => message)).toEqual(['row 1 moved.', 'row 3 moved.']);
    told[0]?.action?.run();
    expect(rows).toEqual([1, 3, 2, 4]);
    told[1]?.action?.run();
    expect(rows).toEqual([1, 2, 3, 4]);
  });
});
