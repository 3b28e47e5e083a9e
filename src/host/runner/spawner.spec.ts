import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../core/logging.js';
import { findMarkedProcesses, killMarkedProcesses } from '../processes/marked-processes.js';
import { LaunchFailed, launchRunner } from './runner-launcher.js';
import type { LaunchOrder } from './runner-launcher.js';
import { readRunnerRecord } from './runner-record.js';
import { encodeSpawnRequest } from './spawn-request.js';
import { SpawnerGone, SpawnerProcess } from './spawner-process.js';
import { Spawner } from './spawner.js';

const BINARY = resolve(import.meta.dirname, '../../../dist/runner/aikore-runner');
const MARKER = 'AIKORE_INSTANCE_MARKER';
const root = mkdtempSync(join(tmpdir(), 'aikore-spawner-'));
const logger = createLogger(false, () => undefined);
/** Of runs that are not known to have ended. */
const markers = new Set<string>();
let spawner: Spawner;
let count = 0;

function order(command: string[], env: Record<string, string> = {}): LaunchOrder & { marker: string } {
  const folder = mkdtempSync(join(root, `${(count += 1)}-`));
  const marker = randomUUID();
  markers.add(marker);
  return {
    files: {
      record: join(folder, 'record'),
      socket: join(folder, 'socket'),
      log: join(folder, 'log'),
      times: join(folder, 'times'),
      oldLogs: join(folder, 'logs'),
    },
    segmentBytes: 64 * 1_048_576,
    keepBytes: 512 * 1_048_576,
    run: 1,
    marker,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env, [MARKER]: marker },
    command,
  };
}

async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await probe())) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what}`);
    await sleep(10);
  }
}

async function hasEnded({ files, marker }: LaunchOrder): Promise<void> {
  await until('the run has ended', async () => (await readRunnerRecord(files.record))?.state === 'ended');
  markers.delete(marker);
}

/** Pids of the children of this process that are spawners. */
const spawners = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isOwn = readFileSync(`/proc/${pid}/status`, 'latin1').includes(`PPid:\t${process.pid}\n`);
        return isOwn && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0--spawner\0');
      } catch {
        return false;
      }
    });

beforeAll(() => {
  spawner = new Spawner(BINARY, logger);
  spawner.open();
});

afterAll(async () => {
  await spawner.close();
  expect(spawners()).toEqual([]);
  for (const marker of markers) await killMarkedProcesses(MARKER, marker);
  rmSync(root, { recursive: true, force: true });
});

describe('a start through the spawner', () => {
  it('gives arguments and a megabyte of environment on, byte for byte', async () => {
    const big = Object.fromEntries(
      Array.from({ length: 18 }, (_, index) => [`BIG_${index}`, randomBytes(45_000).toString('base64url')]),
    );
    const odd = { EMPTY: '', LINES: 'a\nb\r\n', QUOTED: `'"$x\`\\`, UNICODE: 'Zoë 🦊 \u{10ffff}' };
    const wish = order(['cat', '/proc/self/environ'], { ...big, ...odd });
    await launchRunner(BINARY, wish, spawner);
    await hasEnded(wish);
    const expected = Object.entries(wish.env).map(([name, value]) => `${name}=${value}\0`);
    expect(readFileSync(wish.files.log, 'utf8') === expected.join('')).toBe(true);
    expect(expected.join('').length).toBeGreaterThan(1_000_000);

    const args = ['', ' ', '-n', '--', 'a\nb', '"\'$(false)', 'Zoë 🦊', 'x'.repeat(100_000)];
    const second = order(['sh', '-c', 'cat /proc/$$/cmdline', ...args]);
    await launchRunner(BINARY, second, spawner);
    await hasEnded(second);
    const given = readFileSync(second.files.log, 'utf8').split('\0');
    expect(given).toEqual(['sh', '-c', 'cat /proc/$$/cmdline', ...args, '']);
  });

  it('says in a sentence why it failed', async () => {
    const fails = (wish: LaunchOrder, binary = BINARY) => launchRunner(binary, wish, spawner);
    await expect(fails(order(['/does/not/exist']))).rejects.toThrow(
      new LaunchFailed('cannot run /does/not/exist: No such file or directory'),
    );
    await expect(fails({ ...order(['true']), cwd: '/nowhere' })).rejects.toThrow('directory /nowhere');
    await expect(fails(order(['true']), '/no/runner')).rejects.toThrow(
      'cannot run /no/runner: No such file or directory',
    );
    await expect(fails(order(['true']), '/bin/true')).rejects.toThrow('did not start');
    await expect(fails(order(['true'], { HUGE: 'x'.repeat(200_000) }))).rejects.toThrow(
      'Argument list too long',
    );
    await expect(fails(order(['a\0b']))).rejects.toThrow('NUL');
  });

  it('is one of many at once', async () => {
    const wishes = Array.from({ length: 300 }, () => order(['true']));
    const pids = await Promise.all(wishes.map((wish) => launchRunner(BINARY, wish, spawner)));
    expect(new Set(pids).size).toBe(300);
    await Promise.all(wishes.map(hasEnded));
  }, 60_000);

  it('waits for a spawner that somebody has stopped, and wakes it', async () => {
    const [pid = 0] = spawners();
    process.kill(pid, 'SIGSTOP');
    const wish = order(['true']);
    await launchRunner(BINARY, wish, spawner);
    await hasEnded(wish);
    expect(spawners()).toEqual([pid]);
  });
});

describe('without a spawner', () => {
  it('a start goes its own way', async () => {
    const none = new Spawner('/no/spawner', logger);
    none.open();
    for (let turn = 0; turn < 2; turn += 1) {
      const wish = order(['true']);
      await launchRunner(BINARY, wish, none);
      await hasEnded(wish);
    }
    await none.close();
  });
});

describe('the death of the spawner', () => {
  it('leaves what it has started, and another follows', async () => {
    const wish = order(['sleep', '60']);
    const pid = await launchRunner(BINARY, wish, spawner);
    const [first = 0] = spawners();
    process.kill(first, 'SIGKILL');
    await until('another spawner', () => spawners().some((other) => other !== first));
    process.kill(pid, 0);
    const next = order(['true']);
    await launchRunner(BINARY, next, spawner);
    await hasEnded(next);
    expect(await findMarkedProcesses(MARKER, wish.marker)).toHaveLength(2);
  });

  it('in the middle of a start never makes two of it, nor none', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const own = new SpawnerProcess(BINARY);
      const wish = order(['sh', '-c', 'echo x >>starts; exec sleep 60']);
      const starting = launchRunner(BINARY, wish, own);
      await sleep(turn / 2);
      process.kill(own.pid ?? 0, 'SIGKILL');
      const pid = await starting;
      await until('it has begun', () => readdirSync(wish.cwd).includes('starts'));
      await sleep(20);
      expect(readFileSync(join(wish.cwd, 'starts'), 'utf8')).toBe('x\n');
      expect(await findMarkedProcesses(MARKER, wish.marker)).toHaveLength(2);
      process.kill(pid, 'SIGKILL');
    }
  }, 60_000);
});

describe('the spawner itself', () => {
  const talk = async (bytes: Buffer): Promise<[number | null, string]> => {
    const child = spawn(BINARY, ['--spawner'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(bytes);
    const [code] = (await once(child, 'close')) as [number | null];
    return [code, said];
  };

  it('starts nothing for what is no request, and ends', async () => {
    const whole = encodeSpawnRequest(1, { argv: ['/bin/false'], env: {} }, null);
    const patched = (at: number, value: number) => {
      const copy = Buffer.from(whole);
      copy.writeUInt32LE(value, at);
      return copy;
    };
    const unterminated = Buffer.from(whole);
    unterminated[unterminated.length - 1] = 65;
    const cases = [
      Buffer.alloc(0),
      whole.subarray(0, 3),
      whole.subarray(0, -1),
      patched(0, 0),
      patched(0, 8),
      patched(0, 0xffffffff),
      patched(8, 0),
      patched(8, 2),
      patched(8, 0xffffffff),
      patched(12, 3),
      patched(24, 65),
      patched(24, 0xffffffff),
      unterminated,
    ];
    for (const bytes of cases) expect(await talk(bytes)).toEqual([0, '']);
    for (let turn = 0; turn < 20; turn += 1) expect((await talk(randomBytes(200)))[0]).toBe(0);
  });

  it('reads a request that comes in pieces, and answers in the order of what is ready', async () => {
    const child = spawn(BINARY, ['--spawner'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const slow = encodeSpawnRequest(1, { argv: ['/bin/sh', '-c', 'sleep 0.4; echo slow'], env: {} }, null);
    const quick = encodeSpawnRequest(2, { argv: ['/bin/echo', 'quick'], env: {} }, null);
    for (const byte of Buffer.concat([slow, quick])) {
      child.stdin.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await until('both answers', () => said.includes('1 slow\n'));
    expect(said).toBe('2 quick\n1 slow\n');
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('is not moved by signals, has an empty environment and four descriptors', async () => {
    const own = new SpawnerProcess(BINARY);
    const pid = own.pid ?? 0;
    expect(await own.start({ argv: ['/bin/echo', 'ready'], env: {} })).toBe('ready');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE', 'SIGUSR1'] as const)
      process.kill(pid, signal);
    expect(await own.start({ argv: ['/bin/echo', 'here'], env: {} })).toBe('here');
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('');
    expect(readdirSync(`/proc/${pid}/fd`)).toEqual(['0', '1', '2', '3']);
    own.close();
    await own.gone;
    await expect(own.start({ argv: ['/bin/true'], env: {} })).rejects.toBeInstanceOf(SpawnerGone);
  });
});
