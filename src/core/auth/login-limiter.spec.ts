import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/fixtures/auth-database.js';
import { AppError } from '../errors.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.js';
import { LoginLimiter } from './login-limiter.js';

function setUp() {
  const clock = new ManualClock();
  const limiter = new LoginLimiter(clock.read);
  const fail = (address: string): void => limiter.begin(address).failed();
  /** 0: may try now. */
  const waitSeconds = (address: string): number => {
    try {
      limiter.begin(address).abandoned();
      return 0;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'rate_limited') throw error;
      return Number(error.details['retry_after_seconds']);
    }
  };
  return { clock, limiter, fail, waitSeconds };
}

describe('LoginLimiter', () => {
  it('lets five fail in a minute, then doubles the wait up to fifteen minutes', () => {
    const { clock, fail, waitSeconds } = setUp();
    for (let count = 0; count < 5; count += 1) fail('192.0.2.1');
    const waits = [];
    for (let round = 0; round < 6; round += 1) {
      const seconds = waitSeconds('192.0.2.1');
      waits.push(seconds);
      clock.advance(seconds * SECOND_MS);
      fail('192.0.2.1');
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('does not block who fails now and then', () => {
    const { clock, fail, waitSeconds } = setUp();
    for (let count = 0; count < 20; count += 1) {
      fail('192.0.2.1');
      clock.advance(15 * SECOND_MS);
    }
    expect(waitSeconds('192.0.2.1')).toBe(0);
  });

  it('counts attempts that are still being checked', () => {
    const { limiter } = setUp();
    const attempts = Array.from({ length: 5 }, () => limiter.begin('192.0.2.1'));
    expect(() => limiter.begin('192.0.2.1')).toThrow(AppError);
    attempts[0]!.succeeded();
    expect(() => limiter.begin('192.0.2.1')).not.toThrow();
  });

  it('allows one attempt at a time after a block', () => {
    const { clock, limiter, fail } = setUp();
    for (let count = 0; count < 5; count += 1) fail('192.0.2.1');
    clock.advance(MINUTE_MS);
    limiter.begin('192.0.2.1');
    expect(() => limiter.begin('192.0.2.1')).toThrow(AppError);
  });

  it('forgets after success, and after an hour of quiet', () => {
    const { clock, limiter, fail, waitSeconds } = setUp();
    for (let count = 0; count < 5; count += 1) fail('192.0.2.1');
    clock.advance(MINUTE_MS);
    limiter.begin('192.0.2.1').succeeded();
    for (let count = 0; count < 4; count += 1) fail('192.0.2.1');
    expect(waitSeconds('192.0.2.1')).toBe(0);
    fail('192.0.2.1');
    clock.advance(HOUR_MS + 1);
    for (let count = 0; count < 4; count += 1) fail('192.0.2.1');
    expect(waitSeconds('192.0.2.1')).toBe(0);
  });

  it('counts the addresses of one IPv6 network together', () => {
    const { fail, waitSeconds } = setUp();
    for (let count = 0; count < 5; count += 1) fail(`2001:db8:0:1::${count + 1}`);
    expect(waitSeconds('2001:db8:0:1::ffff')).toBe(60);
    expect(waitSeconds('2001:db8:0:2::1')).toBe(0);
  });

  it('costs everybody a second under an attack from many addresses, and locks nobody out', () => {
    const { clock, limiter, fail } = setUp();
    for (let count = 0; count < 30; count += 1) fail(`192.0.2.${count}`);
    expect(limiter.begin('198.51.100.1').delayMs).toBe(0);
    for (let count = 0; count < 5000; count += 1) fail(`10.0.${count >> 8}.${count & 255}`);
    expect(limiter.begin('198.51.100.2').delayMs).toBe(SECOND_MS);
    clock.advance(HOUR_MS);
    expect(limiter.begin('198.51.100.3').delayMs).toBe(0);
  });

  it('remembers ten thousand addresses at most, and never forgets one that is being checked', () => {
    const { limiter, fail, waitSeconds } = setUp();
    for (let count = 0; count < 4; count += 1) fail('192.0.2.1');
    limiter.begin('192.0.2.1');
    for (let count = 0; count < 10_001; count += 1) fail(`10.1.${count >> 8}.${count & 255}`);
    expect(waitSeconds('192.0.2.1')).toBe(1);
    expect(waitSeconds('10.1.0.0')).toBe(0);
  });
});
