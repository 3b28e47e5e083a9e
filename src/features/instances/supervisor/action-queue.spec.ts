import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { ActionQueue } from './action-queue.js';

describe('a queue of actions', () => {
  it('runs one at a time, in order, with urgent ones before all that wait', async () => {
    const done: string[] = [];
    let isRunning = false;
    const queue = new ActionQueue(() => undefined);
    const push = (name: string, isUrgent = false) =>
      queue.push(async () => {
        expect(isRunning).toBe(false);
        isRunning = true;
        await turn();
        isRunning = false;
        done.push(name);
      }, isUrgent);
    push('first');
    push('second');
    push('third');
    push('urgent', true);
    while (done.length < 4) await turn();
    expect(done).toEqual(['first', 'urgent', 'second', 'third']);
    push('later');
    while (done.length < 5) await turn();
  });

  it('goes on after a fault, which it reports', async () => {
    const faults: unknown[] = [];
    const done: string[] = [];
    const queue = new ActionQueue((error) => faults.push(error));
    const fault = new Error('broken');
    queue.push(() => Promise.reject(fault));
    queue.push(() => {
      throw fault;
    });
    queue.push(() => Promise.resolve(void done.push('after')));
    while (done.length < 1) await turn();
    expect(faults).toEqual([fault, fault]);
  });

  it('takes actions that an action adds', async () => {
    const done: number[] = [];
    const queue = new ActionQueue(() => undefined);
    queue.push(async () => {
      queue.push(() => Promise.resolve(void done.push(2)));
      await turn();
      done.push(1);
    });
    while (done.length < 2) await turn();
    expect(done).toEqual([1, 2]);
  });
});
