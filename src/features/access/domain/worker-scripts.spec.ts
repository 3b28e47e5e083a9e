import { describe, expect, it } from '@jest/globals';
import { isPreludeable, withoutWorkerMark, workerKindOf, workerPrelude } from './worker-scripts.js';

describe('the mark of a worker’s script', () => {
  it.each([
    ['/w.js?aikore_worker=classic', 'classic', '/w.js'],
    ['/w.js?a=%41&b&aikore_worker=module', 'module', '/w.js?a=%41&b'],
    ['/w.js?aikore_worker=classic&a', null, '/w.js?aikore_worker=classic&a'],
    ['/w.js?aikore_worker=other', null, '/w.js?aikore_worker=other'],
    ['/w.js?xaikore_worker=module', null, '/w.js?xaikore_worker=module'],
    ['/w.js', null, '/w.js'],
  ])('of %s', (target, kind, original) => {
    expect([workerKindOf(target), withoutWorkerMark(target)]).toEqual([kind, original]);
  });
});

describe('a prelude', () => {
  it('leaves a directive the first statement', () => {
    expect(workerPrelude('classic', '/s.js', '\n "use strict"; x')).toBe(
      '"use strict";try{importScripts("/s.js")}catch{};',
    );
    expect(workerPrelude('classic', '/s.js', 'x')).toBe('try{importScripts("/s.js")}catch{};');
    expect(workerPrelude('module', '/s.js', '')).toBe('import "/s.js";');
  });

  it.each([
    ['GET', 200, ['Content-Type', 'text/javascript; charset=utf-8'], true],
    ['GET', 200, ['Content-Type', 'application/x-javascript', 'Content-Encoding', 'identity'], true],
    ['GET', 200, ['Content-Type', 'text/javascript', 'Content-Encoding', 'br'], false],
    ['GET', 200, ['Content-Type', 'text/html'], false],
    ['GET', 206, ['Content-Type', 'text/javascript'], false],
    ['HEAD', 200, ['Content-Type', 'text/javascript'], false],
    ['GET', 200, [], false],
  ])('%s %i %j: %s', (method, status, raw, expected) => {
    expect(isPreludeable(method, status, raw)).toBe(expected);
  });
});
