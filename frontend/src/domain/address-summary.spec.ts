import { describe, expect, it } from '@jest/globals';
import { addressSummary } from './address-summary.js';

describe('addressSummary', () => {
  it.each([
    ['path', false, true, ''],
    ['port', false, false, 'a port of its own'],
    ['path', true, true, 'a desktop'],
    ['port', true, true, 'a port of its own, a desktop'],
    ['path', true, false, 'a desktop, of which this machine lacks parts'],
  ] as const)('of %s, desktop %s', (mode, isPersistent, hasDesktopParts, words) => {
    const values = { access_mode: mode, persistent_mode: isPersistent };
    expect(addressSummary(values, hasDesktopParts)).toBe(words);
  });
});
