import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Mutex } from './mutex.js';

describe('a mutex', () => {
  it('lets one through at a time, in the order of asking', async () => {
    const mutex = new Mutex();
    const story: string[] = [];
    const task = (name: string) =>
      mutex.run(async () => {
        story.push(`${name} begins`);
        await turn();
        story.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([task('a'), task('b')])).toEqual(['a', 'b']);
    expect(story).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('tells a failure to who asked, and to nobody after', async () => {
    const mutex = new Mutex();
    const failing = mutex.run(() => Promise.reject(new Error('broken')));
    const after = mutex.run(() => Promise.resolve('fine'));
    await expect(failing).rejects.toThrow('broken');
    expect(await after).toBe('fine');
  });
});
