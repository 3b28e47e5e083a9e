import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findPortHolder } from '../ports/port-holder.js';
import { portsOfProcessesWith } from '../ports/listeners.js';
import { DirectEyes } from './direct-eyes.js';
import { LookEyes } from './look-eyes.js';
import { findMarkedProcesses, killMarkedProcesses } from './marked-processes.js';
import { startTicksOf } from './process-identity.js';
import { isOfApplications } from './process-owner.js';
import { runProgram } from './run-program.js';
import { separateApplications } from './separation.js';
import { startProgram } from './start-program.js';

const BINARY = resolve('dist/runner/aikore-runner');
const USER = { uid: 9911, gid: 9912, groups: [9913] };
const PATH = process.env['PATH'] ?? '';
const eyes = new LookEyes(BINARY, new DirectEyes());
const children: ChildProcess[] = [];
const isAlive = ({ pid }: ChildProcess) => startTicksOf(pid ?? 0) !== null;

/** As an application; its output is a pipe that nobody reads. */
function start(script: string, env: Record<string, string> = {}): ChildProcess & { pid: number } {
  const order = { program: '/bin/bash', args: ['-c', script], env: { PATH, ...env }, cwd: '/' };
  const child = startProgram({ ...order, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return child as ChildProcess & { pid: number };
}

/** As a stranger to applications: with this process's own user. */
function startOwn(env: Record<string, string>): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60'], { env: { PATH, ...env }, stdio: 'ignore' });
  children.push(child);
  return child as ChildProcess & { pid: number };
}

async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await probe())) if (performance.now() > endMs) throw new Error('not in time');
}

// Only root can start what has another user.
(process.getuid?.() === 0 && existsSync(BINARY) ? describe : describe.skip)(
  'processes of another user',
  () => {
    beforeAll(() => separateApplications({ user: USER, binary: BINARY }));
    afterAll(() => separateApplications(null));
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    it('are found by what they were started with, and shown with what they have open', async () => {
      const mark = randomUUID();
      const odd = 'a=b \n\u202eä';
      const child = start('exec sleep 60 </dev/null', { LOOK_MARK: mark, ODD: odd, EMPTY: '' });
      startOwn({ LOOK_MARK: mark });
      const found = (assignments: string[]) => eyes.startedWith(assignments);
      await until(async () => (await found([`LOOK_MARK=${mark}`])).length > 0);
      expect(await found([`LOOK_MARK=${mark}`, 'EMPTY='])).toEqual([child.pid]);
      expect(await found([`LOOK_MARK=${mark.slice(1)}`])).toEqual([]);
      expect(await found([`OOK_MARK=${mark}`])).toEqual([]);
      const values = ['ODD', 'EMPTY', 'OD', 'ABSENT'].map((name) => eyes.variableOf(child.pid, name));
      expect(await Promise.all(values)).toEqual([odd, '', null, null]);
      await until(async () => (await eyes.descriptorsOf([child.pid])).length === 3);
      const shown = await eyes.descriptorsOf([child.pid, 1]);
      expect(shown.map(({ pid, number }) => [pid, number])).toEqual([
        [child.pid, 0],
        [child.pid, 1],
        [child.pid, 2],
      ]);
      expect(shown.map(({ target }) => target)).toEqual([
        '/dev/null',
        expect.stringMatching(/^socket:/),
        '/dev/null',
      ]);
      expect(await eyes.descriptorsOf([])).toEqual([]);
    });

    it('that are marked are ended with their relatives, and nobody else with the same mark', async () => {
      const mark = randomUUID();
      const wiped = 'exec env -i PATH="$PATH" sleep 60';
      start(`exec > >(cat); (${wiped}) & (setsid bash -c '${wiped}' &); trap "" TERM; sleep 60; true`, {
        LOOK_MARK: mark,
      });
      const own = startOwn({ LOOK_MARK: mark });
      await until(async () => (await findMarkedProcesses('LOOK_MARK', mark)).length >= 2);
      const sleepers = async () => {
        const outputs = await eyes.outputs();
        const pids = new Set(
          outputs.filter(({ target }) => target.startsWith('pipe:')).map(({ pid }) => pid),
        );
        return [...pids].filter(isOfApplications);
      };
      await until(async () => (await sleepers()).length >= 4);
      expect(await killMarkedProcesses('LOOK_MARK', mark)).toBe(0);
      expect(await sleepers()).toEqual([]);
      expect(isAlive(own)).toBe(true);
      expect(isOfApplications(own.pid)).toBe(false);
    });

    it('are named when they hold a port, and by the ports that they listen on', async () => {
      const mark = randomUUID();
      const listen =
        'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))';
      const child = start(`exec ${process.execPath} -e '${listen}'`, { LOOK_MARK: mark });
      const [text] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      const port = Number(text.toString());
      expect(await findPortHolder(port)).toEqual({ pid: child.pid, command: 'node' });
      expect(await portsOfProcessesWith([`LOOK_MARK=${mark}`])).toEqual([port]);
    });

    it('are unknown, and not absent, where nobody comes to the end of looking', async () => {
      const blind = new LookEyes('/bin/true', new DirectEyes());
      await expect(blind.startedWith(['A=b'])).rejects.toThrow('cannot be looked at');
      await expect(blind.holderOf('socket:[1]')).rejects.toThrow('cannot be looked at');
    });
  },
);

(process.getuid?.() === 0 && existsSync(BINARY) ? describe : describe.skip)(
  'a program run as another user',
  () => {
    beforeAll(() => separateApplications({ user: USER, binary: BINARY }));
    afterAll(() => separateApplications(null));
    const run = (program: string, args: string[] = [], more: object = {}) =>
      runProgram({ program, args, env: { PATH }, timeoutMs: 10_000, maxOutputBytes: 1_000_000, ...more });

    it('gets its arguments, its environment, its input and its folder, and how it ended is told', async () => {
      expect((await run('id', ['-u'])).stdout).toBe('9911\n');
      expect((await run('id', ['-G'])).stdout).toBe('9912 9913\n');
      expect((await run('id', ['-u'], { as: 'own' })).stdout).toBe('0\n');
      const input = Buffer.alloc(300_000, 'x');
      expect((await run('cat', [], { input })).stdout).toHaveLength(300_000);
      expect((await run('/bin/sh', ['-c', 'pwd; exit 3'], { cwd: '/usr' })).stdout).toBe('/usr\n');
      expect(await run('/bin/sh', ['-c', 'exit 3'])).toMatchObject({ ending: 'ended', exitCode: 3 });
      const env = { PATH, BIG: 'x'.repeat(100_000), ODD: "a\n'\u202e" };
      const { stdout } = await run('/usr/bin/env', ['-0'], { env });
      expect(stdout.split('\0').slice(0, -1)).toEqual(
        Object.entries(env).map(([name, value]) => `${name}=${value}`),
      );
    });

    it('is absent where there is none, or that user may not run it', async () => {
      expect(await run('no-such-program')).toMatchObject({ ending: 'absent', exitCode: null });
      expect(await run('/etc/shadow')).toMatchObject({ ending: 'absent' });
      expect(await run('id', [], { cwd: '/no/such/folder' })).toMatchObject({ ending: 'absent' });
    });

    it('is ended with all that it has left', async () => {
      const began = await run('/bin/sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!']);
      await until(() => startTicksOf(Number(began.stdout)) === null);
      const slow = await run('/bin/sh', ['-c', 'echo $$; exec sleep 60'], { timeoutMs: 300 });
      expect(slow.ending).toBe('timed_out');
      await until(() => startTicksOf(Number(slow.stdout)) === null);
      expect(readFileSync('/proc/self/status', 'latin1')).toContain('Uid:\t0');
    });
  },
);
