import type { Auth } from '../../core/auth/auth.factory.js';
import type { InstancesParts } from '../build-instances.js';
import type { AuditNames } from './audit-actions.js';

/** Finds the names that the audit log gives to what requests name by id. */
export function auditNames(
  { registry }: Pick<InstancesParts, 'registry'>,
  { tokens, sessions }: Pick<Auth, 'tokens' | 'sessions'>,
): AuditNames {
  return {
    instance: (id) => registry.find(id)?.row.name ?? null,
    token: (id) => tokens.list().find((token) => token.id === id)?.name ?? null,
    session: (id) => sessions.list().find((session) => session.id === id)?.address ?? null,
  };
}
