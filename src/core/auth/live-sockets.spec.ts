import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingLogger } from '../../../test/fixtures/auth-database.js';
import type { Caller } from './caller.js';
import { ENVIRONMENT_TOKEN_CALLER, UNCHECKED_OPERATOR } from './caller.js';
import { DAY_MS, isoOf } from './clock.js';
import { Listeners } from './listeners.js';
import { LiveSockets } from './live-sockets.js';

function setUp() {
  const { logger, lines } = recordingLogger();
  const fail = (error: unknown): never => {
    throw error;
  };
  const sessions = new Listeners<number>(fail);
  const tokens = new Listeners<number>(fail);
  const sockets = new LiveSockets(
    { onRevoked: (listener) => sessions.add(listener) },
    { onRevoked: (listener) => tokens.add(listener) },
    logger,
  );
  const closed: string[] = [];
  const add = (name: string, caller: Partial<Caller>) =>
    sockets.add({ ...UNCHECKED_OPERATOR, ...caller }, () => void closed.push(name));
  return { sessions, tokens, sockets, closed, add, lines };
}

describe('LiveSockets', () => {
  it('closes those of a session or a token that ends, and no others', () => {
    const { sessions, tokens, sockets, closed, add } = setUp();
    add('session 1', { via: 'session', sessionId: 1 });
    add('session 1 again', { via: 'session', sessionId: 1 });
    add('session 2', { via: 'session', sessionId: 2 });
    add('token 1', { via: 'token', tokenId: 1 });
    add('environment', ENVIRONMENT_TOKEN_CALLER);
    sessions.notify(1);
    expect(closed).toEqual(['session 1', 'session 1 again']);
    tokens.notify(1);
    expect(closed.slice(2)).toEqual(['token 1']);
    expect(sockets.size).toBe(2);
    expect([...sockets.sessionIds()]).toEqual([2]);
  });

  it('forgets what has closed by itself', () => {
    const { sessions, sockets, closed, add } = setUp();
    const handle = add('gone', { via: 'session', sessionId: 1 });
    handle.remove();
    handle.remove();
    sessions.notify(1);
    expect(closed).toEqual([]);
    expect(sockets.size).toBe(0);
  });

  it('closes the others when one cannot be closed', () => {
    const { sessions, sockets, closed, add, lines } = setUp();
    sockets.add({ ...UNCHECKED_OPERATOR, sessionId: 1 }, () => {
      throw new Error('cannot');
    });
    add('fine', { via: 'session', sessionId: 1 });
    sessions.notify(1);
    expect(closed).toEqual(['fine']);
    expect(lines.join('')).toContain('cannot');
  });

  it('closes at the time of expiry, however far away that is', async () => {
    const { closed, add } = setUp();
    add('soon', { expiresAt: isoOf(Date.now() + 50) });
    add('past', { expiresAt: isoOf(Date.now() - 1000) });
    const late = add('in thirty days', { expiresAt: isoOf(Date.now() + 30 * DAY_MS) });
    await sleep(200);
    expect(closed.sort()).toEqual(['past', 'soon']);
    late.remove();
  });
});
