import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processEyes } from './current-eyes.js';
import { findMarkedProcesses, killMarkedProcesses } from './marked-processes.js';
import { currentBootId, isAlive, startTicksOf } from './process-identity.js';
import { signalName } from './signal-name.js';

const children: ChildProcess[] = [];

function start(command: string[], env: Record<string, string> = {}): ChildProcess & { pid: number } {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' });
  children.push(child);
  return child as ChildProcess & { pid: number };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const identityOf = (pid: number) => ({ bootId: currentBootId(), pid, startTicks: startTicksOf(pid) ?? '' });

describe('the identity of a process', () => {
  it('holds while it lives, and no longer', async () => {
    const child = start(['sleep', '60']);
    const identity = identityOf(child.pid);
    expect(identity.startTicks).toMatch(/^\d+$/);
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startTicks: String(Number(identity.startTicks) - 1) })).toBe(false);
    expect(isAlive({ ...identity, bootId: randomUUID() })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('is read past a name that looks like more fields', async () => {
    const program = ['-c', 'printf ") R 1 2 (" > /proc/self/comm; exec -a x bash -c "read -t 30 <> <(:)"'];
    const child = start(['bash', ...program]);
    await sleep(100);
    expect(startTicksOf(child.pid)).toMatch(/^\d+$/);
    expect(isAlive(identityOf(child.pid))).toBe(true);
  });

  it('is not that of a zombie', async () => {
    // The parent never asks how its child ended, so the child stays a zombie until the parent ends.
    const parent = spawn('bash', ['-c', 'true & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    await sleep(150);
    expect(startTicksOf(Number(text.toString()))).toBeNull();
  });

  it('of no process is none', () => {
    expect(startTicksOf(4_194_304)).toBeNull();
    expect(isAlive({ bootId: currentBootId(), pid: 4_194_304, startTicks: '' })).toBe(false);
  });
});

/** Processes without an environment that write where a process does. */
function unmarkedSleepers(pid: number): number[] {
  const output = readlinkSync(`/proc/${pid}/fd/1`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(pid))
    .filter((name) => {
      try {
        return (
          readlinkSync(`/proc/${name}/fd/1`) === output &&
          !readFileSync(`/proc/${name}/environ`).includes('_MARK')
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('processes that carry a mark', () => {
  it('are found by the whole value, and ended however they resist', async () => {
    const mark = randomUUID();
    const marked = start(['bash', '-c', 'trap "" TERM; (setsid sleep 60 &); sleep 60'], {
      AIKORE_TEST_MARK: mark,
    });
    const others = [
      start(['sleep', '60'], { AIKORE_TEST_MARK: `${mark}-longer` }),
      start(['sleep', '60'], { NOT_AIKORE_TEST_MARK_X: mark }),
      start(['sleep', '60']),
    ];
    await sleep(200);
    const found = await findMarkedProcesses('AIKORE_TEST_MARK', mark);
    expect(found).toContain(marked.pid);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(await killMarkedProcesses('AIKORE_TEST_MARK', mark)).toBe(0);
    expect(await findMarkedProcesses('AIKORE_TEST_MARK', mark)).toEqual([]);
    for (const other of others) expect(isAlive(identityOf(other.pid))).toBe(true);
  });

  it('take along what shows no mark: children, and what still writes into their output', async () => {
    const mark = randomUUID();
    const env = { PATH: process.env['PATH'], AIKORE_TEST_MARK: mark };
    const wiped = 'exec env -i PATH="$PATH" sleep 60';
    // A child without the mark, one whose parent is gone, and one of the latter kind in a session of its own.
    const script = `(${wiped}) & (setsid bash -c '${wiped}' &) ; ((${wiped}) &) ; exec sleep 60`;
    const family = spawn('bash', ['-c', `exec > >(cat); ${script}`], {
      env,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    children.push(family);
    const stranger = spawn('bash', ['-c', 'sleep 60 | sleep 60'], { stdio: 'ignore', detached: true });
    await sleep(400);
    const wipedPids = unmarkedSleepers(family.pid ?? 0);
    expect(wipedPids).toHaveLength(3);
    expect(await killMarkedProcesses('AIKORE_TEST_MARK', mark)).toBe(0);
    expect(wipedPids.filter((pid) => startTicksOf(pid) !== null)).toEqual([]);
    expect(startTicksOf(stranger.pid ?? 0)).not.toBeNull();
    process.kill(-(stranger.pid ?? 0), 'SIGKILL');
  });

  it('are none where nobody has it', async () => {
    expect(await killMarkedProcesses('AIKORE_TEST_MARK', randomUUID())).toBe(0);
  });
});

describe('a variable that a process was started with', () => {
  it('is read by its whole name', async () => {
    const child = start(['sleep', '60'], {
      WEBUI_PORT: '21000',
      MY_WEBUI_PORT: '1',
      EMPTY: '',
      MANY: 'a=b=c',
    });
    const read = (name: string) => processEyes().variableOf(child.pid, name);
    expect(await Promise.all(['WEBUI_PORT', 'EMPTY', 'MANY', 'WEBUI', 'ABSENT'].map(read))).toEqual([
      '21000',
      '',
      'a=b=c',
      null,
      null,
    ]);
    expect(await processEyes().variableOf(4_194_304, 'PATH')).toBeNull();
  });
});

describe('a signal', () => {
  it('has the name that the system gives it', () => {
    expect([9, 15, 11, 1].map(signalName)).toEqual(['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGHUP']);
    expect(signalName(40)).toBe('SIG40');
    expect([signalName(0), signalName(null)]).toEqual([null, null]);
  });
});
