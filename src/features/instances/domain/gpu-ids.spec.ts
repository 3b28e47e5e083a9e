import { describe, expect, it } from '@jest/globals';
import { gpuIdsProblem, missingGpus } from './gpu-ids.js';

describe('a GPU mask', () => {
  it.each(['', '0', '7', '0,1', '1,0', '15,3,0', Array.from({ length: 64 }, (_, index) => index).join()])(
    'may be %j',
    (mask) => expect(gpuIdsProblem(mask)).toBeNull(),
  );

  it.each([
    'all',
    '0,',
    ',0',
    '0,,1',
    '0 1',
    '0, 1',
    '-1',
    '0x1',
    '1.0',
    'GPU-8f2',
    '0\n',
    '٣',
    '1000',
    '0,0',
    '01,1',
  ])('may not be %j', (mask) => expect(gpuIdsProblem(mask)).toMatch(/\.$/));

  it('has a longest length', () => {
    const mask = Array.from({ length: 65 }, (_, index) => index).join();
    expect(gpuIdsProblem(mask)).toContain('64');
  });
});

describe('the GPUs that a machine lacks', () => {
  it('are told in the order of the mask', () => {
    expect(missingGpus('3,0,2', [0, 1])).toEqual([3, 2]);
    expect(missingGpus('0,1', [0, 1])).toEqual([]);
    expect(missingGpus('0', [])).toEqual([0]);
  });

  it('are none for all and for none', () => {
    expect(missingGpus(null, [])).toEqual([]);
    expect(missingGpus('', [])).toEqual([]);
  });
});
