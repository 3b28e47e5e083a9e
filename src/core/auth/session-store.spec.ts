import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import { codeOf, openAuthDatabase, recordingLogger } from '../../../test/fixtures/auth-database.js';
import { SessionEntity } from './auth.entities.js';
import { Sessions } from './sessions.js';

/** SQLite says the same of a database that may not grow as of a disk without room. */
describe('sessions on a full disk', () => {
  let database: AuthDatabase;
  let sessions: Sessions;

  const rows = (): Promise<SessionEntity[]> => database.dataSource.getRepository(SessionEntity).find();
  const open = async (): Promise<Sessions> => {
    const opened = new Sessions(database.dataSource.getRepository(SessionEntity), recordingLogger().logger);
    await opened.load();
    return opened;
  };

  beforeEach(async () => {
    database = await openAuthDatabase();
    sessions = await open();
    await sessions.create('192.0.2.1', 'before');
    await database.dataSource.query('PRAGMA max_page_count = 1');
  });
  afterEach(async () => {
    await sessions.settled();
    await database.dispose();
  });

  /** Signs in until the database takes no more. @returns tokens, the last one of a session that is not stored */
  async function fill(): Promise<string[]> {
    const tokens: string[] = [];
    const stored = (await rows()).length;
    for (;;) {
      tokens.push((await sessions.create('192.0.2.1', 'x'.repeat(256))).token);
      if ((await rows()).length < stored + tokens.length) return tokens;
    }
  }

  const makeRoom = (): Promise<unknown> => database.dataSource.query('PRAGMA max_page_count = 10000');

  it('begin all the same and are stored, in order and under their ids, when there is room', async () => {
    const tokens = await fill();
    const { token, session } = await sessions.create('192.0.2.1', 'the second that waits');
    const ids = sessions.list().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sessions.find(token)?.id).toBe(session.id);
    await makeRoom();
    await sessions.prune();
    expect((await rows()).map(({ id }) => id).sort((a, b) => a - b)).toEqual(ids.sort((a, b) => a - b));
    const later = await sessions.create('192.0.2.1', 'after');
    expect(ids).not.toContain(later.session.id);
    const again = await open();
    for (const each of [...tokens, token, later.token]) expect(again.find(each)).not.toBeNull();
  });

  it('that wait for room can end, and are never stored then', async () => {
    const token = (await fill()).at(-1) ?? '';
    const waiting = sessions.find(token);
    await sessions.revoke(waiting?.id ?? 0);
    expect(sessions.find(token)).toBeNull();
    await makeRoom();
    await sessions.prune();
    expect((await open()).find(token)).toBeNull();
  });

  it('end at once though the database refuses, which learns it later', async () => {
    const [first] = sessions.list();
    await database.dataSource.query('PRAGMA query_only = 1');
    const refused = await codeOf(() => sessions.revoke(first?.id ?? 0));
    expect(refused).not.toBe('nothing was thrown');
    expect(sessions.list()).toEqual([]);
    await database.dataSource.query('PRAGMA query_only = 0');
    await sessions.prune();
    expect(await rows()).toEqual([]);
  });
});
