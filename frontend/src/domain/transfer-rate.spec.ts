import { describe, expect, it } from '@jest/globals';
import { TransferRate, timeLeftMs } from './transfer-rate.js';

describe('the speed of a transfer', () => {
  it('is known once there is a while to look at', () => {
    const rate = new TransferRate();
    expect(rate.bytesPerSecond).toBeNull();
    rate.add(0, 0);
    rate.add(500, 500);
    expect(rate.bytesPerSecond).toBeNull();
    rate.add(4_000, 2_000);
    expect(rate.bytesPerSecond).toBe(2_000);
  });

  it('is that of the last seconds, and begins anew with other work', () => {
    const rate = new TransferRate();
    for (let second = 0; second <= 20; second += 1) rate.add(second * 100, second * 1000);
    for (let second = 21; second <= 40; second += 1) rate.add(2_000, second * 1000);
    expect(rate.bytesPerSecond).toBe(0);
    rate.add(10, 41_000);
    expect(rate.bytesPerSecond).toBeNull();
  });

  it('tells the time that is left, where that can be told', () => {
    expect(timeLeftMs(25, 100, 25)).toBe(3_000);
    expect(timeLeftMs(120, 100, 25)).toBe(0);
    expect(timeLeftMs(25, null, 25)).toBeNull();
    expect(timeLeftMs(25, 100, 0)).toBeNull();
  });
});
