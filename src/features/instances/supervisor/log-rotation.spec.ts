import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstancePaths } from '../instance-paths.js';
import { LogRotation } from './log-rotation.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-rotation-'));
const paths = new InstancePaths(root);
const LIMIT_BYTES = 8000;
const rotation = new LogRotation(paths, LIMIT_BYTES);

beforeEach(() => {
  rmSync(paths.home('x'), { recursive: true, force: true });
  mkdirSync(paths.home('x'), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const run = (number: number) => {
  writeFileSync(paths.log('x'), `log ${number}`);
  writeFileSync(paths.logTimes('x'), `times ${number}`);
};

describe('the rotation of logs', () => {
  it('moves the last log and its times under the number of its run', async () => {
    run(4);
    await rotation.rotate('x', 4);
    expect(existsSync(paths.log('x'))).toBe(false);
    expect(readFileSync(paths.oldLog('x', 4), 'utf8')).toBe('log 4');
    expect(readFileSync(`${paths.oldLog('x', 4)}.times`, 'utf8')).toBe('times 4');
  });

  it('does nothing before the first run, and does not mind a log that is missing', async () => {
    await rotation.rotate('x', 0);
    expect(existsSync(paths.oldLogs('x'))).toBe(false);
    await rotation.rotate('x', 3);
    expect(readdirSync(paths.oldLogs('x'))).toEqual([]);
    expect(existsSync(paths.logTimes('x'))).toBe(false);
  });

  it('keeps fifty runs, the newest by number, and leaves strangers alone', async () => {
    mkdirSync(paths.oldLogs('x'));
    writeFileSync(join(paths.oldLogs('x'), 'notes.txt'), 'mine');
    writeFileSync(join(paths.oldLogs('x'), '20240101.log'), 'mine');
    for (let number = 1; number <= 53; number += 1) {
      run(number);
      await rotation.rotate('x', number);
    }
    await rotation.prune('x', 54);
    const kept = Array.from({ length: 50 }, (_, index) => index + 4);
    const files = kept.flatMap((number) => [`${number}.log`, `${number}.log.times`]);
    expect(readdirSync(paths.oldLogs('x')).sort()).toEqual([...files, 'notes.txt', '20240101.log'].sort());
  });

  it('drops the oldest segments first until everything and one more segment fit', async () => {
    mkdirSync(paths.oldLogs('x'));
    const segment = (number: number, base: number, bytes: number) => {
      writeFileSync(paths.oldLog('x', number, base), 'x'.repeat(bytes));
      writeFileSync(paths.oldLogTimes('x', number, base), '');
    };
    segment(2, 0, 1500);
    segment(10, 0, 1000);
    segment(10, 1000, 1000);
    segment(10, 2000, 2500);
    segment(11, 0, 2500);
    writeFileSync(paths.log('x'), 'x'.repeat(500));
    await rotation.prune('x', 11);
    const [last, current] = [`10.${'2000'.padStart(15, '0')}.log`, '11.log'];
    const middle = `10.${'1000'.padStart(15, '0')}.log`;
    expect(readdirSync(paths.oldLogs('x')).sort()).toEqual(
      [middle, last, current].flatMap((file) => [file, `${file}.times`]).sort(),
    );
    writeFileSync(paths.log('x'), 'x'.repeat(8000));
    await rotation.prune('x', 11);
    // The run that writes looks after its own.
    expect(readdirSync(paths.oldLogs('x')).sort()).toEqual([current, `${current}.times`]);
  });

  it('gives the last segment its offset: behind its predecessor, or what its times say', async () => {
    mkdirSync(paths.oldLogs('x'));
    writeFileSync(paths.oldLog('x', 4), '0123456789');
    run(4);
    await rotation.rotate('x', 4);
    expect(readFileSync(paths.oldLog('x', 4, 10), 'utf8')).toBe('log 4');
    const times = Buffer.alloc(16);
    times.writeBigUInt64LE(5000n);
    writeFileSync(paths.log('x'), 'truncated');
    writeFileSync(paths.logTimes('x'), times);
    await rotation.rotate('x', 4);
    expect(readFileSync(paths.oldLog('x', 4, 5000), 'utf8')).toBe('truncated');
    expect(readFileSync(paths.oldLogTimes('x', 4, 5000))).toEqual(times);
  });

  it('is not stopped by what an application put in its way', async () => {
    run(5);
    mkdirSync(paths.oldLog('x', 5), { recursive: true });
    await rotation.rotate('x', 5);
    expect(existsSync(paths.log('x'))).toBe(false);
    rmSync(paths.oldLogs('x'), { recursive: true });
    writeFileSync(paths.oldLogs('x'), 'a file');
    run(6);
    await rotation.rotate('x', 6);
    expect(existsSync(paths.log('x'))).toBe(false);
    rmSync(paths.oldLogs('x'));
    symlinkSync(root, paths.oldLogs('x'));
    run(7);
    await rotation.rotate('x', 7);
    await rotation.prune('x', 8);
    expect(existsSync(paths.log('x'))).toBe(false);
    expect(existsSync(join(root, '7.log'))).toBe(false);
  });
});
