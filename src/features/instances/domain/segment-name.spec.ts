import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bySegmentAge, parseSegmentName, segmentFileName } from './segment-name.js';

describe('the name of a segment', () => {
  it('is the run, and where it does not begin it the offset too', () => {
    expect(segmentFileName(7, 0)).toBe('7.log');
    expect(segmentFileName(7, 1_048_576)).toBe('7.000000001048576.log');
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(999_999_999_999_999), (run, baseBytes) => {
        expect(parseSegmentName(segmentFileName(run, baseBytes))).toEqual({ run, baseBytes });
      }),
    );
  });

  it.each([
    '01.log',
    'x.log',
    '7.log.times',
    '7.1.log',
    '7.log.bak',
    '.log',
    '-1.log',
    '7.0000000010485760.log',
  ])('%s is nobody’s', (name) => expect(parseSegmentName(name)).toBeNull());

  it('sorts by run, then by offset', () => {
    const names = ['10.log', '9.000000000000500.log', '9.log', '10.000000000000001.log'].map(
      parseSegmentName,
    );
    const sorted = names.filter((name) => name !== null).sort(bySegmentAge);
    expect(sorted.map(({ run, baseBytes }) => [run, baseBytes])).toEqual([
      [9, 0],
      [9, 500],
      [10, 0],
      [10, 1],
    ]);
  });
});
