import type { SignInTicket } from '../../contracts/tickets.js';
import { AppError, invalidFields } from '../errors.js';
import type { Logger } from '../logging.js';
import type { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';
import { isoOf } from './clock.js';
import type { Sessions } from './sessions.js';
import type { Tickets } from './tickets.js';

/** A browser that shows a ticket. */
export interface TicketHolder {
  /** The host name that it asked, lower case, without a port. */
  hostname: string;
  /** Its header `Cookie`. */
  cookie: string | undefined;
  address: string;
  userAgent: string;
}

export interface HostSignInParts {
  tickets: Tickets;
  sessions: Pick<Sessions, 'createChild'>;
  authenticator: Pick<Authenticator, 'authenticate'>;
  /** Whether an origin is that of one application, and served by AiKore. */
  isApplicationOrigin: (origin: URL) => boolean;
  logger: Logger;
}

/**
 * Signs a browser in at the host name of an application. A cookie stays with the name that set it, so the dashboard's
 * page gets a ticket, takes it there, and a page there shows it.
 */
export class HostSignIn {
  constructor(private readonly parts: HostSignInParts) {}

  /**
   * @param origin scheme, host and port, as browsers write them.
   * @throws AppError `forbidden` SESSION_NEEDED for who is no signed-in browser, `invalid` for an origin that is no
   *   application's.
   */
  issue(origin: string, caller: Caller): SignInTicket {
    if (caller.via !== 'session' || caller.sessionId === null) throw sessionNeeded();
    const url = originOf(origin);
    if (url === null || !this.parts.isApplicationOrigin(url)) {
      throw invalidFields({ origin: 'No application of AiKore’s answers at this address.' });
    }
    const { ticket, expiresAtMs } = this.parts.tickets.issue(caller.sessionId, url.hostname);
    return { ticket, origin: url.origin, expires_at: isoOf(expiresAtMs) };
  }

  /**
   * Spends a ticket.
   * @returns the secret of a new child session; an empty text where the browser is signed in already (another tab was
   *   faster, and a second session would end what that one holds open); null when the ticket does not work.
   */
  async redeem(ticket: string, holder: TicketHolder): Promise<string | null> {
    const { tickets, sessions, authenticator, logger } = this.parts;
    const parentId = tickets.redeem(ticket, holder.hostname);
    if (parentId === null) return null;
    const { hostname, cookie, address, userAgent } = holder;
    const present = authenticator.authenticate(cookie === undefined ? {} : { cookie }, { hostname });
    if (present !== null) return '';
    const begun = await sessions.createChild(parentId, { hostname, address, userAgent });
    if (begun === null) return null;
    logger.info('signed in at a host name', { from: address, host: hostname, session: begun.session.id });
    return begun.token;
  }
}

function originOf(text: string): URL | null {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.origin === text ? url : null;
}

function sessionNeeded(): AppError {
  return new AppError(
    'forbidden',
    'SESSION_NEEDED',
    'A ticket is for a browser that has signed in. A program sends its token with each request instead.',
  );
}
