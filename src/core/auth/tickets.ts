import type { Clock } from './clock.js';
import { SECOND_MS } from './clock.js';
import { hexDigestOf, randomSecret } from './secrets.js';

/** Long enough for a page to load on a slow line. */
export const TICKET_LIFE_MS = 30 * SECOND_MS;

/** One page asks for one; what a page that asks without end asked for first stops working. */
const MAX_TICKETS_PER_SESSION = 20;

interface Ticket {
  sessionId: number;
  hostname: string;
  expiresAtMs: number;
}

/**
 * What carries a sign-in from one host name to another, where a cookie cannot: secrets that work once, for half a
 * minute, at one host name. Only their digests are kept, and only in memory.
 */
export class Tickets {
  /** By digest, the oldest first. */
  readonly #tickets = new Map<string, Ticket>();

  constructor(private readonly clock: Clock = Date.now) {}

  /** @param hostname lower case, without a port */
  issue(sessionId: number, hostname: string): { ticket: string; expiresAtMs: number } {
    this.#dropSpent(sessionId);
    const ticket = randomSecret();
    const expiresAtMs = this.clock() + TICKET_LIFE_MS;
    this.#tickets.set(hexDigestOf(ticket), { sessionId, hostname, expiresAtMs });
    return { ticket, expiresAtMs };
  }

  /** The id of the session that it was issued to, or null. Shown anywhere, also where it does not work, it is spent. */
  redeem(ticket: string, hostname: string): number | null {
    const digest = hexDigestOf(ticket);
    const found = this.#tickets.get(digest);
    if (found === undefined) return null;
    this.#tickets.delete(digest);
    return found.hostname === hostname && this.clock() < found.expiresAtMs ? found.sessionId : null;
  }

  get size(): number {
    return this.#tickets.size;
  }

  #dropSpent(sessionId: number): void {
    const own: string[] = [];
    for (const [digest, ticket] of this.#tickets) {
      if (this.clock() >= ticket.expiresAtMs) this.#tickets.delete(digest);
      else if (ticket.sessionId === sessionId) own.push(digest);
    }
    const surplus = own.slice(0, Math.max(0, own.length - MAX_TICKETS_PER_SESSION + 1));
    for (const digest of surplus) this.#tickets.delete(digest);
  }
}
