import { describe, expect, it } from '@jest/globals';
import { workOf } from './work.js';

describe('what an instance on its way is doing', () => {
  it.each([
    ['Installing torch', null],
    ['Installing torch 62 %', 0.62],
    ['62% of the models', 0.62],
    ['Loading 12,5 %', 0.125],
    ['100 %', 1],
    ['GPU at 140 %', null],
    ['1200 %', null],
    ['% of nothing', null],
  ])('%s', (phase, fraction) => {
    expect(workOf({ status: 'starting', phase })).toEqual({ phase, fraction });
  });

  it('is nothing while it rests, runs, or has said nothing', () => {
    expect(workOf({ status: 'stopped', phase: 'Installing' })).toBeNull();
    expect(workOf({ status: 'started', phase: 'Installing' })).toBeNull();
    expect(workOf({ status: 'starting', phase: null })).toBeNull();
    expect(workOf({ status: 'starting', phase: ' ' })).toBeNull();
  });
});
