import { describe, expect, it } from '@jest/globals';
import { keepNames } from './kept-names.js';
import { keepOutputPath } from './kept-output-path.js';
import { keepParents } from './kept-parents.js';
import { keepDisplays, keepPersistentPorts, keepPorts } from './kept-ports.js';
import { readOriginalRow } from './original-row.js';
import type { StoredValue } from './original-row.js';

describe('reading a row of the original', () => {
  it.each<[StoredValue, boolean]>([
    [1, true],
    [1n, true],
    ['true', true],
    ['1', true],
    [0, false],
    ['', false],
    ['maybe', false],
    [null, false],
  ])('takes %j for %j where yes or no is wanted', (autostart, expected) => {
    expect(readOriginalRow({ id: 1n, autostart }).autostart).toBe(expected);
  });

  it.each<[StoredValue, number | null]>([
    [9001n, 9001],
    ['9001', 9001],
    [9001.0, 9001],
    ['many', null],
    [2n ** 60n, null],
    [null, null],
  ])('takes %p for %p where a number is wanted', (port, expected) => {
    expect(readOriginalRow({ id: 1n, port }).port).toBe(expected);
  });

  it.each<[StoredValue, string | null]>([
    ['', null],
    [' ', null],
    [null, null],
    ['0, 1', '0,1'],
    ['GPU-1', 'GPU-1'],
  ])('takes the GPU mask %j for %j', (mask, expected) => {
    expect(readOriginalRow({ id: 1n, gpu_ids: mask }).gpu_ids).toBe(expected);
  });

  it.each<StoredValue>([0n, -1n, 2n ** 40n, null])('refuses the id %p', (id) => {
    expect(() => readOriginalRow({ id })).toThrow(RangeError);
  });
});

describe('what rows keep', () => {
  it('names: all that can be folders, each once', () => {
    const names = ['A', 'a', 'Ä!', '../x', '.x', 'x', '', 'n'.repeat(300)];
    const rows = names.map((name, index) => ({ id: index + 1, name }));
    const kept = keepNames(rows, (name) => name !== 'a-2');
    expect([...kept.keys()].sort()).toEqual(rows.map(({ id }) => id));
    expect(rows.map(({ id }) => kept.get(id)?.name)).toEqual([
      'A',
      'a-3',
      'Ä!',
      'x-2',
      'x-3',
      'x',
      'instance-7',
      'n'.repeat(58),
    ]);
    expect(kept.get(2)?.formerName).toBe('a');
    expect(kept.get(3)?.formerName).toBeNull();
  });

  it('ports and displays: the older row of two', () => {
    const rules = { publishedRange: { first: 19_001, last: 19_020 }, ownPorts: [9000] };
    const values = [9000, 80, 19_001, 30_000, 30_000, null, 70_000];
    const rows = values.map((value, index) => ({
      id: index,
      port: value,
      persistent_port: value,
      persistent_display: value,
    }));
    expect([...keepPorts(rows, rules)]).toEqual([[3, 30_000]]);
    expect([...keepPersistentPorts(rows, rules)]).toEqual([[2, 19_001]]);
    expect(keepDisplays(rows).has(4)).toBe(false);
  });

  it('parents: those that exist, and never a ring', () => {
    const parents = [2, 3, 1, 4, 99, 1, null];
    const rows = parents.map((parent, index) => ({ id: index + 1, parent_instance_id: parent }));
    expect([...keepParents(rows)]).toEqual([
      [2, 3],
      [3, 1],
      [6, 1],
    ]);
  });

  it.each([
    ['a', 'a'],
    ['a/b', 'a/b'],
    ['a/../b', 'a/../b'],
    ['Größe', 'Größe'],
    ['..', null],
    ['a/../../b', null],
    ['/etc', null],
    ['.', null],
    ['a/..', null],
    ['a\0b', null],
  ])('the output path %j: %j', (path, expected) => {
    expect(keepOutputPath(path)).toBe(expected);
  });
});
