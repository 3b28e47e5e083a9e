import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import { ManualClock, openAuthDatabase, recordingLogger } from '../../../test/fixtures/auth-database.js';
import { SessionEntity } from './auth.entities.js';
import { sessionCaller } from './caller.js';
import { DAY_MS } from './clock.js';
import { LiveSockets } from './live-sockets.js';
import type { Session } from './session-cache.js';
import { Sessions } from './sessions.js';

describe('child sessions', () => {
  let database: AuthDatabase;
  let clock: ManualClock;
  let sessions: Sessions;
  let parent: Session;
  const { logger } = recordingLogger();

  const open = async (): Promise<Sessions> => {
    const opened = new Sessions(database.dataSource.getRepository(SessionEntity), logger, clock.read);
    await opened.load();
    return opened;
  };
  const rows = (): Promise<SessionEntity[]> => database.dataSource.getRepository(SessionEntity).find();
  const child = async (hostname = 'comfy.home.lan'): Promise<{ token: string; session: Session }> => {
    const begun = await sessions.createChild(parent.id, {
      hostname,
      address: '192.0.2.1',
      userAgent: 'Firefox',
    });
    if (begun === null) throw new Error('the parent is over');
    return begun;
  };

  beforeEach(async () => {
    database = await openAuthDatabase();
    await database.dataSource.query('PRAGMA foreign_keys = ON');
    clock = new ManualClock();
    sessions = await open();
    ({ session: parent } = await sessions.create('192.0.2.1', 'Firefox'));
  });
  afterEach(async () => {
    await sessions.settled();
    await database.dispose();
  });

  it('are of their parent and their host name, over a restart too', async () => {
    const { token } = await child();
    await database.reopen();
    const found = (await open()).find(token);
    expect(found).toMatchObject({ parentId: parent.id, hostname: 'comfy.home.lan' });
  });

  it('end when their parent does, and each is told of', async () => {
    const { token, session } = await child();
    const heard: number[] = [];
    sessions.onRevoked((id) => void heard.push(id));
    const ending = sessions.revoke(parent.id);
    expect(sessions.find(token)).toBeNull();
    expect(heard.sort()).toEqual([parent.id, session.id]);
    await ending;
    expect(await rows()).toEqual([]);
  });

  it('take what is open in their name with them', async () => {
    const { session } = await child();
    const sockets = new LiveSockets(sessions, { onRevoked: () => () => undefined }, logger, clock.read);
    const closed: string[] = [];
    sockets.add(sessionCaller(session), () => void closed.push('child'));
    sockets.add(sessionCaller(parent), () => void closed.push('parent'));
    await sessions.revoke(parent.id);
    expect(closed.sort()).toEqual(['child', 'parent']);
  });

  it('stay with the one session that stays', async () => {
    const other = await sessions.create('192.0.2.2', 'Chromium');
    const { token } = await child();
    await sessions.revokeAll(parent.id);
    expect(sessions.find(token)).not.toBeNull();
    await sessions.revokeAll(other.session.id);
    expect(sessions.find(token)).toBeNull();
  });

  it('keep their parent alive by being used, and end with its thirty days', async () => {
    const { token } = await child();
    for (let day = 0; day < 29; day += 1) {
      clock.advance(DAY_MS);
      expect(sessions.find(token)).not.toBeNull();
    }
    expect(sessions.list().map(({ id }) => id)).toEqual([parent.id]);
    clock.advance(DAY_MS);
    expect(sessions.find(token)).toBeNull();
    await sessions.prune();
    expect(await rows()).toEqual([]);
  });

  it('that begin late do not outlive their parent', async () => {
    clock.advance(6 * DAY_MS);
    const { session } = await child();
    expect(session.expiresAtMs).toBe(parent.expiresAtMs);
  });

  it('are none of the sessions that are listed or ended one by one', async () => {
    const { token, session } = await child();
    expect(sessions.list().map(({ id }) => id)).toEqual([parent.id]);
    expect(await sessions.revoke(session.id)).toBe(false);
    expect(sessions.find(token)).not.toBeNull();
  });

  it('have no children, and do not begin where the parent is over', async () => {
    const { session } = await child();
    const wish = { hostname: 'a.lan', address: '', userAgent: '' };
    expect(await sessions.createChild(session.id, wish)).toBeNull();
    await sessions.revoke(parent.id);
    expect(await sessions.createChild(parent.id, wish)).toBeNull();
    expect(await sessions.createChild(12_345, wish)).toBeNull();
  });

  it('do not outlive a parent that ends while they begin', async () => {
    const beginning = sessions.createChild(parent.id, { hostname: 'a.lan', address: '', userAgent: '' });
    await sessions.revoke(parent.id);
    expect(await beginning).toBeNull();
    expect(await rows()).toEqual([]);
  });

  it('are thirty-two at most; the one used longest ago goes', async () => {
    const first = await child('first.lan');
    const forgotten = await child('forgotten.lan');
    clock.advance(1);
    sessions.find(first.token);
    for (let count = 0; count < 31; count += 1) await child(`more-${count}.lan`);
    expect(sessions.find(first.token)).not.toBeNull();
    expect(sessions.find(forgotten.token)).toBeNull();
    expect(await rows()).toHaveLength(33);
  });
});
