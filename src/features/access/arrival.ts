import type { TicketDesk } from './access.ports.js';
import type { Answer } from './answer.js';
import { errorAnswer, pageAnswer } from './answer.js';
import { isOriginOfHost } from '../../core/http/domain/origins.js';
import { TICKET_PAGE_POLICY, arrivalPage } from './pages/host-pages.js';
import { foreignOrigin } from './refusals.js';
import type { RequestView } from './request-view.js';

/** Header in which the page hands the ticket over: no address, and no other site's page may send it. */
const TICKET_HEADER = 'aikore-ticket';

/**
 * What `/.aikore/ticket` answers on an origin that is one application's: the page where a browser arrives, and what
 * that page asks.
 * @param hostname of the origin, lower case, without a port
 */
export function arrivalAnswer(
  view: RequestView,
  hostname: string,
  desk: TicketDesk,
  dashboard: string,
): Answer | Promise<Answer> {
  if (!view.isUpgrade && (view.method === 'GET' || view.method === 'HEAD')) {
    return pageAnswer(200, arrivalPage(), {
      'Content-Security-Policy': TICKET_PAGE_POLICY,
      'Referrer-Policy': 'no-referrer',
    });
  }
  if (view.method !== 'POST' || view.isUpgrade) {
    return errorAnswer(405, 'METHOD_NOT_ALLOWED', 'A ticket is handed over with POST.', {
      Allow: 'GET, HEAD, POST',
    });
  }
  if (!isOfThisOrigin(view)) return foreignOrigin({ ...view, isDocument: false }, dashboard);
  return redeemed(view, hostname, desk);
}

/** A browser always names the origin of a POST; without one it is no page that brings the ticket. */
function isOfThisOrigin({ headers, host }: RequestView): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin !== undefined && isOriginOfHost(headers.origin, host);
}

async function redeemed(view: RequestView, hostname: string, desk: TicketDesk): Promise<Answer> {
  const ticket = view.headers[TICKET_HEADER];
  const setCookie = typeof ticket === 'string' ? await desk.redeem(ticket, view, hostname) : null;
  if (setCookie === null) {
    return errorAnswer(
      403,
      'TICKET_REFUSED',
      'This ticket was used already, is older than half a minute, or is for another address.',
    );
  }
  const cookie: Record<string, string> = setCookie === '' ? {} : { 'Set-Cookie': setCookie };
  return { status: 204, headers: { 'Cache-Control': 'no-store', ...cookie }, body: '' };
}
