import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditRecord } from '../../core/audit/audit.port.js';
import { DesktopAudit } from './desktop-audit.js';
import type { Desktop } from './desktops.ports.js';

const HOUR_MS = 3_600_000;

describe('the audit of desktops', () => {
  const alpha = { instanceId: 1, name: 'Alpha' } as Desktop;
  const operator = { actor: 'operator' };
  let records: AuditRecord[];
  let now: number;
  let audit: DesktopAudit;

  beforeEach(() => {
    [records, now] = [[], 0];
    audit = new DesktopAudit({ record: (record) => records.push(record) }, () => now);
  });

  it('names who looks, at what, from where', () => {
    audit.shown(operator, alpha, '192.168.0.9');
    expect(records).toEqual([
      {
        actor: 'operator',
        action: 'desktop.open',
        target: 'Alpha',
        instanceId: 1,
        address: '192.168.0.9',
        outcome: 'done',
      },
    ]);
  });

  it('does not repeat a visit that goes on, but tells of others', () => {
    audit.shown(operator, alpha, '192.168.0.9');
    now += HOUR_MS - 1;
    audit.shown(operator, alpha, '192.168.0.9');
    now += HOUR_MS - 1;
    audit.shown(operator, alpha, '192.168.0.9');
    expect(records.length).toBe(1);
    audit.shown(operator, alpha, '192.168.0.10');
    audit.shown({ actor: 'token kiosk' }, alpha, '192.168.0.9');
    now += HOUR_MS;
    audit.shown(operator, alpha, '192.168.0.9');
    expect(records.length).toBe(4);
  });

  it('remembers a bounded number of them', () => {
    for (let count = 0; count < 600; count += 1)
      audit.shown(operator, alpha, `10.0.${count >> 8}.${count & 255}`);
    audit.shown(operator, alpha, '10.0.0.0');
    expect(records.length).toBe(601);
  });
});
