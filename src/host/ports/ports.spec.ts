import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { isPortFree } from './free-port.js';
import { describeHolder, findPortHolder, listeningPorts } from './port-holder.js';

async function listenOn(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('a port', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::1', '::', '127.0.0.5'])(
    'that somebody listens on at %s is not free',
    async (host) => {
      const { server, port } = await listenOn(host);
      expect(listeningPorts().has(port)).toBe(true);
      expect(await isPortFree(port)).toBe(false);
      server.close();
      await once(server, 'close');
      expect(await isPortFree(port)).toBe(true);
      expect(await findPortHolder(port)).toBeNull();
    },
  );

  it('is not taken by a connection that goes out from it', async () => {
    const { server, port } = await listenOn('127.0.0.1');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    expect(listeningPorts().has(socket.localPort ?? 0)).toBe(false);
    socket.destroy();
    server.close();
  });

  it('is held by a process that can be named', async () => {
    const script =
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [text] = (await once(holder.stdout, 'data')) as [Buffer];
    const found = await findPortHolder(Number(text.toString()));
    expect(found?.pid).toBe(holder.pid);
    expect(describeHolder(found ?? { pid: null, command: null })).toMatch(
      new RegExp(`^\\S.* \\(pid ${String(holder.pid)}\\)$`),
    );
    holder.kill();
    await once(holder, 'exit');
  });
});

describe('a holder in a sentence', () => {
  it('is named as far as it is known', () => {
    expect(describeHolder({ pid: 7, command: 'python3' })).toBe('python3 (pid 7)');
    expect(describeHolder({ pid: 7, command: null })).toBe('a process (pid 7)');
    expect(describeHolder({ pid: null, command: null })).toBe('a process of another user');
  });
});
