import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { exposedAddresses } from './exposed-addresses.js';

describe('the addresses on which a port can be reached from outside', () => {
  it.each([
    ['127.0.0.1', []],
    ['127.8.9.10', []],
    ['::1', []],
    ['::ffff:127.0.0.1', []],
    ['0.0.0.0', ['0.0.0.0']],
    ['::', ['::']],
  ])('of %s are %j', async (host, expected) => {
    const server = createServer().listen(0, host);
    const isListening = await Promise.race([
      once(server, 'listening').then(() => true),
      // A machine without IPv6 has nothing to show here.
      once(server, 'error').then(() => false),
    ]);
    if (!isListening) return;
    const { port } = server.address() as AddressInfo;
    expect(exposedAddresses().get(port) ?? []).toEqual(expected);
    server.close();
    await once(server, 'close');
    expect(exposedAddresses().has(port)).toBe(false);
  });
});
