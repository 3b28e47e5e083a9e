import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRunner, Runner, until } from '../fixtures/runner/harness.js';
import type { RunnerOptions } from '../fixtures/runner/harness.js';

const KIB = 1024;
const root = mkdtempSync(join(tmpdir(), 'aikore-segments-'));
const binary = join(root, 'aikore-runner');
const runners: Runner[] = [];
const mounts: string[] = [];
let dir = '';

beforeAll(() => buildRunner(binary), 60_000);
beforeEach(() => {
  dir = mkdtempSync(join(root, 'run-'));
});
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.exited;
  for (const mount of mounts.splice(0)) spawnSync('umount', [mount]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function bash(script: string, more: Partial<RunnerOptions> = {}): Promise<Runner> {
  const segments = { bytes: 64 * KIB, keepBytes: 1024 * KIB };
  const runner = await Runner.start({ binary, dir, program: ['bash', '-c', script], segments, ...more });
  runners.push(runner);
  return runner;
}

const segmentsIn = (folder = join(dir, 'logs')): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    : [];

const whole = (runner: Runner, folder = join(dir, 'logs')): Buffer =>
  Buffer.concat([...segmentsIn(folder).map((file) => readFileSync(join(folder, file))), runner.log()]);

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Entries of a side file: offset, milliseconds. */
function entries(file: string): [number, number][] {
  const bytes = readFileSync(file);
  return Array.from({ length: bytes.length / 16 }, (_, index) => [
    Number(bytes.readBigUInt64LE(index * 16)),
    Number(bytes.readBigUInt64LE(index * 16 + 8)),
  ]);
}

describe('a log in segments', () => {
  it('loses no byte in a flood, whatever its lines are, and tells the size of the run', async () => {
    const runner = await bash('sleep 0.2; seq 1 200000; head -c 300000 /dev/zero; sleep 0.3');
    const client = await runner.connect();
    expect(await runner.exited).toBe(0);
    await client.closed;
    const expected = Buffer.concat([
      Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('')),
      Buffer.alloc(300_000),
    ]);
    // 1 MiB is kept, so that the oldest have gone.
    const kept = whole(runner);
    expect(sha256(kept)).toBe(sha256(expected.subarray(expected.length - kept.length)));
    expect(kept.length).toBeLessThanOrEqual(1024 * KIB);
    expect(kept.length).toBeGreaterThan(800 * KIB);
    const sizes = client.lines.flatMap((line) => / size=(\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect(sizes.at(-1)).toBe(expected.length);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
    let base = expected.length - kept.length;
    for (const file of segmentsIn()) {
      expect(file).toBe(`7.${String(base).padStart(15, '0')}.log`);
      base += readFileSync(join(dir, 'logs', file)).length;
    }
    const files = readdirSync(join(dir, 'logs'));
    expect(files.filter((file) => file.endsWith('.times')).length).toBe(segmentsIn().length);
    client.close();
  });

  it('keeps the times of each segment beside it, in offsets of the run', async () => {
    const runner = await bash('for i in $(seq 40); do printf "%05000d\\n" "$i"; sleep 0.02; done');
    await runner.exited;
    expect(whole(runner).length).toBe(40 * 5001);
    const bases = segmentsIn().map((file) => Number(/^7\.(\d{15})\.log$/.exec(file)?.[1] ?? 0));
    expect(bases.length).toBe(2);
    expect(bases.every((base) => base % 5001 === 0)).toBe(true);
    const files = [...segmentsIn().map((file) => join(dir, 'logs', `${file}.times`)), runner.timesPath];
    const all = files.map(entries);
    for (const [index, list] of all.entries()) {
      const base = bases[index] ?? 40 * 5001 - runner.log().length;
      expect(list[0]?.[0]).toBe(base);
      expect(list.every(([offset]) => offset % 5001 === 0 && offset >= base)).toBe(true);
    }
    const flat = all.flat();
    expect(flat).toEqual([...flat].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
  });

  it('goes on in one file while the folder is a link, and lets nobody write elsewhere', async () => {
    mkdirSync(join(dir, 'elsewhere'));
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'logs'));
    const runner = await bash('head -c 300000 /dev/zero');
    await runner.exited;
    expect(runner.log().length).toBe(300_000);
    expect(readdirSync(join(dir, 'elsewhere'))).toEqual([]);
  });

  it('counts on behind a truncation, a deletion and a file that was moved away', async () => {
    const runner = await bash(
      'echo 0123456789; sleep 0.2; : >output.log; echo next; sleep 0.2; rm output.log; sleep 0.2; echo x; sleep 0.2; ' +
        'echo third; sleep 0.2; mv output.log away; echo lost; sleep 0.2; echo last; sleep 0.2',
    );
    const client = await runner.connect();
    await runner.exited;
    await client.closed;
    const sizes = client.lines.flatMap((line) => /^out size=(\d+)/.exec(line)?.[1] ?? []).map(Number);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
    expect(sizes.at(-1)).toBe('0123456789\nnext\nx\nthird\nlost\nlast\n'.length);
    expect(runner.log().toString()).toBe('last\n');
    expect(readFileSync(join(dir, 'away'), 'utf8')).toBe('x\nthird\nlost\n');
    expect(entries(runner.timesPath)[0]?.[0]).toBe('0123456789\nnext\nx\nthird\nlost\n'.length);
    client.close();
  });

  it('on a disk that fills up drops what it must, says so, and goes on with segments when there is space', async () => {
    if (process.getuid?.() !== 0) return;
    const disk = mkdtempSync(join(root, 'disk-'));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]).status !== 0) return;
    mounts.push(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(200 * KIB));
    const script =
      'yes 0123456789 | head -c 500000; touch "$PWD/full"; until [ -e free ]; do sleep 0.02; done; sleep 0.3; seq 1 20000; echo the end';
    const runner = await bash(script, {
      diskDir: disk,
      segments: { bytes: 64 * KIB, keepBytes: 10_000 * KIB },
    });
    await until(() => existsSync(join(dir, 'full')), 'all is printed', 10_000);
    await until(() => statfsSync(disk).bavail === 0, 'the disk is full');
    await until(() => segmentsIn(join(disk, 'logs')).length >= 3, 'some segments');
    rmSync(join(disk, 'ballast'));
    writeFileSync(join(dir, 'free'), '');
    expect(await runner.exited).toBe(0);
    const text = whole(runner, join(disk, 'logs')).toString('latin1');
    const dropped = [...text.matchAll(/\[aikore\] (\d+) bytes of output dropped/g)];
    expect(dropped.reduce((sum, match) => sum + Number(match[1]), 0)).toBe(
      Number(runner.record().dropped_bytes),
    );
    expect(Number(runner.record().dropped_bytes)).toBeGreaterThan(0);
    expect(text.endsWith('the end\n')).toBe(true);
    expect(runner.record()).toMatchObject({ state: 'ended', exit_code: '0' });
  });

  it.each([
    [['--old-logs', '/x'], /--segment-bytes is missing/],
    [
      ['--old-logs', '/x', '--segment-bytes', '0', '--keep-bytes', '1'],
      /--segment-bytes needs a number above 0/,
    ],
    [['--old-logs', 'x', '--segment-bytes', '1', '--keep-bytes', '1'], /--old-logs needs an absolute path/],
    [['--segment-bytes', '1', '--keep-bytes', '1e9'], /--keep-bytes needs a number above 0/],
  ])('refuses %j in one line', (options, sentence) => {
    const files = ['--record', '/r', '--socket', '/s', '--log', '/l', '--times', '/t', '--cwd', '/'];
    const run = ['--run', '1', '--marker', '00000000-0000-4000-8000-000000000000'];
    const { status, stderr } = spawnSync(binary, [...files, ...run, ...options, '--', 'true'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
