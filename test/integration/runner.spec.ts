import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRunner, Client, fixture, isAlive, marked, Runner, until } from '../fixtures/runner/harness.js';
import type { RunnerOptions } from '../fixtures/runner/harness.js';

const isRoot = process.getuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), 'aikore-runner-'));
const binary = join(root, 'aikore-runner');
const scanning = join(root, 'aikore-runner-scanning');
const forker = join(root, 'forker');
const runners: Runner[] = [];
const clients: Client[] = [];
let dir = '';

async function start(program: readonly string[], more: Partial<RunnerOptions> = {}): Promise<Runner> {
  const runner = await Runner.start({ binary, dir, program, ...more });
  runners.push(runner);
  return runner;
}

const bash = (script: string, more: Partial<RunnerOptions> = {}): Promise<Runner> =>
  start(['bash', '-c', script], more);

const script = (name: string, args: string[] = [], more: Partial<RunnerOptions> = {}): Promise<Runner> =>
  start(['bash', fixture(name), ...args], more);

async function connect(runner: Runner): Promise<Client> {
  const client = await runner.connect();
  clients.push(client);
  return client;
}

/** Bit 24 of the effective capabilities is CAP_SYS_RESOURCE, see capabilities(7); containers often lack it. */
function mayLowerOomScore(): boolean {
  const mask = /^CapEff:\t(\w+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> 24n) & 1n) === 1n;
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
const dropNote = new RegExp(
  String.raw`\n\[aikore\] (\d+) bytes of output dropped from ${TIME} to ${TIME}: ([^\n]+)\n`,
  'g',
);

const reported = (log: Buffer): number =>
  [...log.toString('latin1').matchAll(dropNote)].reduce((sum, match) => sum + Number(match[1]), 0);

beforeAll(() => {
  buildRunner(binary);
  buildRunner(scanning, ['-DPROCFS_CHILDREN="none"']);
  execFileSync('cc', ['-O2', '-D_GNU_SOURCE', fixture('forker.c'), '-o', forker]);
}, 60_000);

beforeEach(() => {
  dir = mkdtempSync(join(root, 'run-'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  const left: string[] = [];
  for (const runner of runners.splice(0)) {
    await Promise.race([runner.exited, sleep(300)]);
    for (const pid of new Set([...marked(runner.marker), ...(isAlive(runner.pid) ? [runner.pid] : [])])) {
      left.push(`${pid} of ${runner.handshake}`);
      process.kill(pid, 'SIGKILL');
    }
  }
  expect(left).toEqual([]);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the end of a run', () => {
  it('tells the exit code in the socket and in the record', async () => {
    const runner = await bash('sleep 0.3; echo bye; exit 3');
    const client = await connect(runner);
    expect(client.lines[0]).toMatch(
      new RegExp(
        `^hello version=1 run=7 marker=${runner.marker} pid=${runner.mainPid} start=\\d+ state=running size=0 dropped=0 exit_code= exit_signal= oom_kills=0 oom_source=\\w*$`,
      ),
    );
    expect(runner.record()).toMatchObject({ state: 'running', pid: String(runner.mainPid), exit_code: '' });
    expect(await runner.exited).toBe(0);
    await client.closed;
    expect(client.lines.slice(1, -1).sort()).toEqual([
      expect.stringMatching(/^main exit_code=3 exit_signal= oom_kills=0 oom_source=\w*$/),
      'out size=4 dropped=0',
    ]);
    expect(client.lines.at(-1)).toMatch(
      /^ended exit_code=3 exit_signal= dropped=0 survivors=0 oom_kills=0 oom_source=\w*$/,
    );
    const record = runner.record();
    expect(record).toMatchObject({
      version: '1',
      state: 'ended',
      run: '7',
      marker: runner.marker,
      exit_code: '3',
    });
    expect(record).toMatchObject({ exit_signal: '', dropped_bytes: '0', stop_requested: '0', error: '' });
    expect(record.boot_id).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(Number(record.ended_ms) - Number(record.started_ms)).toBeGreaterThanOrEqual(250);
    expect(Math.abs(Date.now() - Number(record.ended_ms))).toBeLessThan(5000);
    expect(statSync(runner.recordPath).size).toBe(4096);
    expect(readdirSync(dir).sort()).toEqual(['output.log', 'record', 'times']);
  });

  it('tells the signal when the main process was killed', async () => {
    const runner = await start(['sleep', '60']);
    const client = await connect(runner);
    process.kill(runner.mainPid, 'SIGSEGV');
    await client.line('ended exit_code= exit_signal=11');
    await runner.exited;
    expect(runner.record()).toMatchObject({
      state: 'ended',
      exit_code: '',
      exit_signal: '11',
      stop_requested: '0',
    });
  });

  it('ends a willing program with SIGTERM to its group, once', async () => {
    const runner = await bash('trap "echo got-term; exit 9" TERM; echo ready; while :; do sleep 0.05; done');
    const client = await connect(runner);
    await runner.printed('ready');
    client.send('stop grace_ms=4000');
    client.send('stop grace_ms=4000');
    await client.line('ended exit_code=9');
    await runner.exited;
    expect(
      runner
        .log()
        .toString()
        .match(/got-term/g),
    ).toHaveLength(1);
    expect(runner.record()).toMatchObject({ stop_requested: '1', exit_code: '9' });
  });

  it('wakes a stopped program, so that it can end in order', async () => {
    const runner = await bash('trap "exit 6" TERM; echo ready; while :; do sleep 0.05; done');
    const client = await connect(runner);
    await runner.printed('ready');
    process.kill(runner.mainPid, 'SIGSTOP');
    client.send('stop grace_ms=4000');
    await client.line('ended exit_code=6');
  });

  it('kills what ignores SIGTERM when the grace is over; a later stop shortens it and never lengthens it', async () => {
    const runner = await script('ignores-term.sh');
    const client = await connect(runner);
    await runner.printed('ready');
    client.send('stop grace_ms=60000');
    client.send('stop grace_ms=400');
    client.send('stop grace_ms=30000');
    const asked = performance.now();
    await sleep(200);
    expect(isAlive(runner.mainPid)).toBe(true);
    expect(runner.record()).toMatchObject({ state: 'running', stop_requested: '1' });
    expect((await connect(runner)).lines[0]).toContain('state=ending');
    await client.line('ended exit_code= exit_signal=9');
    expect(performance.now() - asked).toBeGreaterThan(350);
    expect(performance.now() - asked).toBeLessThan(900);
  });

  it('kills at once on kill', async () => {
    const runner = await script('ignores-term.sh');
    const client = await connect(runner);
    await runner.printed('ready');
    client.send('kill');
    await client.line('ended exit_code= exit_signal=9', 500);
    await runner.exited;
    expect(existsSync(runner.socketPath)).toBe(false);
  });
});

describe('the whole tree', () => {
  it.each([
    ['the lists of children', (): string => binary],
    ['a walk through /proc', (): string => scanning],
  ])('ends a daughter in another session with an empty environment, found by %s', async (_, which) => {
    const pidFile = join(dir, 'escapee');
    const runner = await script('escapes.sh', [pidFile], { binary: which() });
    const client = await connect(runner);
    await runner.printed('ready');
    const escapee = Number(readFileSync(pidFile, 'utf8'));
    expect(readFileSync(`/proc/${escapee}/environ`, 'latin1')).not.toContain(runner.marker);
    client.send('stop grace_ms=200');
    await client.line('ended ');
    expect(isAlive(escapee)).toBe(false);
  });

  it('ends what the main process leaves behind, and keeps its exit code', async () => {
    const runner = await script('leaves-others.sh');
    const client = await connect(runner);
    await client.closed;
    await runner.exited;
    expect(client.lines.at(-1)).toMatch(/^ended exit_code=4 exit_signal= dropped=0 survivors=0 /);
    expect(marked(runner.marker)).toEqual([]);
    expect(runner.record()).toMatchObject({ state: 'ended', exit_code: '4', stop_requested: '0' });
  });

  it('writes the exit code before it ends deaf leftovers, which a stop then hurries', async () => {
    const runner = await script('leaves-others.sh', ['deaf']);
    const client = await connect(runner);
    const record = await until(() => {
      const now = runner.record();
      return now.exit_code !== '' && now;
    }, 'exit code in the record');
    expect(record).toMatchObject({ state: 'running', exit_code: '4', ended_ms: '' });
    await sleep(100);
    expect(marked(runner.marker).length).toBe(3);
    client.send('stop grace_ms=50');
    await client.line('ended exit_code=4', 1000);
  });

  it('beats a tree that forks into new sessions faster than it can be listed', async () => {
    const runner = await start([forker, '3', '5']);
    const client = await connect(runner);
    await runner.printed('ready');
    await sleep(100);
    client.send('kill');
    await client.line('ended exit_code= exit_signal=9', 6000);
    expect(marked(runner.marker).filter((pid) => pid !== runner.pid)).toEqual([]);
  }, 15_000);

  it('reaps adopted zombies as they come', async () => {
    const runner = await script('orphans.sh');
    const client = await connect(runner);
    await runner.printed('ready');
    const children = (): string =>
      readFileSync(`/proc/${runner.pid}/task/${runner.pid}/children`, 'utf8').trim();
    await until(() => children() === String(runner.mainPid), 'no zombie left', 1000);
    client.send('kill');
    await client.line('ended');
  });
});

describe('the output', () => {
  it('is raw: NULs, half characters and all', async () => {
    const runner = await bash(
      String.raw`printf 'a\0b\r\xe2\x82'; sleep 0.15; printf '\xac\nc' >&2; sleep 0.15; echo d`,
    );
    await runner.exited;
    expect(runner.log()).toEqual(Buffer.from('a\0b\r\u20ac\ncd\n'));
    const times = readFileSync(runner.timesPath);
    expect(times.length % 16).toBe(0);
    const offsets = Array.from({ length: times.length / 16 }, (_, i) =>
      Number(times.readBigUInt64LE(i * 16)),
    );
    expect(offsets).toEqual([0, 6, 9]);
    const moments = offsets.map((_, i) => Number(times.readBigUInt64LE(i * 16 + 8)));
    expect(moments[1]! - moments[0]!).toBeGreaterThanOrEqual(100);
    expect(Math.abs(Date.now() - moments[2]!)).toBeLessThan(5000);
  });

  it('arrives complete when it floods, past clients that never read or talk nonsense, with few messages', async () => {
    const source = join(dir, 'source');
    const data = randomBytes(20_000_000);
    writeFileSync(source, data);
    const runner = await bash(`sleep 0.2; cat ${source}`);
    const silent = await connect(runner);
    silent.socket.pause();
    const chatter = await connect(runner);
    chatter.socket.pause();
    chatter.socket.write('nonsense\n'.repeat(100_000));
    const client = await connect(runner);
    const began = performance.now();
    await client.line('ended exit_code=0 exit_signal= dropped=0', 10_000);
    const tookMs = performance.now() - began;
    expect(sha256(runner.log())).toBe(sha256(data));
    const news = client.lines.filter((line) => line.startsWith('out '));
    expect(news.at(-1)).toBe('out size=20000000 dropped=0');
    expect(news.length).toBeLessThan(tookMs / 20 + 3);
    await runner.exited;
  }, 15_000);

  it('is dropped and counted when a limit refuses it, and the program goes on', async () => {
    const done = join(dir, 'go');
    writeFileSync(done, '');
    const runner = await script('fills-disk.sh', [done], { wrapper: ['prlimit', '--fsize=102400'] });
    await runner.exited;
    const record = runner.record();
    expect(record).toMatchObject({ state: 'ended', exit_code: '5' });
    expect(Number(record.dropped_bytes)).toBe(400_000 + 'last-line\n'.length - 102_400);
    expect(statSync(runner.logPath).size).toBe(102_400);
  });

  it('continues in a new file when the log was deleted', async () => {
    const go = join(dir, 'go');
    const runner = await bash(
      `echo one; until [ -e ${go} ]; do sleep 0.02; done; echo two; sleep 0.1; echo three`,
    );
    await runner.printed('one');
    unlinkSync(runner.logPath);
    writeFileSync(go, '');
    await runner.exited;
    expect(runner.log().toString()).toContain('three\n');
  });
});

describe('a full disk', () => {
  const disk = join(root, 'disk');
  let isMounted = false;

  beforeEach(() => {
    mkdirSync(disk, { recursive: true });
    isMounted = isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'aikore', disk]).status === 0;
    if (!isMounted) console.warn('skipped: a full disk needs root and the right to mount a tmpfs');
  });

  afterEach(() => {
    if (isMounted) execFileSync('umount', ['-l', disk]);
  });

  it('lets the program finish, says what was lost and goes on when there is space again', async () => {
    if (!isMounted) return;
    const go = join(dir, 'go');
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(100_000));
    const runner = await script('fills-disk.sh', [go], { diskDir: disk });
    const client = await connect(runner);
    await until(
      () => client.lines.some((line) => /^out size=\d+ dropped=[1-9]/.test(line)),
      'drops announced',
    );
    unlinkSync(ballast);
    writeFileSync(go, '');
    await client.line('ended exit_code=5');
    const log = runner.log();
    const dropped = Number(runner.record().dropped_bytes);
    expect(dropped).toBeGreaterThan(100_000);
    expect(reported(log)).toBe(dropped);
    expect(log.toString('latin1')).toMatch(
      /bytes of output dropped from \S+ to \S+: No space left on device\nlast-line\n/,
    );
    expect(log.toString('latin1').replace(dropNote, '').length + dropped).toBe(
      400_000 + 'last-line\n'.length,
    );
    expect(runner.record()).toMatchObject({ state: 'ended', exit_code: '5' });
  });

  it('keeps the exit code when the disk stays full to the end', async () => {
    if (!isMounted) return;
    const go = join(dir, 'go');
    writeFileSync(go, '');
    const runner = await script('fills-disk.sh', [go], { diskDir: disk });
    await runner.exited;
    const record = runner.record();
    expect(record).toMatchObject({ state: 'ended', exit_code: '5' });
    expect(Number(record.dropped_bytes) + statSync(runner.logPath).size).toBe(400_000 + 'last-line\n'.length);
  });

  it('refuses to start a run whose exit code it could not keep', async () => {
    if (!isMounted) return;
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=4096'], { stdio: 'ignore' });
    const runner = await start(['true'], { diskDir: disk });
    expect(runner.handshake).toMatch(/^failed the disk is full: .*\n$/);
    expect(await runner.exited).toBe(1);
  });
});

describe('what the program gets', () => {
  it('exactly three descriptors, default signals, its own session, the inherited OOM score', async () => {
    const runner = await start(['sleep', '60'], { cwd: '/' });
    const client = await connect(runner);
    const proc = `/proc/${runner.mainPid}`;
    expect(readdirSync(`${proc}/fd`)).toEqual(['0', '1', '2']);
    expect(readlinkSync(`${proc}/fd/0`)).toBe('/dev/null');
    expect(readlinkSync(`${proc}/fd/1`)).toBe(readlinkSync(`${proc}/fd/2`));
    const status = readFileSync(`${proc}/status`, 'latin1');
    for (const field of ['SigBlk', 'SigIgn', 'SigCgt'])
      expect(status).toMatch(new RegExp(`^${field}:\\t0{16}$`, 'm'));
    const stat = readFileSync(`${proc}/stat`, 'latin1').split(') ')[1]!.split(' ');
    expect(stat.slice(1, 4)).toEqual([runner.pid, runner.mainPid, runner.mainPid].map(String));
    expect(stat[19]).toBe(runner.record().start);
    expect(readlinkSync(`${proc}/cwd`)).toBe('/');
    const own = readFileSync('/proc/self/oom_score_adj', 'latin1');
    expect(readFileSync(`${proc}/oom_score_adj`, 'latin1')).toBe(own);
    if (mayLowerOomScore() && Number(own) > -200) {
      expect(readFileSync(`/proc/${runner.pid}/oom_score_adj`, 'latin1').trim()).toBe('-200');
    }
    client.send('kill');
    await client.line('ended');
  });
});

describe('the runner itself', () => {
  it('is not moved by signals, costs nothing at rest and little memory', async () => {
    const runner = await start(['sleep', '60']);
    const client = await connect(runner);
    for (const signal of [
      'SIGTERM',
      'SIGINT',
      'SIGHUP',
      'SIGQUIT',
      'SIGUSR1',
      'SIGALRM',
      'SIGPIPE',
    ] as const) {
      process.kill(runner.pid, signal);
    }
    const wakeUps = (): string | undefined =>
      /^voluntary_ctxt_switches:\t(\d+)/m.exec(readFileSync(`/proc/${runner.pid}/status`, 'latin1'))?.[1];
    await sleep(50);
    const before = wakeUps();
    await sleep(300);
    expect(wakeUps()).toBe(before);
    expect(isAlive(runner.mainPid)).toBe(true);
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${runner.pid}/smaps_rollup`, 'latin1'))?.[1];
    expect(Number(pss)).toBeLessThan(600);
    expect((await connect(runner)).lines[0]).toContain('state=running');
    client.send('kill');
    await client.line('ended');
  });

  it('answers unknown words, drops endless lines and serves eight clients', async () => {
    const runner = await start(['sleep', '60']);
    const first = await connect(runner);
    for (const word of ['stop', 'stop grace_ms=', 'stop grace_ms=-1', 'stop grace_ms=9999999999', 'KILL'])
      first.send(word);
    await until(
      () => first.lines.filter((line) => line === 'error unknown command').length === 5,
      'five answers',
    );
    const endless = await connect(runner);
    endless.socket.write('x'.repeat(300));
    await endless.closed;
    for (let i = 0; i < 7; i++) await connect(runner);
    const ninth = new Client(runner.socketPath);
    await ninth.closed;
    expect(ninth.lines).toEqual(['error too many clients']);
    first.send('kill');
    await Promise.all(clients.map((client) => client.closed));
    expect(clients.filter((client) => client.lines.at(-1)?.startsWith('ended '))).toHaveLength(8);
  });

  it('serves nobody but its own user and root', async () => {
    const runner = await start(['sleep', '60']);
    const client = await connect(runner);
    expect(statSync(runner.socketPath).mode & 0o777).toBe(0o600);
    if (isRoot) {
      for (const path of [root, dir]) chmodSync(path, 0o755);
      chmodSync(runner.socketPath, 0o777);
      const code = `const s = require('net').connect(process.argv[1]); s.on('data', (d) => process.stdout.write(d));
        s.on('connect', () => console.log('connected')); s.on('error', () => undefined); s.write('kill\\n')`;
      const stranger = spawnSync(process.execPath, ['-e', code, runner.socketPath], {
        uid: 65534,
        timeout: 5000,
      });
      expect(stranger.stdout.toString()).toBe('connected\n');
      expect(isAlive(runner.mainPid)).toBe(true);
    } else {
      console.warn('skipped: becoming another user needs root');
    }
    client.send('kill');
    await client.line('ended');
  });

  it('works in directories with names of any length', async () => {
    const deep = join(dir, 'd'.repeat(120), 'e'.repeat(120));
    mkdirSync(deep, { recursive: true });
    const runner = await start(['sleep', '60'], { dir: deep });
    const client = await connect(runner);
    client.send('kill');
    await client.line('ended');
    await runner.exited;
    expect(readdirSync(deep).sort()).toEqual(['output.log', 'record', 'times']);
  });

  it('takes the place of a socket and a record that a killed runner left', async () => {
    const first = await start(['sleep', '60']);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    process.kill(first.mainPid, 'SIGKILL');
    expect(existsSync(first.socketPath)).toBe(true);
    const second = await bash('sleep 0.1; exit 2');
    const client = await connect(second);
    await client.line('ended exit_code=2');
    expect(second.record().marker).toBe(second.marker);
  });

  it('says in one sentence why a program could not be started', async () => {
    const missing = await start(['/does/not/exist\nstate=ended']);
    expect(missing.handshake).toBe(
      'failed cannot run /does/not/exist?state=ended: No such file or directory\n',
    );
    expect(await missing.exited).toBe(1);
    expect(missing.record()).toMatchObject({
      state: 'failed',
      pid: '0',
      error: missing.handshake.slice(7, -1),
    });
    expect(existsSync(missing.socketPath)).toBe(false);
    const nowhere = await start(['true'], { cwd: '/nowhere' });
    expect(nowhere.handshake).toBe('failed cannot enter the directory /nowhere: No such file or directory\n');
  });

  it('refuses a bad command line with code 2 and one line', () => {
    const good = ['--record', '/r', '--socket', '/s', '--log', '/l', '--times', '/t', '--run', '1'];
    const rest = ['--marker', '11111111-2222-3333-4444-555555555555', '--cwd', '/'];
    const cases: [string[], string][] = [
      [[], '--record is missing'],
      [[...good, ...rest], 'the program is missing after --'],
      [[...good, ...rest, '--'], 'the program is missing after --'],
      [[...good, ...good, ...rest, '--', 'true'], '--record is given twice'],
      [['--record', 'relative'], '--record needs an absolute path'],
      [['--run', '1x'], '--run needs a number'],
      [['--marker', 'x'], '--marker needs a UUID'],
      [['--what', 'x'], 'unknown option --what'],
      [['--log'], '--log needs an absolute path'],
    ];
    for (const [args, message] of cases) {
      const result = spawnSync(binary, args, { encoding: 'utf8' });
      expect([result.status, result.stdout, result.stderr]).toEqual([2, '', `aikore-runner: ${message}\n`]);
    }
  });
});
