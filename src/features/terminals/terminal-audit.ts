import type { AuditPort } from '../../core/audit/audit.port.js';
import { NOBODY } from '../../core/audit/audit.port.js';
import type { AppError } from '../../core/errors.js';
import type { UpgradeContext } from '../../core/http/upgrade-router.js';
import type { TerminalSession } from './terminal-session.js';

/** A handshake, with its caller when the gate let it pass. */
export type Attempt = Omit<UpgradeContext, 'caller'> & Partial<Pick<UpgradeContext, 'caller'>>;

export interface TerminalAuditParts {
  audit: AuditPort;
  /** Name of an instance, or null when there is none. */
  instanceName: (id: number) => string | null;
  /** Who sent a request that was turned away; null for a stranger. */
  actorOf: (headers: Attempt['request']['headers']) => string | null;
}

/** Says who opened or joined a terminal, and who tried to. Closing is a request, which is taken down with the others. */
export class TerminalAudit {
  /** Who has looked at a session: a browser that comes back after a break is no news. */
  private readonly known = new WeakMap<TerminalSession, Set<string>>();

  constructor(private readonly parts: TerminalAuditParts) {}

  /** Somebody sees a session and may type into it. */
  shown(attempt: Attempt, session: TerminalSession): void {
    const viewers = this.known.get(session) ?? new Set<string>();
    const viewer = `${this.actorOf(attempt)} ${addressOf(attempt) ?? ''}`;
    if (viewers.has(viewer)) return;
    this.known.set(session, viewers.add(viewer));
    this.note(attempt, null);
  }

  /** It came to nothing. */
  refused(attempt: Attempt, error: AppError): void {
    this.note(attempt, error);
  }

  private note(attempt: Attempt, error: AppError | null): void {
    const id = instanceIdOf(attempt);
    const verb = wantsNew(attempt) ? 'open' : 'join';
    this.parts.audit.record({
      actor: this.actorOf(attempt),
      action: attempt.params['id'] === undefined ? `terminal.${verb}-machine` : `terminal.${verb}`,
      target: id === null ? null : this.parts.instanceName(id),
      instanceId: id,
      address: addressOf(attempt),
      outcome: outcomeOf(error),
      code: error?.code ?? null,
    });
  }

  private actorOf({ caller, request }: Attempt): string {
    return caller?.actor ?? this.parts.actorOf(request.headers) ?? NOBODY;
  }
}

function wantsNew({ query }: Attempt): boolean {
  return (query.get('session') ?? '') === '';
}

/** Null for the machine's, and for what is no number. */
function instanceIdOf({ params }: Attempt): number | null {
  const id = Number(params['id'] ?? Number.NaN);
  return Number.isSafeInteger(id) ? id : null;
}

function addressOf({ client }: Attempt): string | null {
  return client.remoteAddress === '' ? null : client.remoteAddress;
}

function outcomeOf(error: AppError | null): 'done' | 'refused' | 'failed' {
  if (error === null) return 'done';
  return error.kind === 'internal' || error.kind === 'unavailable' ? 'failed' : 'refused';
}
