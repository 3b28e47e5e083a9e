import { describe, expect, it } from '@jest/globals';
import { describeBytes, diskStateOf, diskWarning } from './disk-state.js';

const GB = 1e9;
const disk = (freeBytes: number, totalBytes = 100 * GB) => ({ freeBytes, totalBytes });

describe('the state of a disk', () => {
  it.each([
    [disk(50 * GB), 'ok'],
    [disk(1.01 * GB), 'ok'],
    [disk(0.99 * GB), 'low'],
    [disk(15 * GB, 2000 * GB), 'low'],
    [disk(21 * GB, 2000 * GB), 'ok'],
    [disk(1_048_576), 'low'],
    [disk(1_048_575), 'full'],
    [disk(0), 'full'],
  ] as const)('with %p is %p', (figures, state) => expect(diskStateOf(figures)).toBe(state));

  it('does not waver at a limit', () => {
    expect(diskStateOf(disk(1.1 * GB), 'low')).toBe('low');
    expect(diskStateOf(disk(1.3 * GB), 'low')).toBe('ok');
    expect(diskStateOf(disk(1_200_000), 'full')).toBe('full');
    expect(diskStateOf(disk(1_400_000), 'full')).toBe('low');
    expect(diskStateOf(disk(50 * GB), 'full')).toBe('ok');
  });

  it('is told in a sentence unless all is well', () => {
    expect(diskWarning('ok', disk(50 * GB))).toBeNull();
    expect(diskWarning('low', disk(412_000_000))).toBe(
      'Only 412 MB are free on the disk of the data directory. Make room before it is full.',
    );
    expect(diskWarning('full', disk(0))).toMatch(
      /^The disk of the data directory is full \(0 bytes free\)\./,
    );
  });
});

describe('a size in a sentence', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1499, '1.5 kB'],
    [999_499, '999 kB'],
    [999_999, '1 MB'],
    [12_345_678, '12 MB'],
    [9.99e15, '10 PB'],
    [5e21, '5000000 PB'],
  ])('%p is %p', (bytes, text) => expect(describeBytes(bytes)).toBe(text));
});
