import { describe, expect, it } from '@jest/globals';
import { droppedNote } from './dropped-note.js';
import { DroppedOutput } from './dropped-output.js';

describe('output that was lost', () => {
  it('is counted by run and told when it begins, not byte by byte', () => {
    const told: number[] = [];
    const dropped = new DroppedOutput((id) => told.push(id));
    dropped.note(1, 1, 0);
    expect(told).toEqual([]);
    for (const bytes of [10, 20, 30]) dropped.note(1, 1, bytes);
    expect(told).toEqual([1]);
    expect([dropped.bytes(1, 1), dropped.bytes(1, 2), dropped.bytes(2, 1)]).toEqual([30, 0, 0]);
    dropped.note(1, 2, 5);
    expect(told).toEqual([1, 1]);
    dropped.note(1, 3, 0);
    expect(dropped.bytes(1, 2)).toBe(0);
  });

  it('makes a sentence', () => {
    expect(droppedNote(0)).toBe('');
    expect(droppedNote(1)).toMatch(/^1 byte of its output was dropped, /);
    expect(droppedNote(12_000_000)).toMatch(/^12 MB of its output were dropped, /);
  });
});
