import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { chmodSync, copyFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import WebSocket from 'ws';

const BLUEPRINTS = resolve('blueprints');
const FUNCTIONS = join(BLUEPRINTS, 'functions.sh');

let dir: string;

beforeEach(() => {
  // The physical path, which is what links are compared with.
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'aikore shell-')));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const gitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
};

/** Runs a script that sources functions.sh, under the strictest options, in `cwd`. */
function bash(script: string, { cwd = dir, env = {} }: { cwd?: string; env?: Record<string, string> } = {}) {
  const run = spawnSync(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', `source "$AIKORE_FUNCTIONS"\n${script}`],
    {
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: dir,
        AIKORE_FUNCTIONS: FUNCTIONS,
        ...gitEnvironment,
        ...env,
      },
      // Not a socket, which bash would take for a remote login and read its start-up files.
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    },
  );
  return { code: run.status, out: run.stdout.toString(), err: run.stderr.toString() };
}

const at = (...names: string[]): string => join(dir, ...names);
const read = (...names: string[]): string => readFileSync(at(...names), 'utf8');

/** The steps that an output announces, read by cutting at the marks' ends. */
function stepsOf(output: string): string[] {
  const [, ...marked] = output.split('\u001b]977;step=');
  return marked.map((rest) => rest.slice(0, rest.indexOf('\u0007')));
}

function write(path: string, content: string): void {
  mkdirSync(resolve(at(path), '..'), { recursive: true });
  writeFileSync(at(path), content);
}

describe('aikore_step', () => {
  it('prints a sequence that terminals swallow and a bold line', () => {
    expect(bash('aikore_step "Installing torch"').out).toBe(
      '\x1b]977;step=Installing torch\x07\x1b[1m==> Installing torch\x1b[0m\n',
    );
  });

  it('lets no control character end or extend the sequence', () => {
    const { out } = bash(`aikore_step $'a\\ab\\nc\\ed' "$(printf 'x%.0s' {1..300})"`);
    const step = stepsOf(out)[0];
    expect(step).toMatch(/^a b c d x+$/);
    expect(step).toHaveLength(200);
    expect(out.split('\n')).toHaveLength(2);
  });
});

describe('sl_folder', () => {
  const link = () => bash('sl_folder "$PWD/app" models "$PWD/shared store" checkpoints');

  it('moves what is there and leaves a link; a second time changes nothing', () => {
    write('app/models/a.bin', 'new');
    write('app/models/deep/.hidden', 'h');
    write('shared store/checkpoints/a.bin', 'old');
    write('shared store/checkpoints/b.bin', 'kept');
    for (let time = 0; time < 2; time++) {
      expect(link()).toMatchObject({ code: 0, err: '' });
      expect(readlinkSync(at('app/models'))).toBe(at('shared store/checkpoints'));
    }
    expect(read('shared store/checkpoints/a.bin')).toBe('new');
    expect(read('shared store/checkpoints/b.bin')).toBe('kept');
    expect(read('shared store/checkpoints/deep/.hidden')).toBe('h');
  });

  it('makes both sides, turns a link elsewhere, and takes three arguments and relative paths', () => {
    expect(link().code).toBe(0);
    expect(bash('sl_folder app models other').code).toBe(0);
    expect(readlinkSync(at('app/models'))).toBe(at('other'));
  });

  it('replaces a link that leads nowhere', () => {
    mkdirSync(at('app'));
    symlinkSync('/nowhere/at/all', at('app/models'));
    expect(link().code).toBe(0);
    expect(readlinkSync(at('app/models'))).toBe(at('shared store/checkpoints'));
  });

  it.each([
    ['a file in the way', 'sl_folder app file store'],
    ['one inside the other', 'sl_folder app models app/models inner'],
    ['the same folder by two names', 'sl_folder app models alias models'],
    ['a missing argument', 'sl_folder app'],
  ])('loses nothing and fails: %s', (_case, script) => {
    write('app/models/a.bin', 'a');
    write('app/file', 'f');
    symlinkSync('app', at('alias'));
    expect(bash(script).code).toBe(1);
    expect(read('app/models/a.bin')).toBe('a');
    expect(read('app/file')).toBe('f');
  });
});

describe('clean_env', () => {
  it('removes the environment when asked to, once', () => {
    write('env/bin/python', '');
    expect(bash('clean_env ./env').code).toBe(0);
    expect(existsSync(at('env'))).toBe(true);
    write('.rebuild-env', '');
    expect(bash('clean_env ./env/').out).toContain('step=Removing the old environment');
    expect([existsSync(at('env')), existsSync(at('.rebuild-env'))]).toEqual([false, false]);
  });

  it('removes a link and not what it leads to', () => {
    write('parent/env/bin/python', '');
    write('child/.rebuild-env', '');
    symlinkSync('../parent/env', at('child/env'));
    expect(bash('clean_env child/env').code).toBe(0);
    expect(existsSync(at('parent/env/bin/python'))).toBe(true);
    expect(existsSync(at('child/env'))).toBe(false);
  });

  it.each(['.', './', '..', '/'])('never removes the folder of the instance: %s', (folder) => {
    write('.rebuild-env', '');
    const { code, err } = bash(`clean_env ${folder}`);
    expect([code, existsSync(at('.rebuild-env'))]).toEqual([1, true]);
    expect(err).toContain('a folder of its own');
  });
});

describe('sync_repo', () => {
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd, env: { PATH: process.env['PATH'], ...gitEnvironment }, stdio: 'pipe' })
      .toString()
      .trim();
  const commit = (content: string): string => {
    write('origin/file', content);
    git(at('origin'), 'add', '.');
    git(at('origin'), 'commit', '-qm', content);
    return git(at('origin'), 'rev-parse', 'HEAD');
  };
  const sync = (script = 'sync_repo GIT_REF', env: Record<string, string> = {}) =>
    bash(script, { cwd: at('app'), env });

  beforeEach(() => {
    mkdirSync(at('origin'));
    git(at('origin'), 'init', '-q', '-b', 'trunk');
    commit('one');
    git(at('origin'), 'tag', 'v1');
    git(dir, 'clone', '-q', 'origin', 'app');
  });

  it('follows the default branch, drops local changes and keeps untracked files', () => {
    commit('two');
    write('app/file', 'changed');
    write('app/mine', 'untracked');
    expect(sync()).toMatchObject({ code: 0, out: expect.stringContaining('two') });
    expect([read('app/file'), read('app/mine')]).toEqual(['two', 'untracked']);
    expect(git(at('app'), 'branch', '--show-current')).toBe('trunk');
  });

  it.each(['tag', 'branch', 'commit'])('goes to a %s that a variable names', (kind) => {
    git(at('origin'), 'checkout', '-qb', 'feature/x');
    const featureCommit = commit('feature');
    git(at('origin'), 'checkout', '-q', 'trunk');
    commit('two');
    const ref = { tag: 'v1', branch: 'feature/x', commit: featureCommit }[kind] ?? '';
    expect(sync('check_remote GIT_REF', { GIT_REF: ref }).code).toBe(0);
    expect(read('app/file')).toBe(kind === 'tag' ? 'one' : 'feature');
    expect(sync().code).toBe(0);
    expect(read('app/file')).toBe('two');
  });

  it('goes on with what is there when the remote cannot be reached, and repairs it', () => {
    renameSync(at('origin'), at('gone'));
    write('app/file', 'half written');
    write('app/.git/index.lock', '');
    const offline = sync();
    expect(offline).toMatchObject({ code: 0, err: expect.stringContaining('cannot be reached') });
    expect(read('app/file')).toBe('one');
    expect(sync('sync_repo GIT_REF', { GIT_REF: 'v1' }).code).toBe(0);
    expect(sync('sync_repo GIT_REF', { GIT_REF: 'v9' })).toMatchObject({
      code: 0,
      err: expect.stringContaining('Staying'),
    });
  });

  it('follows a remote that was rewritten', () => {
    commit('two');
    expect(sync().code).toBe(0);
    git(at('origin'), 'reset', '-q', '--hard', 'v1');
    commit('other');
    expect(sync().code).toBe(0);
    expect(read('app/file')).toBe('other');
  });

  it('never touches a repository further up', () => {
    mkdirSync(at('app/data/half-cloned'), { recursive: true });
    write('app/file', 'work in progress');
    const run = bash('sync_repo', { cwd: at('app/data/half-cloned') });
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining('not the root') });
    expect(read('app/file')).toBe('work in progress');
  });

  it.each([
    ['an unknown target', 'sync_repo GIT_REF', { GIT_REF: 'v9' }],
    ['a target that looks like an option', 'sync_repo GIT_REF', { GIT_REF: '--orphan' }],
    ['what is no name of a variable', 'sync_repo "a b"', {}],
    ['no remote', 'git remote remove origin; sync_repo', {}],
    ['an empty repository and nobody there', 'git update-ref -d HEAD; rm -rf ../origin; sync_repo', {}],
  ])('fails for %s', (_case, script, env: Record<string, string>) => {
    expect(sync(script, env).code).toBe(1);
  });

  it('clones once and stays there', () => {
    const clone = () => bash(`aikore_clone "${at('origin')}" fresh`);
    mkdirSync(at('fresh.partial'));
    expect(clone().code).toBe(0);
    commit('two');
    expect(clone().code).toBe(0);
    expect(read('fresh/file')).toBe('one');
    expect(existsSync(at('fresh.partial'))).toBe(false);
  });
});

describe('the Python helpers', () => {
  // A pip that writes down what it is asked for, so that no test needs the internet.
  const prepare =
    'aikore_pip() { printf "%s\\n" "$*" >>"$HOME/pip.log"; [[ "$*" != *broken* ]]; }; aikore_venv ./env';
  const env = { AIKORE_INSTALLER: 'pip', PATH: '' };
  const installs = (): string[] => (existsSync(at('pip.log')) ? read('pip.log').trim().split('\n') : []);
  const python = spawnSync('python3', ['-c', 'import sys, venv; print(sys.executable)'])
    .stdout.toString()
    .trim();
  const withPython = python === '' ? it.skip : it;

  // Real environments, without the copy of pip that takes seconds to unpack.
  beforeEach(() => {
    write('bin/python3', `#!/bin/sh\nexec '${python}' "$@" --without-pip\n`);
    chmodSync(at('bin/python3'), 0o755);
    env.PATH = `${at('bin')}:${process.env['PATH'] ?? ''}`;
  });

  withPython('make an environment, install once, and again what changed and what follows it', () => {
    const script = (version: string) =>
      `${prepare}; aikore_install a==${version}; aikore_install -r req.txt; command -v python`;
    write('req.txt', 'b');
    const first = bash(script('1'), { env });
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('step=Installing a==1') });
    expect(first.out.trim().split('\n').at(-1)).toBe(at('env/bin/python'));
    expect(bash(script('1'), { env })).toMatchObject({ code: 0, out: `${at('env/bin/python')}\n` });
    expect(installs()).toEqual(['install a==1', 'install -r req.txt']);
    write('req.txt', 'c');
    bash(script('1'), { env });
    expect(installs().slice(2)).toEqual(['install -r req.txt']);
    bash(script('2'), { env });
    expect(installs().slice(3)).toEqual(['install a==2', 'install -r req.txt']);
  });

  withPython(
    'repeat an installation that failed, and a whole environment that was cut short or moved',
    () => {
      expect(bash(`${prepare}; aikore_install broken`, { env }).code).toBe(1);
      expect(bash(`${prepare}; aikore_install broken`, { env }).code).toBe(1);
      expect(installs()).toHaveLength(2);
      const body = `import sys\nprint(sys.prefix)\n`;
      const shielded = `#!/bin/sh\n'''exec' "${at('env/bin/python')}" "$0" "$@"\n' '''\n`;
      write('env/bin/plain', `#!${at('env/bin/python')}\n${body}`);
      write('env/bin/shielded', shielded + body);
      for (const tool of ['plain', 'shielded']) chmodSync(at('env/bin', tool), 0o755);
      renameSync(at('env'), at('moved'));
      const moved = prepare.replace('./env', './moved');
      expect(bash(`${moved}; plain; shielded`, { env })).toMatchObject({
        code: 0,
        out: expect.stringMatching(new RegExp(`\n${`${at('moved')}\n`.repeat(2)}$`)),
      });
      rmSync(at('moved/.aikore-env'));
      expect(bash(moved, { env }).out).toContain('Creating the Python environment');
    },
  );

  it('installs the requirements of a folder and of those in it, and fails at the end', () => {
    for (const folder of ['app', 'app/broken', 'app/last', 'app/too/deep'])
      write(`${folder}/requirements.txt`, '');
    const run = bash(`${prepare.split(';').slice(0, -1).join(';')}; install_requirements app`, { env });
    expect(run.code).toBe(1);
    expect(installs()).toEqual(
      ['app', 'app/broken', 'app/last'].map((folder) => `install -r ${folder}/requirements.txt`),
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describe('Demo.sh', () => {
  let demo: ChildProcess;
  let origin: string;
  let output = '';

  let home: string;
  const homeAt = (...names: string[]): string => join(home, ...names);

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'aikore demo-'));
    const port = await freePort();
    origin = `127.0.0.1:${port}`;
    mkdirSync(homeAt('instance'));
    copyFileSync(join(BLUEPRINTS, 'Demo.sh'), homeAt('instance/launch.sh'));
    demo = spawn('bash', ['launch.sh', '--answer', '4 2'], {
      cwd: homeAt('instance'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        AIKORE_FUNCTIONS: FUNCTIONS,
        INSTANCE_NAME: 'my demo',
        INSTANCE_CONF_DIR: homeAt('instance'),
        INSTANCE_OUTPUT_DIR: homeAt('outputs'),
        WEBUI_PORT: String(port),
        CUDA_VISIBLE_DEVICES: '',
        SECRET_TOKEN: 'not for the page',
      },
    });
    for (const stream of [demo.stdout, demo.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    while (!output.includes('Ready on')) {
      if (demo.exitCode !== null) throw new Error(output);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }, 20_000);

  afterAll(async () => {
    if (demo.exitCode === null && demo.signalCode === null) {
      demo.kill('SIGKILL');
      await once(demo, 'exit');
    }
    rmSync(home, { recursive: true, force: true });
  });

  const get = (path: string, options: RequestInit = {}) => fetch(`http://${origin}/${path}`, options);

  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${origin}/ws`);
    await once(socket, 'open');
    return socket;
  }

  const nextMessage = async (socket: WebSocket): Promise<[Buffer, boolean]> =>
    (await once(socket, 'message')) as [Buffer, boolean];

  it('names its steps, draws progress and shows its environment without secrets', async () => {
    const steps = stepsOf(output);
    expect(steps).toEqual(['Looking at the machine', 'Preparing the canvas', 'Starting the page']);
    expect(output).toContain('100 %');
    const variables = (await (await get('env')).json()) as Record<string, unknown>;
    expect(variables).toMatchObject({ INSTANCE_NAME: 'my demo', CUDA_VISIBLE_DEVICES: '', DISPLAY: null });
    expect(variables).toMatchObject({ LAUNCH_ARGS: ['--answer', '4 2'] });
    expect(JSON.stringify(variables)).not.toContain('not for the page');
    expect(await (await get('health')).json()).toMatchObject({ status: 'ok', pid: demo.pid });
  });

  it('serves a page that asks for nothing outside itself', async () => {
    for (const [path, type] of [
      ['', 'text/html'],
      ['page.css', 'text/css'],
      ['page.js', 'text/javascript'],
    ] as const) {
      const response = await get(path);
      expect(response.headers.get('content-type')).toContain(type);
      expect(await response.text()).not.toMatch(/(?:src|href|action)="\/|https?:\/\/|url\(/);
    }
    expect((await get('missing')).status).toBe(404);
    expect((await get('..%2fserver.mjs')).status).toBe(404);
  });

  it('echoes text, bytes, fragments and a megabyte, and answers pings', async () => {
    const socket = await connect();
    const megabyte = randomBytes(2 ** 20);
    for (const message of [
      'hello ü 👋',
      '',
      Buffer.from([0, 255]),
      randomBytes(126),
      randomBytes(65536),
      megabyte,
    ]) {
      socket.send(message);
      const [data, isBinary] = await nextMessage(socket);
      expect(isBinary).toBe(typeof message !== 'string');
      expect(data.equals(Buffer.from(message))).toBe(true);
    }
    socket.send('frag', { fin: false });
    socket.ping('between');
    socket.send('', { fin: false });
    socket.send('ments', { fin: true });
    const [[pong], [data]] = await Promise.all([
      once(socket, 'pong') as Promise<[Buffer]>,
      nextMessage(socket),
    ]);
    expect([pong.toString(), data.toString()]).toEqual(['between', 'fragments']);
    socket.close(4001, 'enough');
    expect((await once(socket, 'close'))[0]).toBe(4001);
  });

  it.each([
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x61]), 1002],
    ['reserved bits', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    ['a continuation of nothing', Buffer.from([0x80, 0x80, 0, 0, 0, 0]), 1002],
    ['a fragmented ping', Buffer.from([0x09, 0x80, 0, 0, 0, 0]), 1002],
    ['text that is not UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
    [
      'a message of exabytes',
      Buffer.from([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
      1009,
    ],
  ])('closes on %s', async (_case, bytes, code) => {
    const socket = await connect();
    // Past the client's own framing, straight onto the wire.
    (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(bytes);
    expect((await once(socket, 'close'))[0]).toBe(code);
    expect((await get('health')).status).toBe(200);
  });

  it('hashes an upload of 5 MB', async () => {
    const body = randomBytes(5_000_000);
    const answer = await get('upload', { method: 'POST', body });
    expect(await answer.json()).toEqual({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
  });

  it('paints a picture into the output folder', async () => {
    const { file, bytes } = (await (await get('paint', { method: 'POST' })).json()) as {
      file: string;
      bytes: number;
    };
    const picture = readFileSync(homeAt('outputs', file));
    expect(picture).toHaveLength(bytes);
    const served = await get(`outputs/${file}`);
    expect(served.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await served.arrayBuffer()).equals(picture)).toBe(true);
    expect(pixelBytes(picture)).toBe(400 * (640 * 3 + 1));
    symlinkSync('/etc/hostname', homeAt('outputs/link.png'));
    expect((await get('outputs/link.png')).status).toBe(404);
    expect(lstatSync(homeAt('outputs', file)).isFile()).toBe(true);
  });

  it('ticks', async () => {
    const abort = new AbortController();
    const response = await get('events', { signal: abort.signal });
    const reader = response.body!.getReader();
    const { value } = (await reader.read()) as { value?: Uint8Array };
    expect(Buffer.from(value ?? []).toString()).toMatch(/^data: {"tick":0,"uptime_seconds":\d+}\n\n$/);
    abort.abort();
    await reader.closed.catch(() => undefined);
  });

  it('ends at once on SIGTERM, connections or not', async () => {
    const socket = await connect();
    const started = performance.now();
    demo.kill('SIGTERM');
    const exited = once(demo, 'exit') as Promise<[number | null]>;
    const [[code]] = await Promise.all([exited, once(socket, 'close')]);
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

/** Length of a PNG's unpacked rows; throws when a chunk's frame or the compression is wrong. */
function pixelBytes(png: Buffer): number {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const parts: Buffer[] = [];
  let offset = 8;
  while (offset < png.length) {
    const length = png.readUInt32BE(offset);
    const body = png.subarray(offset + 4, offset + 8 + length);
    expect(png.readUInt32BE(offset + 8 + length)).toBe(crc32(body));
    if (body.toString('latin1', 0, 4) === 'IDAT') parts.push(body.subarray(4));
    offset += 12 + length;
  }
  return inflateSync(Buffer.concat(parts)).length;
}

/** Bit by bit as in the PNG standard's annex, and so by another way than the encoder's table. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
