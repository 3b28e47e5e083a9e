import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { probeHttp, probeTcp } from './probe.js';

let asked: string[] = [];
const http = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  response.writeHead(Number(request.url?.slice(1)) || 200).end('x'.repeat(100_000));
});
/** Accepts, and never says a word. */
const mute = createTcpServer(() => undefined);
/** Accepts, and hangs up at once. */
const rude = createTcpServer((socket) => socket.destroy());
/** Says something that is no HTTP. */
const other = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
/** Goes on for ever with its headers, a byte at a time. */
const dripping = createTcpServer((socket) => {
  socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
  const timer = setInterval(() => socket.write('a'), 100);
  socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
});
/** Changes the protocol though nobody asked for it, and says no more. */
const switching = createTcpServer((socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
});
/** Headers of a size that the request's path names. */
const verbose = createTcpServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (head: Buffer) => {
    const size = Number(/^GET \/(\d+)/.exec(head.toString('latin1'))?.[1]);
    socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(size)}\r\nContent-Length: 0\r\n\r\n`);
  });
});
const servers: Server[] = [http, mute, rude, other, dripping, switching, verbose];
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe('asking an application over HTTP', () => {
  it.each([200, 204, 302, 401, 403, 404, 429, 499])('%d means ready', async (status) => {
    expect(await probeHttp(portOf(http), `/${status}`)).toBe('ready');
  });

  it.each([500, 502, 503])('%d means unhealthy', async (status) => {
    expect(await probeHttp(portOf(http), `/${status}`)).toBe('unhealthy');
  });

  it('asks for exactly the path that it was given', async () => {
    asked = [];
    await probeHttp(portOf(http), '/instance/x/health?a=b');
    expect(asked).toEqual(['GET /instance/x/health?a=b']);
  });

  it('tells an application that is not there from one that is not well', async () => {
    expect(await probeHttp(await closedPort(), '/')).toBe('absent');
    expect(await probeHttp(portOf(rude), '/')).toBe('unhealthy');
    expect(await probeHttp(portOf(other), '/')).toBe('unhealthy');
  });

  it('gives up after three seconds, also on one that goes on answering', async () => {
    const beganMs = performance.now();
    expect(await probeHttp(portOf(dripping), '/')).toBe('unhealthy');
    expect(performance.now() - beganMs).toBeGreaterThan(2900);
  });

  it('does not wait for the end of a protocol that it did not ask for', async () => {
    expect(await probeHttp(portOf(switching), '/')).toBe('unhealthy');
  });

  it('takes long headers for an answer, but not headers of any length', async () => {
    expect(await probeHttp(portOf(verbose), '/100000')).toBe('ready');
    expect(await probeHttp(portOf(verbose), '/1000000')).toBe('unhealthy');
  });

  it('gives up on one that says nothing', async () => {
    const beganMs = performance.now();
    expect(await probeHttp(portOf(mute), '/')).toBe('unhealthy');
    expect(performance.now() - beganMs).toBeLessThan(4500);
  });
});

describe('asking an application over TCP', () => {
  it('is content with a connection', async () => {
    expect(await probeTcp(portOf(mute))).toBe('ready');
    expect(await probeTcp(portOf(http))).toBe('ready');
    expect(await probeTcp(await closedPort())).toBe('absent');
  });
});
