import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstancePaths } from '../instance-paths.js';
import { LogRotation } from './log-rotation.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-rotation-'));
const paths = new InstancePaths(root);
const rotation = new LogRotation(paths);

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
  });

  it('keeps ten, the newest by number, and leaves strangers alone', async () => {
    mkdirSync(paths.oldLogs('x'));
    writeFileSync(join(paths.oldLogs('x'), 'notes.txt'), 'mine');
    for (let number = 1; number <= 13; number += 1) {
      run(number);
      await rotation.rotate('x', number);
    }
    await rotation.prune('x', 13);
    const kept = Array.from({ length: 10 }, (_, index) => index + 4);
    expect(readdirSync(paths.oldLogs('x')).sort()).toEqual(
      [...kept.flatMap((number) => [`${number}.log`, `${number}.log.times`]), 'notes.txt'].sort(),
    );
  });
});
