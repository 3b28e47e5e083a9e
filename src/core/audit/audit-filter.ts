import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEntity } from './audit.entity.js';

/** What a reader of the audit log wants to see; absent: all. */
export interface AuditFilter {
  actor?: string | undefined;
  /** A whole action (`instance.start`), or its first word for all of that kind (`instance`). */
  action?: string | undefined;
  instanceId?: number | undefined;
  /** Part of the target's name, regardless of case. */
  target?: string | undefined;
  outcome?: string | undefined;
  /** Only entries with a smaller id. */
  before?: number | undefined;
}

/** Narrows a query to a filter. */
export function applyFilter(
  query: SelectQueryBuilder<AuditEntity>,
  filter: AuditFilter,
): SelectQueryBuilder<AuditEntity> {
  const { actor, action, instanceId, target, outcome, before } = filter;
  if (before !== undefined) query.andWhere('audit.id < :before', { before });
  if (actor !== undefined) query.andWhere('audit.actor = :actor', { actor });
  if (outcome !== undefined) query.andWhere('audit.outcome = :outcome', { outcome });
  if (instanceId !== undefined) query.andWhere('audit.instance_id = :instanceId', { instanceId });
  if (target !== undefined) query.andWhere('instr(lower(audit.target), lower(:target)) > 0', { target });
  if (action !== undefined) {
    // Everything that begins with the word and a dot lies between it with a dot and it with a slash, the next character.
    const [from, to] = [`${action}.`, `${action}/`];
    query.andWhere('(audit.action = :action OR (audit.action >= :from AND audit.action < :to))', {
      action,
      from,
      to,
    });
  }
  return query;
}
