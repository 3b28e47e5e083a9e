import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthDatabase } from '../../../test/fixtures/auth-database.js';
import { ManualClock, openAuthDatabase, recordingLogger } from '../../../test/fixtures/auth-database.js';
import { KnownDashboardEntity } from './auth.entities.js';
import { MINUTE_MS } from './clock.js';
import { KnownDashboard } from './known-dashboard.js';

const BY_NAME = 'http://box.lan:9000';
const BY_ADDRESS = 'http://192.0.2.5:9000';

describe('KnownDashboard', () => {
  let database: AuthDatabase;
  let clock: ManualClock;
  const { logger } = recordingLogger();

  const open = async (): Promise<KnownDashboard> => {
    const known = new KnownDashboard(
      database.dataSource.getRepository(KnownDashboardEntity),
      logger,
      clock.read,
    );
    await known.load();
    return known;
  };

  beforeEach(async () => {
    database = await openAuthDatabase();
    clock = new ManualClock();
  });
  afterEach(() => database.dispose());

  it('knows nothing at first', async () => {
    expect((await open()).originFor('192.0.2.9')).toBeNull();
  });

  it('answers with what that browser used last, else with what any did', async () => {
    const known = await open();
    known.note(BY_NAME, '192.0.2.1');
    known.note(BY_ADDRESS, '192.0.2.2');
    expect(known.originFor('192.0.2.1')).toBe(BY_NAME);
    expect(known.originFor('192.0.2.2')).toBe(BY_ADDRESS);
    expect(known.originFor('192.0.2.3')).toBe(BY_ADDRESS);
    await known.settled();
  });

  it('remembers the last over a restart', async () => {
    const known = await open();
    known.note(BY_NAME, '192.0.2.1');
    known.note(BY_ADDRESS, '192.0.2.2');
    await known.settled();
    expect((await open()).originFor('192.0.2.3')).toBe(BY_ADDRESS);
  });

  it('asks little of the database, whatever browsers take turns', async () => {
    const known = await open();
    database.takeQueries();
    for (let second = 0; second < 1000; second += 1) {
      known.note(second % 2 === 0 ? BY_NAME : BY_ADDRESS, `192.0.2.${second % 2}`);
      clock.advance(MINUTE_MS / 60);
    }
    await known.settled();
    expect(database.takeQueries().length).toBeLessThan(20);
  });

  it('keeps no more than some addresses', async () => {
    const known = await open();
    for (let count = 0; count < 100; count += 1) known.note(`http://box-${count}.lan:9000`, `host-${count}`);
    expect(known.originFor('host-99')).toBe('http://box-99.lan:9000');
    expect(known.originFor('host-50')).toBe('http://box-50.lan:9000');
    expect(known.originFor('host-1')).toBe('http://box-99.lan:9000');
    await known.settled();
  });
});
