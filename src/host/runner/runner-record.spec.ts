import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parsePairs, parseRunnerRecord, readRunnerRecord, toNumber } from './runner-record.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-record-'));
afterAll(() => rmSync(root, { recursive: true }));

const RUNNING = [
  'version=1',
  'state=running',
  'run=7',
  'marker=0b2c',
  'boot_id=b00t',
  'runner_pid=100',
  'runner_start=55',
  'pid=101',
  'start=56',
  'started_ms=1700000000000',
].join('\n');

describe('a record', () => {
  it('tells of a run that runs', () => {
    expect(parseRunnerRecord(`${RUNNING}\n`)).toEqual({
      state: 'running',
      run: 7,
      marker: '0b2c',
      bootId: 'b00t',
      runnerPid: 100,
      runnerStartTicks: '55',
      pid: 101,
      startedAt: new Date(1_700_000_000_000),
      endedAt: null,
      exitCode: null,
      exitSignal: null,
      droppedBytes: 0,
      isStopRequested: false,
      oomKills: 0,
      oomSource: null,
      error: '',
    });
  });

  it('tells how a run ended', () => {
    const ended = RUNNING.replace('running', 'ended');
    const code = parseRunnerRecord(
      `${ended}\nexit_code=5\nexit_signal=0\nended_ms=1700000001000\ndropped_bytes=9\n`,
    );
    expect(code).toMatchObject({ state: 'ended', exitCode: 5, exitSignal: null, droppedBytes: 9 });
    expect(code?.endedAt).toEqual(new Date(1_700_000_001_000));
    const signal = parseRunnerRecord(`${ended}\nexit_signal=9\n`);
    expect(signal).toMatchObject({ exitCode: null, exitSignal: 'SIGKILL' });
  });

  it.each([
    ['oom_kills=2\noom_source=cgroup', 2, 'cgroup'],
    ['oom_kills=1\noom_source=machine', 1, 'machine'],
    ['oom_kills=\noom_source=', 0, null],
    ['oom_kills=-1\noom_source=moon', 0, null],
  ])('tells of kills for want of memory: %j', (lines, oomKills, oomSource) => {
    expect(parseRunnerRecord(`${RUNNING}\n${lines}\n`)).toMatchObject({ oomKills, oomSource });
  });

  it('tells why a run could not begin', () => {
    const failed = parseRunnerRecord('version=1\nstate=failed\nerror=bash: no = such file\n');
    expect(failed).toMatchObject({ state: 'failed', error: 'bash: no = such file', pid: null });
  });

  it.each([
    '',
    'state=running',
    'version=2\nstate=running',
    'version=1\nstate=asleep',
    'version=1',
    '\0\0\0',
  ])('is not one when it is %j', (text) => expect(parseRunnerRecord(text)).toBeNull());

  it('does not take numbers that cannot be: they would be counted on from, stored and shown', () => {
    const huge = ['99999999999999999999', '9'.repeat(400)];
    for (const number of huge) {
      const forged = `started_ms=${number}\nended_ms=${number}\nexit_code=${number}\ndropped_bytes=${number}\n`;
      expect(parseRunnerRecord(`${RUNNING}\n${forged}`)).toMatchObject({
        startedAt: null,
        endedAt: null,
        exitCode: null,
        droppedBytes: 0,
      });
    }
    expect(parseRunnerRecord(`${RUNNING}\nended_ms=9007199254740991\nexit_code=256\n`)).toMatchObject({
      endedAt: null,
      exitCode: null,
    });
    expect(parseRunnerRecord(RUNNING.replace('run=7', 'run=1000000001'))).toBeNull();
  });

  it('never brings anything down, whatever is in the file', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => void parseRunnerRecord(`version=1\nstate=ended\n${text}`),
      ),
    );
  });

  it('that is not there is none', async () => {
    expect(await readRunnerRecord(join(root, 'none'))).toBeNull();
    writeFileSync(join(root, 'record'), RUNNING);
    expect((await readRunnerRecord(join(root, 'record')))?.pid).toBe(101);
  });
});

describe('numbers and pairs', () => {
  it('are read strictly', () => {
    expect(['0', '42', '-1', '1.5', '', ' 1', '0x1', undefined].map(toNumber)).toEqual([
      0,
      42,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect([...parsePairs(['a=1', 'b=', '=c', 'd', 'e=f=g', 'a=2'])]).toEqual([
      ['a', '2'],
      ['b', ''],
      ['e', 'f=g'],
    ]);
  });
});
