import type { AuditPort } from '../core/audit/audit.port.js';
import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import { isOwnCookieName, removeOwnCookies } from '../core/auth/cookies.js';
import type { ClientViews } from '../core/http/client-views.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import type { OriginView } from '../core/http/origin-view.js';
import type { TlsCertificate } from '../core/tls/tls-certificate.js';
import type { Logger } from '../core/logging.js';
import type { StandingWarnings } from '../core/warnings/standing-warnings.js';
import type { OwnCredentials } from '../features/access/access.ports.js';
import { AppsServer } from '../features/access/apps-server.js';
import { PortListeners } from '../host/ports/port-listeners.js';
import { ticketDesk } from './host-sign-in.js';
import type { InstanceRoutes } from './route-source.js';

/** The server of the applications' origin. */
export function buildApps(
  auth: Auth,
  audit: AuditPort,
  hosts: HostPolicy,
  routes: InstanceRoutes,
  origins: OriginView,
  clients: ClientViews,
  certificate: TlsCertificate | null,
  logger: Logger,
): AppsServer<Caller> {
  return new AppsServer<Caller>({
    routes,
    hosts,
    gate: {
      admit: (request, ownHostname) => auth.gate.admitToApplication(request, 'operate', ownHostname),
    },
    tickets: ticketDesk(auth, audit),
    knownDashboard: (address) => auth.knownDashboard.originFor(address),
    origins: () => origins.origins,
    liveSockets: auth.sockets,
    credentials: ownCredentials(auth),
    clients,
    certificate,
    logger,
  });
}

/** What no application may see. */
export function ownCredentials(auth: Auth): OwnCredentials {
  return {
    removeOwnCookies,
    isOwnCookieName,
    isOwnBearer: (header) => auth.authenticator.isOwnBearer(header),
  };
}

/** The embedded engine's listeners on published ports. */
export function publishedPorts(
  host: string,
  apps: AppsServer<Caller>,
  routes: InstanceRoutes,
  warnings: StandingWarnings,
): PortListeners {
  const listeners: PortListeners = new PortListeners({
    wanted: () => routes.publicPorts,
    open: (port) => apps.openPort(host, port),
    onProblems: () => warnings.replace('published port ', keyed(listeners.problems), PORTS_FREE_AGAIN),
  });
  return listeners;
}

const PORTS_FREE_AGAIN = 'A published port that was taken is free again, and in use.';

function keyed(problems: ReadonlyMap<number, string>): Map<string, string> {
  return new Map([...problems].map(([port, sentence]) => [`published port ${port}`, sentence]));
}
