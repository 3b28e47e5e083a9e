import { describe, expect, it } from '@jest/globals';
import { afterPause, judge, nameOtherPorts, noteProbe } from './readiness.js';
import type { ProbeResult, Progress } from './readiness.js';

const LIMIT_MS = 2000;
const fresh: Progress = { startedAtMs: 0, lastOutputAtMs: 0, lastReadyAtMs: null, unhealthySinceMs: null };

/** Probes once a tick; `prints` are moments of output. */
function story(ticks: [number, ProbeResult][], prints: number[] = []): string[] {
  let progress = fresh;
  return ticks.map(([nowMs, result]) => {
    const printed = prints.filter((at) => at <= nowMs);
    progress = noteProbe({ ...progress, lastOutputAtMs: Math.max(0, ...printed) }, result, nowMs);
    return judge(progress, result, nowMs, LIMIT_MS).judgement;
  });
}

describe('readiness', () => {
  it('waits for what has not come up, and stalls when it is silent for too long', () => {
    expect(
      story([
        [0, 'absent'],
        [1999, 'absent'],
        [2000, 'absent'],
        [2500, 'ready'],
      ]),
    ).toEqual(['waiting', 'waiting', 'stalled', 'ready']);
  });

  it('does not stall an installation that prints, however long', () => {
    const ticks = Array.from({ length: 20 }, (_, index): [number, ProbeResult] => [index * 1000, 'absent']);
    const prints = ticks.map(([atMs]) => atMs);
    expect(new Set(story(ticks, prints))).toEqual(new Set(['waiting']));
  });

  it('stalls what listens and answers badly, whatever it prints', () => {
    const prints = [0, 500, 1000, 1500, 2000, 2500];
    expect(
      story(
        [
          [500, 'unhealthy'],
          [1500, 'unhealthy'],
          [2499, 'unhealthy'],
          [2500, 'unhealthy'],
        ],
        prints,
      ),
    ).toEqual(['waiting', 'waiting', 'waiting', 'stalled']);
  });

  it('counts the time of bad answers anew after a moment without', () => {
    const prints = [0, 1000, 2000, 3000, 4000];
    expect(
      story(
        [
          [0, 'unhealthy'],
          [1500, 'absent'],
          [2000, 'unhealthy'],
          [3900, 'unhealthy'],
          [4000, 'unhealthy'],
        ],
        prints,
      ),
    ).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'stalled']);
  });

  it('does not count time in which nobody looked', () => {
    const quiet = { ...fresh, lastOutputAtMs: 100 };
    const wasReady = { ...fresh, lastReadyAtMs: 100 };
    const unhealthy = { ...fresh, lastOutputAtMs: 5000, unhealthySinceMs: 100 };
    for (const progress of [quiet, wasReady, unhealthy]) {
      const verdict = (pauseMs: number) => judge(afterPause(progress, pauseMs), 'unhealthy', 5100, LIMIT_MS);
      expect(verdict(0).judgement).toBe('stalled');
      expect(verdict(3500).judgement).toBe('waiting');
    }
  });

  it.each(['absent', 'unhealthy'] as const)('stalls what was ready and is %s for too long', (result) => {
    const prints = [0, 1000, 2000, 3000];
    expect(
      story(
        [
          [100, 'ready'],
          [2099, result],
          [2100, result],
          [2200, 'ready'],
        ],
        prints,
      ),
    ).toEqual(['ready', 'waiting', 'stalled', 'ready']);
  });

  it('says which it is, and for how long', () => {
    const reason = (progress: Partial<Progress>, limitMs: number) =>
      judge({ ...fresh, ...progress }, 'absent', 10_000_000, limitMs).reason;
    expect(reason({}, 180_000)).toBe('For 3 minutes it printed nothing and did not become ready.');
    expect(judge(fresh, 'unhealthy', 10_000_000, 180_000).reason).toBe(
      'For 3 minutes it printed nothing, and though its port is open it gave no healthy answer.',
    );
    expect(reason({ lastReadyAtMs: 1 }, 1000)).toBe('It was ready, but has not answered for 1 second.');
    expect(reason({ unhealthySinceMs: 1 }, 90_000)).toBe(
      'Its port is open, but for 90 seconds it gave no healthy answer.',
    );
  });
});

describe('a reason that names other ports', () => {
  it('says where the application listens instead, unless that is nowhere or everywhere', () => {
    const name = (others: number[]) => nameOtherPorts('It is not ready.', 21_000, others);
    expect(name([7860])).toBe(
      'It is not ready. It listens on port 7860 instead of 21000, which is $WEBUI_PORT.',
    );
    expect(name([1, 2])).toContain('listens on ports 1, 2 instead');
    expect([name([]), name([1, 2, 3, 4])]).toEqual(['It is not ready.', 'It is not ready.']);
  });
});
