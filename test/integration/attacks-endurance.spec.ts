import { describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { AiKoreProcess } from '../support/aikore-process.js';
import { TOKEN } from '../support/aikore-process.js';
import { useLab } from '../support/lab.js';
import { residentBytes } from '../support/processes.js';
import { sendRequest } from '../support/raw-request.js';
import { waitFor } from '../support/wait.js';
import { ENGINE } from '../support/ways.js';

// Clients that want to wear AiKore down: guessing, slowness, crowds, planted sessions.

const lab = useLab();
const PASSWORD = 'correct horse battery staple';
const IDLE_SOCKETS = 2000;
/** What AiKore waits for headers (30 s), and a check every few seconds. */
const PATIENCE_MS = 50_000;

const start = (): Promise<AiKoreProcess> =>
  lab.start({ AIKORE_PASSWORD: PASSWORD, AIKORE_PROXY: ENGINE, AIKORE_STOP_GRACE: '1' });

describe('guessing the password', () => {
  it('ends after five attempts, whatever address the guesser claims to have', async () => {
    const aikore = await start();
    const guess = async (index: number, password = `guess number ${index}`) => {
      const body = JSON.stringify({ password });
      const address = `10.0.0.${index}`;
      return sendRequest(
        aikore.port,
        'POST /api/auth/login',
        [
          'Content-Type: application/json',
          `X-Forwarded-For: ${address}`,
          `X-Real-IP: ${address}`,
          `Forwarded: for=${address}`,
          `CF-Connecting-IP: ${address}`,
        ],
        body,
      );
    };
    const outcomes: number[] = [];
    for (let index = 1; index <= 8; index += 1) outcomes.push((await guess(index)).status);
    expect(outcomes).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const refused = await guess(9, PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(/^retry-after: (\d+)/im.exec(refused.head)?.[1])).toBeGreaterThan(30);
    const { entries } = await aikore.api.expect<{ entries: { address: string; code: string }[] }>(
      200,
      'GET',
      'api/audit?action=session.sign-in',
    );
    expect(new Set(entries.map(({ address }) => address.replace('::ffff:', '')))).toEqual(
      new Set(['127.0.0.1']),
    );
    await aikore.stop();
  });

  it('takes as long whatever was guessed, and costs little for what no password can be', async () => {
    const aikore = await start();
    const huge = await aikore.anonymous.refused('POST', 'api/auth/login', {
      password: 'x'.repeat(1_000_000),
    });
    expect([413, 422]).toContain(huge.status);
    for (const password of [null, 7, ['a'], { a: 1 }, true])
      expect((await aikore.anonymous.refused('POST', 'api/auth/login', { password })).status).toBe(422);
    await aikore.stop();
  });
});

describe('a session that somebody else has chosen', () => {
  it('is never the one that a sign-in begins', async () => {
    const aikore = await start();
    const chosen = 'C'.repeat(43);
    const signIn = (cookie: string) =>
      sendRequest(
        aikore.port,
        'POST /api/auth/login',
        ['Content-Type: application/json', `Cookie: ${cookie}`],
        JSON.stringify({ password: PASSWORD }),
      );
    const answer = await signIn(`aikore_session=${chosen}`);
    const begun = /^set-cookie: (aikore_session=([\w-]{43})); Path=\/; .*HttpOnly; SameSite=Strict/im.exec(
      answer.head,
    );
    expect(begun?.[2]).not.toBe(chosen);
    expect((await aikore.browser(`aikore_session=${chosen}`).send('GET', 'api/auth/session')).status).toBe(
      401,
    );
    // Signing in again ends the session that the browser had, so that one that was stolen before is worth nothing.
    const again = /^set-cookie: (aikore_session=[\w-]{43});/im.exec(
      (await signIn(begun?.[1] ?? '')).head,
    )?.[1];
    expect((await aikore.browser(begun?.[1] ?? '').send('GET', 'api/auth/session')).status).toBe(401);
    expect((await aikore.browser(again ?? '').send('GET', 'api/auth/session')).status).toBe(200);
    await aikore.stop();
  });
});

describe('a crowd of clients that say nothing, or speak slowly', () => {
  it('is let go, and keeps nobody else waiting', async () => {
    const aikore = await start();
    const ports = [aikore.port, aikore.appsPort];
    const sockets: Socket[] = [];
    let closed = 0;
    const open = (port: number, first: string): Socket => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined).on('close', () => (closed += 1));
      socket.resume();
      if (first !== '') socket.write(first);
      sockets.push(socket);
      return socket;
    };
    for (const port of ports) {
      for (let count = 0; count < IDLE_SOCKETS / ports.length; count += 1) open(port, '');
      const host = `Host: 127.0.0.1:${port}\r\n`;
      const slow = [
        open(port, `GET / HTTP/1.1\r\n${host}X-Slow: `),
        open(port, `POST /api/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nX-Slow: `),
        open(port, 'G'),
      ];
      for (const socket of slow) setInterval(() => socket.write('a'), 1000).unref();
    }
    await waitFor('all are there', () => sockets.every((socket) => !socket.connecting));
    const before = residentBytes(aikore.pid);
    const startedAt = performance.now();
    for (let count = 0; count < 20; count += 1) {
      expect((await aikore.api.send('GET', 'api/instances')).status).toBe(200);
      expect((await sendRequest(aikore.appsPort, 'GET /', [`Authorization: Bearer ${TOKEN}`])).status).toBe(
        200,
      );
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await waitFor('all were let go', () => closed === sockets.length, PATIENCE_MS);
    expect(residentBytes(aikore.pid) - before).toBeLessThan(64 * 1024 * 1024);
    await aikore.stop();
  });
});
