import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InstanceFigures } from '../../../src/contracts/system.js';
import { consumersOf, shareOf } from './consumers.js';
import { embeddingOf, isWorthEmbedding } from './embedding.js';
import { cpuLevel, diskLevel, memoryLevel, temperatureLevel } from './levels.js';
import { GAP_MS, extent, windowOf } from './time-window.js';
import { LEAST_ZOOM, MOST_ZOOM, USUAL_ZOOM, readZooms, stepZoom, writeZooms } from './zoom.js';

describe('zoom', () => {
  it('goes from 50 to 200 in steps of ten', () => {
    expect([
      stepZoom(100, 1),
      stepZoom(100, -1),
      stepZoom(50, -1),
      stepZoom(200, 1),
      stepZoom(97, 1),
    ]).toEqual([110, 90, 50, 200, 110]);
    fc.assert(
      fc.property(fc.double(), fc.constantFrom(1 as const, -1 as const), (percent, direction) => {
        const next = stepZoom(percent, direction);
        return next >= LEAST_ZOOM && next <= MOST_ZOOM;
      }),
    );
  });

  it('is remembered by instance, and nothing else is believed', () => {
    const zooms = new Map([
      [7, 120],
      [9, USUAL_ZOOM],
      [11, 50],
    ]);
    expect([...readZooms(writeZooms(zooms))]).toEqual([
      [7, 120],
      [11, 50],
    ]);
    expect([...readZooms('7:999 x:1 8:-5 <img> 9:70')]).toEqual([
      [7, 200],
      [9, 70],
    ]);
    expect(readZooms(null).size).toBe(0);
    const many = new Map(Array.from({ length: 2000 }, (_, id) => [id, 80]));
    expect(readZooms(writeZooms(many)).size).toBe(500);
  });
});

describe('embedding', () => {
  const apps = 'http://box:9001';
  it.each([
    ['http://box:9001/instance/a/', 'http://box:9000/', 'here'],
    ['http://box:19001/', 'http://box:9000/', 'here'],
    ['http://other:9001/', 'http://box:9000/', 'other-site'],
    ['http://box:9001/', 'https://box/', 'other-site'],
    ['javascript:alert(1)', 'http://box:9000/', 'none'],
    ['data:text/html,x', 'http://box:9000/', 'none'],
    ['nonsense', 'http://box:9000/', 'none'],
  ])('%s inside %s: %s', (address, page, kind) => {
    expect(embeddingOf(address, page, apps).kind).toBe(kind);
  });

  it('may be tried where the policy of the page lets it', () => {
    const isAllowed = (address: string, page: string) => {
      const embedding = embeddingOf(address, page, 'https://apps.example');
      return embedding.kind === 'other-site' && embedding.isAllowed;
    };
    expect(isAllowed('https://apps.example/instance/a/', 'https://ai.example/')).toBe(true);
    expect(isAllowed('https://else.example/', 'https://ai.example/')).toBe(false);
    expect(isAllowed('http://apps.example/', 'https://ai.example/')).toBe(false);
  });

  it('is worth it while there is something to look at', () => {
    expect(isWorthEmbedding({ status: 'starting' })).toBe(true);
    expect(isWorthEmbedding({ status: 'stopped' })).toBe(false);
  });
});

describe('levels', () => {
  it('are a word where something needs attention', () => {
    expect([memoryLevel(0.5), memoryLevel(0.92), memoryLevel(0.99)].map(({ word }) => word)).toEqual([
      '',
      'high',
      'almost full',
    ]);
    expect([diskLevel('ok'), diskLevel('low'), diskLevel('full')].map(({ meaning }) => meaning)).toEqual([
      'fine',
      'attention',
      'failed',
    ]);
    expect(temperatureLevel(null).word).toBe('');
    expect(temperatureLevel(95)).toEqual({ word: 'too hot', meaning: 'failed' });
    expect(cpuLevel(99).word).toBe('busy');
  });
});

describe('the window of a chart', () => {
  const once = (values: (number | null)[]) => ({ values, factor: 1 });
  const at = (...seconds: number[]): number[] => seconds.map((second) => second * 1000);

  it('holds its span and the point before it', () => {
    const cut = windowOf(at(0, 2, 4, 6, 8), [{ values: [1, 2, 3, null, 5], factor: 10 }], 5000);
    expect(cut).toEqual({ seconds: [4, 6, 8], columns: [[30, null, 50]] });
  });

  it('has a gap where nothing was known for long', () => {
    const later = 2 + GAP_MS / 1000 + 1;
    const cut = windowOf(at(0, 2, later), [once([1, 2, 3])], 0);
    expect(cut.columns[0]).toEqual([1, 2, null, 3]);
    expect(cut.seconds).toEqual([0, 2, 2.001, later]);
  });

  it('is empty without points, and null where a column is short', () => {
    expect(windowOf([], [once([]), once([])], 0)).toEqual({ seconds: [], columns: [[], []] });
    expect(windowOf(at(1, 2), [once([1])], 0).columns).toEqual([[1, null]]);
  });

  it('is always in order, with columns as long as the time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 })), fc.nat(3_600_000), (steps, fromMs) => {
        let nowMs = 0;
        const times = steps.map((step) => (nowMs += step));
        const { seconds, columns } = windowOf(times, [once(times)], fromMs);
        expect(columns[0]).toHaveLength(seconds.length);
        expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
      }),
    );
  });

  it('tells least, most and latest of what is known', () => {
    expect(extent([null, 3, 1, null])).toEqual({ least: 1, most: 3, latest: 1 });
    expect(extent([null])).toBeNull();
  });
});

describe('consumers', () => {
  const figures = (id: number, memory: number, vram: number | null): InstanceFigures => ({
    id,
    cpu_percent: id,
    memory_bytes: memory,
    process_count: 1,
    vram_bytes: vram,
  });

  it('come with the most first, unknown amounts last', () => {
    const all = [figures(1, 5, null), figures(2, 9, 0), figures(3, 5, 7)];
    expect(consumersOf(all, 'memory').map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(consumersOf(all, 'vram').map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(consumersOf(all, 'cpu').map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('have a share between nothing and all', () => {
    expect([shareOf(5, 10), shareOf(20, 10), shareOf(null, 10), shareOf(5, 0)]).toEqual([0.5, 1, 0, 0]);
  });
});
