import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeSocketFile } from './socket-file.js';

const root = mkdtempSync(join(tmpdir(), 'aikore-socket-'));
const deep = join(root, 'x'.repeat(120), 'y'.repeat(120));
const path = join(deep, 'socket');
const server = createServer((socket) => socket.end('hello'));
const openCount = () => readdirSync('/proc/self/fd').length;

beforeAll(async () => {
  mkdirSync(deep, { recursive: true });
  // Its own address must be short as well.
  const short = join(root, 's');
  server.listen(short);
  await once(server, 'listening');
  renameSync(short, path);
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

describe('a socket that is looked for', () => {
  it('is spoken with however long its path is, and though its name is taken away meanwhile', async () => {
    const before = openCount();
    const taken = takeSocketFile(path);
    renameSync(path, `${path}.away`);
    writeFileSync(path, '');
    const client = connect({ path: taken.path });
    const [text] = (await once(client, 'data')) as [Buffer];
    expect(text.toString()).toBe('hello');
    taken.close();
    client.destroy();
    await once(client, 'close');
    rmSync(path);
    renameSync(`${path}.away`, path);
    // The server's end goes a moment later.
    while (openCount() > before) await new Promise(setImmediate);
  });

  it('is none where a link, a file or a folder has its name', () => {
    const before = openCount();
    symlinkSync(path, join(root, 'link'));
    writeFileSync(join(root, 'file'), '');
    for (const name of ['link', 'file', '.'])
      expect(() => takeSocketFile(join(root, name))).toThrow(
        expect.objectContaining({ code: 'ECONNREFUSED' }),
      );
    expect(() => takeSocketFile(join(root, 'none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(openCount()).toBe(before);
  });
});
