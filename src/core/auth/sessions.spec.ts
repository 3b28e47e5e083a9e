import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import { ManualClock, openAuthDatabase, recordingLogger } from '../../../test/fixtures/auth-database.js';
import { SessionEntity } from './auth.entities.js';
import { DAY_MS, MINUTE_MS } from './clock.js';
import { Sessions } from './sessions.js';

describe('Sessions', () => {
  let database: AuthDatabase;
  let clock: ManualClock;
  let sessions: Sessions;
  const { logger, lines } = recordingLogger();

  const open = async (): Promise<Sessions> => {
    const opened = new Sessions(database.dataSource.getRepository(SessionEntity), logger, clock.read);
    await opened.load();
    return opened;
  };
  const rows = (): Promise<SessionEntity[]> => database.dataSource.getRepository(SessionEntity).find();

  beforeEach(async () => {
    lines.length = 0;
    database = await openAuthDatabase();
    clock = new ManualClock();
    sessions = await open();
  });
  afterEach(async () => {
    await sessions.settled();
    await database.dispose();
  });

  it('keeps the secret out of the database', async () => {
    const { token } = await sessions.create('192.0.2.1', 'Firefox');
    expect(token).toMatch(/^[\w-]{43}$/);
    const [row] = await rows();
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row).toMatchObject({
      tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-31T00:00:00.000Z',
      address: '192.0.2.1',
      userAgent: 'Firefox',
    });
  });

  it('finds a session without a query', async () => {
    const { token, session } = await sessions.create('192.0.2.1', 'Firefox');
    database.takeQueries();
    for (let count = 0; count < 1000; count += 1) expect(sessions.find(token)?.id).toBe(session.id);
    expect(database.takeQueries()).toEqual([]);
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), '__proto__', '\u0000'])(
    'does not know %p',
    (token) => {
      expect(sessions.find(token)).toBeNull();
    },
  );

  it('outlives a restart', async () => {
    const { token, session } = await sessions.create('192.0.2.1', 'Firefox');
    await database.reopen();
    expect((await open()).find(token)?.id).toBe(session.id);
  });

  it('writes when it was last seen once in five minutes', async () => {
    const { token } = await sessions.create('192.0.2.1', 'Firefox');
    database.takeQueries();
    for (let minute = 0; minute < 16; minute += 1) {
      sessions.find(token);
      sessions.find(token);
      clock.advance(MINUTE_MS);
    }
    await sessions.settled();
    expect(database.takeQueries().filter((query) => query.startsWith('UPDATE'))).toHaveLength(3);
    expect((await rows())[0]?.lastSeenAt).toBe('2030-01-01T00:15:00.000Z');
  });

  it('ends after seven days without use', async () => {
    const { token } = await sessions.create('192.0.2.1', 'Firefox');
    clock.advance(7 * DAY_MS - 1);
    expect(sessions.find(token)).not.toBeNull();
    clock.advance(7 * DAY_MS);
    expect(sessions.list()).toEqual([]);
    expect(sessions.find(token)).toBeNull();
    await sessions.settled();
    expect(await rows()).toEqual([]);
  });

  it('ends after thirty days however busy, and does not come back by a restart', async () => {
    const { token, session } = await sessions.create('192.0.2.1', 'Firefox');
    for (let day = 0; day < 29; day += 1) {
      clock.advance(DAY_MS);
      sessions.keepAlive(new Set([session.id]));
    }
    expect(sessions.find(token)).not.toBeNull();
    clock.advance(DAY_MS);
    expect(sessions.find(token)).toBeNull();
    expect((await open()).find(token)).toBeNull();
  });

  it('revokes one and tells so before it resolves', async () => {
    const first = await sessions.create('192.0.2.1', 'Firefox');
    const second = await sessions.create('192.0.2.2', 'Chromium');
    const heard: number[] = [];
    sessions.onRevoked(() => {
      throw new Error('a broken listener');
    });
    const off = sessions.onRevoked((id) => void heard.push(id));
    const revoking = sessions.revoke(first.session.id);
    expect(sessions.find(first.token)).toBeNull();
    expect(heard).toEqual([first.session.id]);
    expect(await revoking).toBe(true);
    expect(await sessions.revoke(first.session.id)).toBe(false);
    expect(sessions.find(second.token)).not.toBeNull();
    expect((await rows()).map((row) => row.id)).toEqual([second.session.id]);
    expect(lines.join('')).toContain('a broken listener');
    off();
    await sessions.revokeAll();
    expect(heard).toHaveLength(1);
  });

  it('revokes all but one', async () => {
    const first = await sessions.create('192.0.2.1', 'Firefox');
    const second = await sessions.create('192.0.2.2', 'Chromium');
    await sessions.revokeAll(second.session.id);
    expect(sessions.find(first.token)).toBeNull();
    expect(sessions.list().map((session) => session.id)).toEqual([second.session.id]);
  });

  it('ends a session even when the database refuses', async () => {
    const { token, session } = await sessions.create('192.0.2.1', 'Firefox');
    await database.dataSource.query('DROP TABLE sessions');
    await expect(sessions.revoke(session.id)).rejects.toThrow(/no such table/);
    expect(sessions.find(token)).toBeNull();
  });

  it('goes on when "last seen" cannot be written, and says so in the log without the secret', async () => {
    const { token } = await sessions.create('192.0.2.1', 'Firefox');
    await database.dataSource.query('DROP TABLE sessions');
    clock.advance(10 * MINUTE_MS);
    expect(sessions.find(token)).not.toBeNull();
    await sessions.settled();
    expect(lines.join('')).toContain('could not write');
    expect(lines.join('')).not.toContain(token);
  });

  it('keeps what a browser calls itself short and printable', async () => {
    const { session } = await sessions.create('192.0.2.1', `a\r\nb\u001b[31m${'x'.repeat(10_000)}`);
    expect(session.userAgent).toHaveLength(256);
    expect(session.userAgent).toMatch(/^a {2}b \[31mx+$/);
  });

  it('holds five hundred at most; the one used longest ago goes', async () => {
    const used = await sessions.create('192.0.2.1', 'used');
    const forgotten = await sessions.create('192.0.2.1', 'forgotten');
    clock.advance(1);
    sessions.find(used.token);
    for (let count = 0; count < 499; count += 1) await sessions.create('192.0.2.1', 'more');
    expect(sessions.find(used.token)).not.toBeNull();
    expect(sessions.find(forgotten.token)).toBeNull();
    expect(await rows()).toHaveLength(500);
  });
});
