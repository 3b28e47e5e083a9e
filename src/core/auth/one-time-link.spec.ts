import { describe, expect, it } from '@jest/globals';
import { OneTimeLink } from './one-time-link.js';

describe('OneTimeLink', () => {
  it('works once', () => {
    const link = new OneTimeLink();
    const token = link.create();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(link.redeem(`${token}x`)).toBe(false);
    expect(link.redeem(token)).toBe(true);
    expect(link.redeem(token)).toBe(false);
  });

  it('knows the newest only, and none once it is withdrawn', () => {
    const link = new OneTimeLink();
    expect(link.redeem('')).toBe(false);
    const first = link.create();
    const second = link.create();
    expect(second).not.toBe(first);
    expect(link.redeem(first)).toBe(false);
    link.discard();
    expect(link.redeem(second)).toBe(false);
  });
});
