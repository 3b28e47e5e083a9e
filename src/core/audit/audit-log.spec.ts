import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ManualClock, recordingLogger } from '../../../test/fixtures/auth-database.js';
import { DAY_MS, MINUTE_MS } from '../auth/clock.js';
import { Database } from '../database/sqlite.js';
import { AUDIT_SCHEMA_SQL, AuditEntity } from './audit.entity.js';
import { AuditLog, KEPT_DAYS } from './audit-log.js';
import type { AuditRecord } from './audit.port.js';
import { NOBODY } from './audit.port.js';

const KEPT = 50;

describe('the audit log', () => {
  let folder: string;
  let dataSource: DataSource;
  let audit: AuditLog;
  let clock: ManualClock;
  let lines: string[];

  const did = (more: Partial<AuditRecord> = {}): AuditRecord => ({
    actor: 'operator',
    action: 'instance.start',
    target: 'Comfy',
    outcome: 'done',
    ...more,
  });
  const all = () => audit.find({}, 1000);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aikore-audit-'));
    dataSource = await new DataSource({
      type: 'better-sqlite3',
      driver: Database,
      database: join(folder, 'audit.db'),
      entities: [AuditEntity],
    }).initialize();
    for (const statement of AUDIT_SCHEMA_SQL) await dataSource.query(statement);
    clock = new ManualClock();
    const recording = recordingLogger();
    lines = recording.lines;
    audit = new AuditLog(dataSource.getRepository(AuditEntity), recording.logger, clock.read, KEPT);
  });
  afterEach(async () => {
    await audit.flush();
    await dataSource.destroy();
    await rm(folder, { recursive: true });
  });

  it('has what was recorded a moment ago, newest first', async () => {
    audit.record(did({ address: '192.0.2.7', instanceId: 4, requestId: 'r1' }));
    audit.record(did({ action: 'instance.stop', outcome: 'refused', code: 'INSTANCE_BUSY' }));
    expect(await all()).toMatchObject([
      { action: 'instance.stop', outcome: 'refused', code: 'INSTANCE_BUSY', address: null },
      {
        action: 'instance.start',
        actor: 'operator',
        target: 'Comfy',
        address: '192.0.2.7',
        instance_id: 4,
        request_id: 'r1',
        at: '2030-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('filters by person, action, kind of action, instance and part of a name, and pages', async () => {
    audit.record(did({ instanceId: 1 }));
    audit.record(did({ actor: 'token nightly', action: 'instance.stop', target: 'Kohya', instanceId: 2 }));
    audit.record(did({ action: 'instances.order', target: null }));
    audit.record(did({ action: 'token.create', target: 'nightly' }));
    const actions = async (filter: Parameters<AuditLog['find']>[0]) =>
      (await audit.find(filter, 10)).map(({ action }) => action);
    expect(await actions({ actor: 'token nightly' })).toEqual(['instance.stop']);
    expect(await actions({ action: 'instance' })).toEqual(['instance.stop', 'instance.start']);
    expect(await actions({ action: 'instance.start' })).toEqual(['instance.start']);
    expect(await actions({ instanceId: 2 })).toEqual(['instance.stop']);
    expect(await actions({ target: 'NIGHT' })).toEqual(['token.create']);
    expect(await actions({ target: '%' })).toEqual([]);
    const [newest] = await audit.find({}, 1);
    expect(await actions({ before: newest?.id })).toHaveLength(3);
    expect(await audit.words()).toEqual({
      actors: ['operator', 'token nightly'],
      actions: ['instance.start', 'instance.stop', 'instances.order', 'token.create'],
    });
  });

  it('keeps texts of outside on one line and short', async () => {
    audit.record(did({ target: `a\u001b[2J\nb${'x'.repeat(10_000)}` }));
    const [entry] = await all();
    expect(entry?.target).toMatch(/^a \[2J bx+…$/);
    expect(entry?.target?.length).toBeLessThanOrEqual(300);
  });

  it('lets go of what is too old, and of the oldest when there are too many', async () => {
    audit.record(did({ target: 'ancient' }));
    await audit.flush();
    clock.advance(KEPT_DAYS * DAY_MS + 1);
    for (let count = 0; count < KEPT + 5; count += 1) audit.record(did({ target: `at ${count}` }));
    await audit.maintain();
    const left = await all();
    expect(left).toHaveLength(KEPT);
    expect(left.at(-1)?.target).toBe('at 5');
  });

  it('tells of a flood of failed sign-ins in a few lines that count them', async () => {
    const failed = did({
      actor: NOBODY,
      action: 'session.sign-in',
      outcome: 'refused',
      address: '192.0.2.9',
    });
    for (let count = 0; count < 1000; count += 1) audit.record(failed);
    expect(await all()).toHaveLength(5);
    audit.record({ ...failed, address: '192.0.2.10' });
    clock.advance(MINUTE_MS);
    audit.record(failed);
    const [last] = await all();
    expect(last?.detail).toBe('and 995 more in the minutes before');
    expect(await all()).toHaveLength(7);
  });

  it('waits for room on a full disk and loses nothing', async () => {
    await dataSource.query('PRAGMA max_page_count = 1');
    for (let count = 0; count < 500; count += 1) audit.record(did({ target: 'x'.repeat(300) }));
    await audit.flush();
    expect(lines.join('')).toMatch(/cannot be written now/);
    await dataSource.query('PRAGMA max_page_count = 10000');
    expect(await all()).toHaveLength(500);
  });
});
