import { afterAll, afterEach, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { join, resolve } from 'node:path';
import { encodeSpawnRequest } from '../../src/host/runner/spawn-request.js';
import type { SpawnWish } from '../../src/host/runner/spawn-request.js';
import { isAlive } from '../support/processes.js';
import {
  AIKORE_UID,
  APPS,
  RIGHTS_OF_APPS,
  RIGHTS_OF_OWN,
  asAikore,
  asUser,
  describeTwoUsers,
  parseRights,
  sharedFolder,
} from '../support/two-users.js';
import { waitFor } from '../support/wait.js';

const BINARY = resolve('dist/runner/aikore-runner');
const PATH = '/usr/bin:/bin';
const folder = sharedFolder();
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As AiKore encodes it, which is not root. */
function encode(wish: SpawnWish): Buffer {
  const request = encodeSpawnRequest(1, wish, APPS);
  if (wish.as === 'own') request.writeUInt32LE(1, 12);
  return request;
}

function launch([program = '', ...args]: string[], stdio: 'pipe'[]): ChildProcess {
  const child = spawn(program, args, { cwd: '/', env: {}, stdio: [...stdio], detached: true });
  children.push(child);
  return child;
}

/** A spawner as AiKore has one. @param words before its command */
function spawner(words = asAikore()) {
  const child = launch([...words, BINARY, '--spawner'], ['pipe', 'pipe', 'pipe']);
  const start = async (wish: SpawnWish): Promise<string> => {
    child.stdin?.write(encode(wish));
    const [text] = (await once(child.stdout as Duplex, 'data')) as [Buffer];
    return text.toString().trim().replace(/^1 /, '');
  };
  return { child, start };
}

/** What becomes of a program that this process itself starts. @returns its output and what the change of user said */
async function become(wish: SpawnWish, words: string[] = asAikore()): Promise<[string, string]> {
  const child = launch([...words, BINARY, '--become'], ['pipe', 'pipe', 'pipe', 'pipe']);
  const connection = child.stdio[3] as Duplex;
  let [output, said] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  connection.on('data', (text: Buffer) => (said += text.toString()));
  connection.end(encode(wish));
  await once(child, 'close');
  return [output.trim(), said.trim()];
}

const SHOW_RIGHTS = `grep -E '^(Uid|Gid|Groups|Cap|NoNew)' /proc/self/status | tr '\\n' '|'; echo`;
const shows = (as?: 'own'): SpawnWish => ({
  argv: ['/bin/sh', '-c', SHOW_RIGHTS],
  env: { PATH },
  ...(as === undefined ? {} : { as }),
});
const rightsIn = (line: string) => parseRights(line.replaceAll('|', '\n'));

describeTwoUsers('a program of an application', () => {
  it('has the user and the groups of applications, and no right besides', async () => {
    expect(rightsIn(await spawner().start(shows()))).toEqual(RIGHTS_OF_APPS);
    expect(rightsIn((await become(shows()))[0])).toEqual(RIGHTS_OF_APPS);
  });

  it('has an empty bounding set where whoever starts it can empty it', async () => {
    const able = asAikore(['setuid', 'setgid', 'setpcap', 'kill']);
    const rights = { ...RIGHTS_OF_APPS, bounding: 0n };
    expect(rightsIn(await spawner(able).start(shows()))).toEqual(rights);
    expect(rightsIn(await spawner([]).start(shows()))).toEqual(rights);
    expect(rightsIn((await become(shows(), []))[0])).toEqual(rights);
  });

  it('is never started with other rights than those: a change that fails is told, and nothing runs', async () => {
    const file = join(folder, 'must-not-be');
    const wish: SpawnWish = { argv: ['/bin/sh', '-c', `echo >${file}`], env: { PATH } };
    const why = `failed cannot become user ${APPS.uid}: Operation not permitted`;
    expect(await spawner(asAikore(['kill'])).start(wish)).toBe(why);
    expect(await become(wish, asAikore(['kill']))).toEqual(['', why]);
    expect(await spawner(asAikore(['setuid'])).start(wish)).toBe(why);
    expect(await spawner(asAikore(['setgid'])).start(wish)).toBe(why);
    expect(existsSync(file)).toBe(false);
  });

  it('has nothing open but its three descriptors', async () => {
    // What the listing itself has open, to read the folder, is the fourth.
    const count = 'set -- /proc/self/fd/*; echo $#';
    expect(await spawner().start({ argv: ['/bin/sh', '-c', count], env: { PATH } })).toBe('4');
    expect((await become({ argv: ['ls', '/proc/self/fd'], env: { PATH } }))[0]).toBe('0\n1\n2\n3');
  });

  it('loads what its environment names as itself only', async () => {
    const library = join(folder, 'libpreload.so');
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, resolve('test/fixtures/preload.c')]);
    for (const [name, start] of [
      ['spawner', (wish: SpawnWish) => spawner().start(wish)],
      ['become', (wish: SpawnWish) => become(wish)],
    ] as const) {
      const loaded = join(folder, `loaded-by-${name}`);
      const env = { PATH, LD_PRELOAD: library, LD_LIBRARY_PATH: folder, LOADED_FILE: loaded };
      await start({ argv: ['/bin/echo', 'here'], env });
      expect(readFileSync(loaded, 'utf8')).toBe(`${APPS.uid} echo\n`);
    }
  });

  it('dies with the spawner that started it as long as it has not said otherwise', async () => {
    const own = spawner();
    const file = join(folder, 'pid');
    void own.start({ argv: ['/bin/sh', '-c', `echo $$ >${file}; exec sleep 60`], env: { PATH } });
    const pid = await waitFor('it has begun', () => existsSync(file) && Number(readFileSync(file, 'utf8')));
    expect(isAlive(pid)).toBe(true);
    own.child.kill('SIGKILL');
    await waitFor('it has gone, too', () => !isAlive(pid));
  });

  it('can neither read nor signal who started it, nor what AiKore started for itself', async () => {
    const own = spawner();
    const line = await own.start({
      argv: ['/bin/sh', '-c', 'echo $$; exec sleep 60'],
      env: { PATH },
      as: 'own',
    });
    for (const pid of [own.child.pid ?? 0, Number(line)]) {
      for (const file of ['environ', 'mem', 'maps', 'fd', 'cwd', 'exe', 'root', 'auxv', 'stack', 'io'])
        expect(await own.start(attempt(`ls /proc/${pid}/${file}/ || cat /proc/${pid}/${file}`))).toBe(
          'refused',
        );
      for (const signal of ['0', 'TERM', 'STOP', 'CONT', 'KILL'])
        expect(await own.start(attempt(`kill -${signal} ${pid}`))).toBe('refused');
      expect(isAlive(pid)).toBe(true);
    }
  });
});

/** @returns a program of an application that tries something */
function attempt(command: string): SpawnWish {
  return {
    argv: ['/bin/sh', '-c', `if (${command}) >/dev/null 2>&1; then echo done; else echo refused; fi`],
    env: { PATH },
  };
}

describeTwoUsers('what AiKore starts for itself', () => {
  it("has AiKore's user and none of its capabilities", async () => {
    expect(rightsIn(await spawner().start(shows('own')))).toEqual(RIGHTS_OF_OWN);
    expect(rightsIn((await become(shows('own')))[0])).toEqual(RIGHTS_OF_OWN);
  });
});

describeTwoUsers('the change of user', () => {
  it('takes nothing that is no request', async () => {
    const whole = encodeSpawnRequest(1, { argv: ['/bin/echo'], env: {} }, APPS);
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 20), Buffer.alloc(200)]) {
      const child = launch([...asAikore(), BINARY, '--become'], ['pipe', 'pipe', 'pipe', 'pipe']);
      const connection = child.stdio[3] as Duplex;
      // It may leave before it has read everything.
      connection.on('error', () => undefined);
      connection.end(bytes);
      const [text] = (await once(connection, 'data')) as [Buffer];
      expect(text.toString()).toBe('failed that is no request\n');
      expect((await once(child, 'exit'))[0]).toBe(127);
    }
  });
});

describeTwoUsers('the socket of a runner', () => {
  it('is for its user, for root, and for whom it was told to trust', async () => {
    const own = spawner();
    const file = (name: string) => join(folder, `runner-${name}`);
    const marker = '11111111-2222-4333-8444-555555555555';
    const options = [
      [
        '--record',
        file('record'),
        '--socket',
        file('socket'),
        '--log',
        file('log'),
        '--times',
        file('times'),
      ],
      ['--run', '1', '--marker', marker, '--cwd', '/', '--trusted-uid', String(AIKORE_UID)],
    ].flat();
    const argv = [BINARY, ...options, '--', 'sleep', '60'];
    const line = await own.start({ argv, env: { PATH, AIKORE_INSTANCE_MARKER: marker } });
    expect(line).toMatch(/^started pid=\d+ /);
    const callAs = (words: string[], command: 'kill' | '' = ''): string => {
      const script = `
        const socket = require('node:net').connect('${file('socket')}');
        socket.once('data', (text) => { process.stdout.write(text.toString().split(' ')[0]); socket.end('${command}\\n').resume(); });
        socket.on('error', (error) => process.stdout.write(error.code));`;
      const [program, ...args] = [...words, process.execPath, '-e', script];
      return spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 }).stdout;
    };
    expect(callAs(asUser(APPS.uid, APPS.gid))).toBe('hello');
    // AiKore reaches the socket because it may pass over modes, and is heard because it is trusted.
    expect(callAs(asAikore())).toBe('hello');
    expect(callAs([])).toBe('hello');
    expect(callAs(asUser(AIKORE_UID))).toBe('EACCES');
    const stranger = asAikore().map((word) => (word === String(AIKORE_UID) ? '9950' : word));
    expect(callAs(stranger)).toBe('');
    expect(callAs(asAikore(), 'kill')).toBe('hello');
    await waitFor('the run has ended', () => readFileSync(file('record'), 'utf8').includes('state=ended'));
  });
});
