import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { processesMentioning } from '../support/processes.js';
import { TerminalClient, terminalUrl } from '../support/terminal-client.js';
import type { TerminalWish } from '../support/terminal-client.js';
import { waitFor } from '../support/wait.js';

const lab = useLab();
const PASSWORD = 'correct horse battery staple';
let aikore: AiKoreProcess;
let id: number;
let otherId: number;
let cookie: string;

beforeAll(async () => {
  aikore = await lab.start({ HOME: lab.root, AIKORE_PASSWORD: PASSWORD });
  id = (await aikore.api.create({ name: 'place', base_blueprint: 'idles.sh' })).id;
  otherId = (await aikore.api.create({ name: 'other', base_blueprint: 'idles.sh' })).id;
  cookie = (await aikore.signIn(PASSWORD)).cookie;
});

const hosts = () =>
  processesMentioning(aikore.path('run', 'terminals')).filter(({ commandLine }) =>
    commandLine.includes('aikore-terminal'),
  );

/** HTTP status of a handshake; 101 when it succeeds, and the terminal is there. */
function handshake(wish: TerminalWish, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(terminalUrl(aikore, wish), { headers });
    // Not before the first message: of a terminal that is just being opened nothing can be seen yet.
    socket.once('message', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (_, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', (error) => setTimeout(() => reject(error), 100));
  });
}

/** Also those whose viewer was gone before they were there. */
const closeAll = async (): Promise<void> => {
  for (const place of [`api/instances/${id}`, `api/instances/${otherId}`, 'api/system']) {
    const list = await aikore.api.expect<{ id: string }[]>(200, 'GET', `${place}/terminals`);
    for (const session of list) await aikore.api.expect(204, 'DELETE', `${place}/terminals/${session.id}`);
  }
  await waitFor('no terminal is left', () => hosts().length === 0);
};

describe('a handshake', () => {
  const origin = () => new URL(aikore.dashboardUrl).origin;
  const foreign = () => [
    'http://evil.example',
    'null',
    'http://127.0.0.1:1',
    origin().replace('http', 'https'),
    `${origin()}.evil.example`,
    `${origin()}.`,
  ];

  it.each([
    ['of an instance', () => ({ id })],
    ['of the machine', () => ({})],
  ])('for a terminal %s is refused to who may not, before any shell starts', async (_, wish) => {
    await closeAll();
    const token = async (...scopes: string[]) => {
      const name = scopes.join(' ') + randomBytes(4).toString('hex');
      const made = await aikore.api.expect<{ token: string }>(201, 'POST', 'api/auth/tokens', {
        name,
        scopes,
      });
      return { authorization: `Bearer ${made.token}` };
    };
    expect(await handshake(wish(), {})).toBe(401);
    expect(await handshake(wish(), { origin: origin() })).toBe(401);
    expect(await handshake(wish(), { cookie: 'aikore_session=x', origin: origin() })).toBe(401);
    expect(await handshake(wish(), { authorization: 'Bearer x' })).toBe(401);
    expect(await handshake(wish(), { cookie })).toBe(403);
    for (const other of foreign()) expect(await handshake(wish(), { cookie, origin: other })).toBe(403);
    expect(await handshake(wish(), await token('read'))).toBe(403);
    expect(await handshake(wish(), await token('read', 'operate', 'edit'))).toBe(403);
    expect(hosts()).toEqual([]);
    expect(await handshake(wish(), { cookie, origin: origin() })).toBe(101);
    await closeAll();
  });

  it('with the scope of terminals is for instances only', async () => {
    const body = { name: 'terminals', scopes: ['terminal'] };
    const { token } = await aikore.api.expect<{ token: string }>(201, 'POST', 'api/auth/tokens', body);
    const headers = { authorization: `Bearer ${token}` };
    expect(await handshake({ id }, headers)).toBe(101);
    expect(await handshake({}, headers)).toBe(403);
    await closeAll();
  });

  it('opens nothing for an instance that does not exist', async () => {
    const viewer = await TerminalClient.open(aikore, { id: 99_999 });
    await waitFor('it is closed', () => viewer.closeCode !== null);
    expect(viewer.closeCode).toBe(4404);
    expect(viewer.last('error')).toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
    expect(hosts()).toEqual([]);
  });
});

describe('a session', () => {
  it('belongs to its instance: others cannot be named, nor any file', async () => {
    const mine = await TerminalClient.openShell(aikore, { id });
    const machine = await TerminalClient.openShell(aikore);
    const names = [
      mine.id,
      machine.id,
      '../instances',
      `../terminals/${mine.id}`,
      'x'.repeat(5000),
      '%00',
      '0',
    ];
    for (const session of names) {
      const viewer = await TerminalClient.open(aikore, { id: otherId, session });
      expect(await viewer.ended()).toMatchObject({
        code: null,
        message: 'This terminal has ended. Open a new one.',
      });
      expect(viewer.bytes).toBe(0);
    }
    expect(await aikore.api.refused('DELETE', `api/instances/${otherId}/terminals/${mine.id}`)).toMatchObject(
      {
        status: 404,
      },
    );
    expect(hosts()).toHaveLength(2);
    expect(await mine.run('echo alive')).toBe('alive\n');
    await closeAll();
  });

  it('is closed with the sign-in that opened it', async () => {
    const browser = await aikore.signIn(PASSWORD);
    const headers = { cookie: browser.cookie, origin: new URL(aikore.dashboardUrl).origin };
    const viewer = await TerminalClient.openShell(aikore, { id, headers });
    await browser.send('POST', 'api/auth/logout');
    await waitFor('it is closed', () => viewer.closeCode !== null);
    expect(viewer.closeCode).toBe(4401);
    // The shell goes on, for who may see it.
    const again = await TerminalClient.open(aikore, { id, session: viewer.id });
    expect(await again.run('echo alive')).toBe('alive\n');
    await closeAll();
  });

  it('is one of eight at most', async () => {
    const open = await Promise.all(Array.from({ length: 12 }, () => TerminalClient.open(aikore, { id })));
    await waitFor(
      'the rest is closed',
      () => open.filter(({ closeCode }) => closeCode !== null).length === 4,
    );
    const refused = open.filter(({ closeCode }) => closeCode !== null);
    for (const viewer of refused) {
      expect(viewer.closeCode).toBe(4429);
      expect(viewer.last('error')).toMatchObject({
        code: 'TOO_MANY_TERMINALS',
        message: '8 terminals are open here already. Close one first.',
      });
    }
    expect(hosts()).toHaveLength(8);
    // Elsewhere there is room.
    await TerminalClient.openShell(aikore, { id: otherId });
    await closeAll();
    expect(hosts()).toEqual([]);
  });
});

describe('messages', () => {
  it.each([
    '{',
    'null',
    '[]',
    '""',
    '{"type":"unknown"}',
    '{"type":"resize"}',
    '{"type":"resize","cols":"80","rows":24}',
    '{"type":"resize","cols":1e999,"rows":24}',
    '{"type":"ack","bytes":-1}',
    '{"type":"ack","bytes":1.5}',
    '{"type":"ack","bytes":9007199254740993}',
  ])('that are none close the connection, not the terminal: %s', async (text) => {
    const viewer = await TerminalClient.openShell(aikore, { id });
    viewer.say(text);
    await waitFor('it is closed', () => viewer.closeCode !== null);
    expect(viewer.closeCode).toBe(4400);
    const again = await TerminalClient.open(aikore, { id, session: viewer.id });
    expect(await again.run('echo alive')).toBe('alive\n');
    await closeAll();
  });

  it('of sizes that no screen has are brought into reason', async () => {
    for (const [cols, rows, seen] of [
      [0, 0, '1 1'],
      [100_000, 100_000, '1000 1000'],
      [-5, 24.9, '24 1'],
      [65_616, 24, '24 1000'],
    ] as const) {
      const viewer = await TerminalClient.openShell(aikore, { id });
      viewer.say({ type: 'resize', cols, rows });
      viewer.type('stty size > size; touch done\r');
      await waitFor('it looked', () => existsSync(aikore.home('place', 'done')));
      expect(readFileSync(aikore.home('place', 'size'), 'utf8')).toBe(`${seen}\n`);
      rmSync(aikore.home('place', 'done'));
      await closeAll();
    }
    const born = await TerminalClient.openShell(aikore, { id, cols: 123_456, rows: 30 });
    expect(await born.run('stty size')).toBe('30 1000\n');
    await closeAll();
  });

  it('that are too long end the connection, and garbage is only typed', async () => {
    const viewer = await TerminalClient.openShell(aikore, { id });
    viewer.type(Buffer.alloc(2 * 1024 * 1024));
    await waitFor('it is closed', () => viewer.closeCode !== null);
    expect([1006, 1009]).toContain(viewer.closeCode);
    const again = await TerminalClient.openShell(aikore, { id });
    again.type('cat > garbage; stty sane\r');
    again.type(Buffer.from(randomBytes(4096).map((byte) => (byte % 96) + 160)));
    again.type('\r\x04\x04');
    expect(await again.run('echo alive')).toContain('alive\n');
    await closeAll();
  });

  it('that acknowledge more than was sent open no flood', async () => {
    const viewer = await TerminalClient.openShell(aikore, { id });
    viewer.isStalled = true;
    viewer.say({ type: 'ack', bytes: Number.MAX_SAFE_INTEGER });
    viewer.say({ type: 'ack', bytes: 0 });
    const before = viewer.bytes;
    viewer.type('yes\r');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(viewer.bytes - before).toBeLessThan(2 * 1024 * 1024);
    await closeAll();
  });
});
