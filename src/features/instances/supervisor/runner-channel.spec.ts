import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../../core/logging.js';
import { RunnerChannel } from './runner-channel.js';

const folder = mkdtempSync(join(tmpdir(), 'aikore-channel-'));
const socket = join(folder, 'runner.sock');
const peers: Socket[] = [];
let server: Server | null = null;

afterEach(async () => {
  for (const peer of peers) peer.destroy();
  await new Promise((resolve) => server?.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe('a command that crosses the news of the end', () => {
  it('is not carried out by force, which would hit the next run', async () => {
    server = createServer((peer) => peers.push(peer)).listen(socket);
    let forced = 0;
    let markEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (markEnded = resolve));
    const channel = await RunnerChannel.open({
      instanceId: 1,
      run: 1,
      socket,
      listener: { onOutput: () => undefined, onEnded: markEnded },
      onDropped: () => undefined,
      livingRunner: () => Promise.resolve(null),
      settle: () => Promise.reject(new Error('it has said how it ended')),
      endByForce: () => Promise.resolve(void (forced += 1)),
      logger: createLogger(false, () => undefined),
    });
    while (peers.length === 0) await sleep(5);
    peers[0]?.end('ended exit_code=0\n');
    await ended;
    jest.useFakeTimers();
    try {
      channel.killTree();
      jest.advanceTimersByTime(60_000);
    } finally {
      jest.useRealTimers();
    }
    expect(forced).toBe(0);
  });
});
