import type { AuditPort } from '../core/audit/audit.port.js';
import type { Auth } from '../core/auth/auth.factory.js';
import { OPERATOR } from '../core/auth/caller.js';
import type { GateRequest } from '../core/auth/gate-request.js';
import type { KnownDashboard } from '../core/auth/known-dashboard.js';
import { ownOrigin } from '../core/http/domain/origins.js';
import type { OriginView } from '../core/http/origin-view.js';
import type { TicketDesk } from '../features/access/access.ports.js';
import { isServedOrigin } from '../features/access/domain/own-origin.js';
import { routeOfHost } from '../features/access/place.js';
import type { InstancesParts } from './build-instances.js';
import type { InstanceRoutes } from './route-source.js';

/** Whether an origin is that of one instance: a host name that it has to itself, on a port that is AiKore's. */
export function isInstanceOrigin(
  origin: URL,
  routes: InstanceRoutes,
  { registry }: Pick<InstancesParts, 'registry'>,
  origins: OriginView,
): boolean {
  const route = routeOfHost(origin.host, routes);
  if (route === null) return false;
  const isLocalhost = origin.hostname.endsWith('.localhost');
  const setting = isLocalhost ? null : (registry.find(route.instanceId)?.row.hostname ?? null);
  return isServedOrigin(origin, setting, origins.origins);
}

/** Remembers where a browser that is signed in used the dashboard. */
export function noteDashboard(known: KnownDashboard, request: GateRequest): void {
  known.note(ownOrigin(request), request.remoteAddress);
}

/** Hands the child session's cookie to whoever brings a ticket, and takes that down. */
export function ticketDesk(
  { hostSignIn, cookies }: Pick<Auth, 'hostSignIn' | 'cookies'>,
  audit: AuditPort,
): TicketDesk {
  return {
    redeem: async (ticket, { headers, isSecure, host, remoteAddress }, hostname) => {
      const token = await hostSignIn.redeem(ticket, {
        hostname,
        cookie: headers.cookie,
        address: remoteAddress,
        userAgent: headers['user-agent'] ?? '',
      });
      if (token === null || token === '') return token;
      audit.record({
        actor: OPERATOR,
        action: 'session.sign-in-by-ticket',
        target: hostname,
        outcome: 'done',
        address: remoteAddress,
      });
      // That it is this very host is checked; so the browser says itself by which scheme it came.
      const isHttps = headers.origin?.startsWith('https:') === true;
      return cookies.issue(token, { headers, client: { host, isSecure: isSecure || isHttps } });
    },
  };
}
