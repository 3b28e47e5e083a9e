import type { Caller } from '../../core/auth/caller.js';
import type { AuditPort } from '../../core/audit/audit.port.js';
import type { Desktop } from './desktops.ports.js';

/** A page that comes back after a break, and comes back again, is no news for so long. */
const SAME_VISIT_MS = 60 * 60 * 1000;
/** Of different viewers; beyond that the oldest visits are forgotten. */
const MAX_VISITS = 500;

/** Says who looks at a desktop, and may so use what runs on it. */
export class DesktopAudit {
  private readonly visits = new Map<string, number>();

  constructor(
    private readonly audit: AuditPort,
    private readonly clock: () => number = Date.now,
  ) {}

  /** @param address of the viewer */
  shown(caller: Pick<Caller, 'actor'>, { instanceId, name }: Desktop, address: string): void {
    const visit = `${instanceId} ${caller.actor} ${address}`;
    const last = this.visits.get(visit);
    const now = this.clock();
    // The newest at the end: what is forgotten first stands first.
    this.visits.delete(visit);
    this.visits.set(visit, now);
    if (this.visits.size > MAX_VISITS) this.visits.delete(this.visits.keys().next().value ?? '');
    if (last !== undefined && now - last < SAME_VISIT_MS) return;
    this.audit.record({
      actor: caller.actor,
      action: 'desktop.open',
      target: name,
      instanceId,
      address: address === '' ? null : address,
      outcome: 'done',
    });
  }
}
