import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLogger } from '../../../core/logging.js';
import { NginxFolder } from '../../../host/nginx/nginx-folder.js';
import type { ConnectionEnd } from '../../../host/ports/connections.js';
import { NGINX_FILES } from './domain/names.js';
import { LastingPassages } from './lasting-passages.js';
import { PassageNotes } from './passage-notes.js';

const WORKER = 4711;
const FIRST = { via: 'session', sessionId: 1 };
const SECOND = { via: 'session', sessionId: 2 };

describe('passages that last', () => {
  let path: string;
  let folder: NginxFolder;
  let server: Server;
  let sockets: Socket[];
  let closers: (() => void)[];
  let ended: number[];
  let passages: LastingPassages<{ via: string; sessionId: number }>;

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'aikore-passages-'));
    folder = new NginxFolder(path);
    sockets = [];
    closers = [];
    ended = [];
    server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    passages = new LastingPassages({
      liveSockets: {
        add: (_caller, close) => {
          closers.push(close);
          return { remove: () => void (closers = closers.filter((each) => each !== close)) };
        },
      },
      callers: { nameOf: (caller) => caller, find: (name) => name as { via: string; sessionId: number } },
      notes: new PassageNotes(folder),
      endWorker: (pid) => ended.push(pid),
      logger: createLogger(false, () => undefined),
    });
  });

  afterEach(() => {
    passages.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    folder.close();
    rmSync(path, { recursive: true });
  });

  const open = async (): Promise<ConnectionEnd> => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    await once(socket, 'connect');
    return { localPort: port, peerAddress: '127.0.0.1', peerPort: socket.localPort! };
  };
  const lines = (): number => readFileSync(join(path, NGINX_FILES.passages), 'utf8').split('\n').length - 1;

  it('are one for a connection, however many it has carried one after the other', async () => {
    const end = await open();
    for (let count = 0; count < 20_000; count += 1) {
      passages.add(FIRST, end, WORKER);
      if (count % 2 === 0) passages.forget(end);
    }
    expect([passages.size, closers.length]).toEqual([1, 1]);
    expect(lines()).toBeLessThan(100);
    passages.add(SECOND, end, WORKER);
    expect([passages.size, closers.length]).toEqual([1, 1]);
  });

  it('are over for a connection that carries something else', async () => {
    const end = await open();
    passages.add(FIRST, end, WORKER);
    passages.forget(end);
    expect([passages.size, closers.length]).toEqual([0, 0]);
  });

  it('take the worker along once when a sign-in ends with many of them, unless none is open', async () => {
    for (let count = 0; count < 20; count += 1) passages.add(FIRST, await open(), WORKER);
    passages.add(SECOND, { ...(await open()), localPort: 1 }, WORKER + 1);
    for (const close of closers) close();
    await nextTurn();
    await nextTurn();
    expect(ended).toEqual([WORKER]);
    expect(passages.size).toBe(0);
  });
});
