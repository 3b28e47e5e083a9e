import { describe, expect, it } from '@jest/globals';
import { AckWindow, FIRST_WINDOW_BYTES, LARGEST_WINDOW_BYTES, SMALLEST_WINDOW_BYTES } from './ack-window.js';

interface Viewer {
  bytesPerMs: number;
  /** Of the way there and back. */
  delayMs: number;
}

/** A program that writes without end, and a viewer who works at its own pace: what the window becomes. */
function flood(viewer: Viewer, spanMs: number, window = new AckWindow()): AckWindow {
  const pieceBytes = 16 * 1024;
  const way: { atMs: number; totalBytes: number }[] = [];
  let sentBytes = 0;
  let busyUntilMs = 0;
  for (let nowMs = 0; nowMs < spanMs; nowMs += 1) {
    for (let next = way[0]; next !== undefined && next.atMs <= nowMs; next = way[0]) {
      window.acknowledged(next.totalBytes, nowMs);
      way.shift();
    }
    while (sentBytes + pieceBytes <= window.limitBytes) {
      sentBytes += pieceBytes;
      window.sent(pieceBytes, nowMs);
      busyUntilMs = Math.max(busyUntilMs, nowMs + viewer.delayMs / 2) + pieceBytes / viewer.bytesPerMs;
      way.push({ atMs: busyUntilMs + viewer.delayMs / 2, totalBytes: sentBytes });
    }
  }
  return window;
}

describe('the window of a viewer', () => {
  it('begins where most viewers end', () => {
    expect(new AckWindow().limitBytes).toBe(FIRST_WINDOW_BYTES);
  });

  it('becomes what a viewer works up in some 8 ms', () => {
    const bytesPerMs = 10_000;
    const { sizeBytes } = flood({ bytesPerMs, delayMs: 1 }, 3000);
    expect(sizeBytes).toBeGreaterThan(7 * bytesPerMs);
    expect(sizeBytes).toBeLessThan(15 * bytesPerMs);
  });

  it('is never so small that nothing moves, nor so large that an interrupt is not felt', () => {
    expect(flood({ bytesPerMs: 100, delayMs: 1 }, 20_000).sizeBytes).toBe(SMALLEST_WINDOW_BYTES);
    expect(flood({ bytesPerMs: 200_000, delayMs: 5 }, 3000).sizeBytes).toBe(LARGEST_WINDOW_BYTES);
  });

  it('grows with the way, so that a distant viewer is kept busy', () => {
    const near = flood({ bytesPerMs: 5000, delayMs: 2 }, 5000).sizeBytes;
    const far = flood({ bytesPerMs: 5000, delayMs: 100 }, 5000).sizeBytes;
    expect(far).toBeGreaterThan(2 * near);
  });

  it('opens for a quick viewer', () => {
    const window = flood({ bytesPerMs: 60_000, delayMs: 1 }, 2000);
    expect(window.sizeBytes).toBeGreaterThan(450_000);
  });

  it('learns nothing from what was only typed', () => {
    const window = new AckWindow();
    for (let key = 1; key <= 1000; key += 1) {
      window.sent(20, key * 100);
      window.acknowledged(key * 20, key * 100 + 40);
    }
    expect(window.sizeBytes).toBe(FIRST_WINDOW_BYTES);
  });

  it('takes no acknowledgement of what was not sent, and none back', () => {
    const window = new AckWindow();
    window.sent(1000, 0);
    expect(window.acknowledged(Number.MAX_SAFE_INTEGER, 1)).toBe(true);
    expect(window.pendingBytes).toBe(0);
    expect(window.limitBytes).toBe(1000 + FIRST_WINDOW_BYTES);
    expect(window.acknowledged(500, 2)).toBe(false);
    expect(window.acknowledged(Number.NaN, 2)).toBe(false);
    expect(window.limitBytes).toBe(1000 + FIRST_WINDOW_BYTES);
  });
  it('believes no acknowledgement of what has not left yet', () => {
    const window = new AckWindow();
    window.sent(100_000, 0);
    expect(window.acknowledged(Number.MAX_SAFE_INTEGER, 1, 60_000)).toBe(true);
    expect(window.pendingBytes).toBe(60_000);
    // The frames around the bytes count among those that wait; what was acknowledged stays so.
    expect(window.acknowledged(Number.MAX_SAFE_INTEGER, 2, 100_100)).toBe(true);
    expect(window.pendingBytes).toBe(60_000);
    expect(window.acknowledged(100_000, 3, 0)).toBe(true);
    expect(window.pendingBytes).toBe(0);
  });
});
