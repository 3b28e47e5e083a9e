import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanDisplay, probeDisplay } from './display-probe.js';

const DISPLAY = 77;

describe('a display', () => {
  let root: string;
  let servers: Server[];
  const socketFile = (): string => join(root, '.X11-unix', `X${DISPLAY}`);
  const lockFile = (): string => join(root, `.X${DISPLAY}-lock`);
  const lockFor = (pid: number): void => writeFileSync(lockFile(), `${String(pid).padStart(10)}\n`);
  const listenAt = async (path: string): Promise<void> => {
    const server = createServer().listen({ path });
    servers.push(server);
    await once(server, 'listening');
  };
  /** A socket whose listener was killed, as a crash leaves it. */
  const leaveSocket = async (): Promise<void> => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(socketFile())}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const deadPid = (): number => spawnSync('true').pid;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-display-'));
    mkdirSync(join(root, '.X11-unix'));
    servers = [];
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('that nobody ever had is free, also where no X server ever ran', async () => {
    expect(await probeDisplay(DISPLAY, root)).toBe('free');
    expect(await probeDisplay(DISPLAY, join(root, 'nowhere'))).toBe('free');
  });

  it('is taken by a server that listens at its socket, with or without a lock', async () => {
    await listenAt(socketFile());
    expect(await probeDisplay(DISPLAY, root)).toBe('taken');
    lockFor(deadPid());
    expect(await probeDisplay(DISPLAY, root)).toBe('taken');
  });

  it('is taken by a server that listens at the socket without a file', async () => {
    await listenAt(`\0${socketFile()}`);
    expect(await probeDisplay(DISPLAY, root)).toBe('taken');
  });

  it('is taken by a lock of the living', async () => {
    lockFor(process.ppid);
    expect(await probeDisplay(DISPLAY, root)).toBe('taken');
    expect(await cleanDisplay(DISPLAY, root)).toBe(false);
    expect(existsSync(lockFile())).toBe(true);
  });

  it('with the lock of a former process that had our pid, as in a container, is stale', async () => {
    lockFor(process.pid);
    expect(await probeDisplay(DISPLAY, root)).toBe('stale');
    expect(await cleanDisplay(DISPLAY, root)).toBe(true);
    expect(existsSync(lockFile())).toBe(false);
  });

  it('that a dead server left behind is stale, and free once it is cleared', async () => {
    await leaveSocket();
    lockFor(deadPid());
    expect(await probeDisplay(DISPLAY, root)).toBe('stale');
    expect(await cleanDisplay(DISPLAY, root)).toBe(true);
    expect([existsSync(socketFile()), existsSync(lockFile())]).toEqual([false, false]);
    expect(await probeDisplay(DISPLAY, root)).toBe('free');
  });

  it('with a lock that nobody can read is stale', async () => {
    writeFileSync(lockFile(), 'nonsense');
    expect(await probeDisplay(DISPLAY, root)).toBe('stale');
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('that another user left behind is let alone', async () => {
    await leaveSocket();
    chownSync(socketFile(), 12_345, 12_345);
    expect(await probeDisplay(DISPLAY, root)).toBe('taken');
    expect(await cleanDisplay(DISPLAY, root)).toBe(false);
    expect(existsSync(socketFile())).toBe(true);
  });
});
