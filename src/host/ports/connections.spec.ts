import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { openConnections } from './connections.js';

describe('openConnections', () => {
  it.each(['127.0.0.1', '::1', '::'])('tells which connections to %s are open', async (host) => {
    const server = createServer();
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect({ port, host: host === '::' ? '127.0.0.1' : host });
    const [side] = await accepted;
    const end = { localPort: port, peerAddress: side.remoteAddress ?? '', peerPort: side.remotePort ?? 0 };
    const others = [
      { ...end, peerPort: end.peerPort ^ 1 },
      { ...end, peerAddress: '10.1.2.3' },
      { ...end, localPort: port ^ 1 },
      { ...end, peerAddress: '' },
    ];
    expect([...openConnections([end, ...others])]).toEqual([end]);
    side.destroy();
    await once(client.resume(), 'close');
    expect(openConnections([end]).size).toBe(0);
    server.close();
  });
});
