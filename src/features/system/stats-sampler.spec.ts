import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { SystemStats } from '../../contracts/system.js';
import { StatsSampler } from './stats-sampler.js';
import type { StatsSource } from './stats-source.js';

/** Counts how often it is asked. */
class CountingSource {
  marks = 0;
  takes = 0;
  isBroken = false;

  mark(): Promise<void> {
    this.marks += 1;
    return Promise.resolve();
  }

  take(): Promise<SystemStats> {
    this.takes += 1;
    if (this.isBroken) return Promise.reject(new Error('no /proc'));
    return Promise.resolve({ cpu_percent: this.takes, gpus: [], instances: [] } as unknown as SystemStats);
  }
}

const samplers: StatsSampler[] = [];
function lab(rhythm = { watchedMs: 1000, idleMs: 60_000 }) {
  const source = new CountingSource();
  const published: number[] = [];
  const sampler = new StatsSampler(
    source as unknown as StatsSource,
    (stats) => published.push(stats.cpu_percent),
    rhythm,
  );
  samplers.push(sampler);
  return { source, published, sampler };
}
afterEach(() => samplers.splice(0).forEach((sampler) => sampler.stop()));

describe('the sampler', () => {
  it('gives figures once to all who ask at the same time, and again while they are fresh', async () => {
    const { source, sampler } = lab();
    const answers = await Promise.all([sampler.sample(), sampler.sample(), sampler.sample()]);
    await sampler.sample();
    expect(answers.map(({ cpu_percent }) => cpu_percent)).toEqual([1, 1, 1]);
    expect(source.takes).toBe(1);
  });

  it('never compares over less than a fifth of a second', async () => {
    const { sampler } = lab();
    const began = performance.now();
    await sampler.sample();
    expect(performance.now() - began).toBeGreaterThan(150);
  });

  it('tells the first viewer at once, then in its rhythm, and nobody once all have gone', async () => {
    const { published, source, sampler } = lab({ watchedMs: 600, idleMs: 60_000 });
    sampler.start();
    expect(sampler.latest).toBeNull();
    sampler.setViewers(1);
    while (published.length < 3) await delay(20);
    expect(sampler.latest).not.toBeNull();
    // The first one is over a fifth of a second only, which is no point of a history.
    expect(sampler.readHistory().cpu_percent.slice(0, 2)).toEqual(published.slice(1, 3));
    sampler.setViewers(0);
    await delay(100);
    const { takes } = source;
    await delay(1500);
    expect(source.takes).toBe(takes);
  });

  it('keeps the history while nobody looks', async () => {
    const { published, sampler } = lab({ watchedMs: 60_000, idleMs: 300 });
    sampler.start();
    while (sampler.readHistory().at_ms.length < 2) await delay(20);
    expect(published).toEqual([]);
  });

  it('goes on after figures that could not be read', async () => {
    const { source, published, sampler } = lab({ watchedMs: 300, idleMs: 60_000 });
    source.isBroken = true;
    sampler.setViewers(1);
    while (source.takes < 2) await delay(20);
    await expect(sampler.sample()).rejects.toThrow('no /proc');
    source.isBroken = false;
    while (published.length === 0) await delay(20);
  });

  it('does nothing after its end', async () => {
    const { source, sampler } = lab({ watchedMs: 100, idleMs: 100 });
    sampler.stop();
    sampler.start();
    sampler.setViewers(2);
    await delay(400);
    expect(source.takes).toBe(0);
  });
});
