import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Notice } from '../../contracts/events.js';
import { createLogger } from '../logging.js';
import { codeOf } from '../../../test/fixtures/auth-database.js';
import { DiskWatch } from './disk-watch.js';

const GB = 1e9;

describe('the watch over the disk', () => {
  let freeBytes: number;
  let hasRoom: boolean;
  let notices: Notice[];
  let watch: DiskWatch;
  const words = (): string[] => notices.map(({ level, message }) => `${level}: ${message.slice(0, 24)}`);

  beforeEach(() => {
    jest.useFakeTimers();
    [freeBytes, hasRoom, notices] = [50 * GB, true, []];
    watch = new DiskWatch({
      figures: () => Promise.resolve({ totalBytes: 100 * GB, freeBytes }),
      hasRoom: () => Promise.resolve(hasRoom),
      tell: (notice) => notices.push(notice),
      logger: createLogger(false, () => undefined),
    });
  });
  afterEach(() => {
    watch.close();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('tells each change once, and keeps the present warning for who comes later', async () => {
    await watch.start();
    expect([watch.warnings, notices]).toEqual([[], []]);
    freeBytes = 0.5 * GB;
    await jest.advanceTimersByTimeAsync(25_000);
    expect(watch.warnings).toHaveLength(1);
    freeBytes = 0;
    await jest.advanceTimersByTimeAsync(25_000);
    expect(watch.diskState).toBe('full');
    freeBytes = 50 * GB;
    await jest.advanceTimersByTimeAsync(1000);
    expect(words()).toEqual([
      'warning: Only 500 MB are free on ',
      'error: The disk of the data dir',
      'info: There is room again on t',
    ]);
    expect(watch.warnings).toEqual([]);
  });

  it('says at the start what is wrong already', async () => {
    freeBytes = 0;
    await watch.start();
    expect(words()).toEqual(['error: The disk of the data dir']);
  });

  it('believes what was refused more than the figures, until a file can be written', async () => {
    await watch.start();
    hasRoom = false;
    watch.noteRefusal();
    await jest.advanceTimersByTimeAsync(5000);
    expect(watch.diskState).toBe('full');
    expect(notices).toHaveLength(1);
    hasRoom = true;
    await jest.advanceTimersByTimeAsync(1000);
    expect(watch.diskState).toBe('ok');
  });

  it('refuses what needs room when there is none, and only then', async () => {
    await watch.start();
    hasRoom = false;
    expect(await codeOf(() => watch.requireRoom())).toBe('nothing was thrown');
    freeBytes = 1_000_000;
    expect(await codeOf(() => watch.requireRoom())).toBe('DISK_FULL');
    hasRoom = true;
    expect(await codeOf(() => watch.requireRoom())).toBe('nothing was thrown');
  });
});
