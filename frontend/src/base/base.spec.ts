import { describe, expect, it } from '@jest/globals';
import { ageMs, formatAge, formatBytes, formatBytesOf, plural, splitForCut } from './format.js';
import { fuzzyFilter, fuzzyScore } from './fuzzy.js';
import { DisposableStore, toDisposable } from './lifecycle.js';
import { Observable } from './observable.js';

const GB = 1024 ** 3;

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [17.8 * GB, '17.8 GB'],
    [312 * GB, '312 GB'],
    [Number.NaN, '–'],
    [-1, '–'],
  ])('%p', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('are told of a total in its unit', () => {
    expect(formatBytesOf(18.3 * GB, 24 * GB)).toBe('18/24 GB');
    expect(formatBytesOf(512 * 1024 ** 2, 8 * GB)).toBe('0.5/8.0 GB');
  });
});

describe('ages', () => {
  it.each([
    [-5_000, '0 s'],
    [12_900, '12 s'],
    [240_000, '4 min'],
    [3_600_000, '1 h'],
    [11_520_000, '3 h 12 min'],
    [273_600_000, '3 d 4 h'],
  ])('%p ms', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  it('of what is no moment are unknown', () => {
    expect(ageMs('yesterday', 0)).toBeNull();
    expect(ageMs('1970-01-01T00:00:01.000Z', 5_000)).toBe(4_000);
  });
});

describe('names', () => {
  it('are split so that the end stays visible', () => {
    expect(splitForCut('short')).toEqual(['short', '']);
    expect(splitForCut('Kohya training run 2026-11')).toEqual(['Kohya training run', ' 2026-11']);
  });

  it('of things agree with their number', () => {
    expect([plural(1, 'line'), plural(1200, 'line')]).toEqual(['1 line', '1,200 lines']);
  });
});

describe('fuzzy search', () => {
  it('wants the letters in order', () => {
    expect(fuzzyScore('cmf', 'Comfy main')).not.toBeNull();
    expect(fuzzyScore('fmc', 'Comfy main')).toBeNull();
  });

  it('prefers beginnings of words and runs of letters', () => {
    const items = ['Restart: Demo', 'Start: Demo', 'Keyboard shortcuts'];
    expect(fuzzyFilter(items, 'start', (item) => item)[0]).toBe('Start: Demo');
    expect(fuzzyFilter(items, 'ks', (item) => item)).toEqual(['Keyboard shortcuts']);
    expect(fuzzyFilter(items, ' ', (item) => item)).toEqual(items);
  });
});

describe('DisposableStore', () => {
  it('gives back in reverse order, once, and at once what comes too late', () => {
    const log: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => log.push('first')));
    store.defer(() => log.push('second'));
    store.dispose();
    store.dispose();
    store.defer(() => log.push('late'));
    expect(log).toEqual(['second', 'first', 'late']);
  });
});

describe('Observable', () => {
  it('tells of real changes until the listener goes', () => {
    const seen: number[] = [];
    const value = new Observable(1);
    const subscription = value.watch((next) => seen.push(next));
    value.set(1);
    value.set(2);
    subscription.dispose();
    value.set(3);
    expect(seen).toEqual([1, 2]);
  });
});
