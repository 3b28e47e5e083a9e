import { describe, expect, it } from '@jest/globals';
import { MAX_HISTORY_BYTES, MAX_VERSIONS, superfluousVersions } from './kept-versions.js';

const MIB = 1024 * 1024;
const sized = (...sizes: number[]) => sizes.map((sizeBytes, index) => ({ version: index + 1, sizeBytes }));

describe('versions that make room', () => {
  it('are none while there is room', () => {
    expect(superfluousVersions([])).toEqual([]);
    expect(superfluousVersions(sized(...Array<number>(MAX_VERSIONS).fill(1)))).toEqual([]);
    expect(superfluousVersions(sized(MAX_HISTORY_BYTES - 1, 1))).toEqual([]);
  });

  it('are the oldest when there are too many', () => {
    expect(superfluousVersions(sized(...Array<number>(MAX_VERSIONS + 2).fill(1)))).toEqual([2, 1]);
  });

  it('are the oldest when they are too large, whatever order they are told in', () => {
    const versions = sized(1, MIB, MIB, MIB, MIB, MIB, 1).reverse();
    expect(superfluousVersions(versions)).toEqual([2, 1]);
  });

  it('are never the two newest', () => {
    expect(superfluousVersions(sized(1, 9 * MIB, 9 * MIB))).toEqual([1]);
  });
});
