import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import { isOwnCookieName, removeOwnCookies } from '../core/auth/cookies.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import type { OriginView } from '../core/http/origin-view.js';
import type { Logger } from '../core/logging.js';
import { AppsServer } from '../features/access/apps-server.js';
import { PortListeners } from '../host/ports/port-listeners.js';
import type { InstanceRoutes } from './route-source.js';

/** The server of the applications' origin. */
export function buildApps(
  auth: Auth,
  hosts: HostPolicy,
  routes: InstanceRoutes,
  origins: OriginView,
  logger: Logger,
): AppsServer<Caller> {
  return new AppsServer<Caller>({
    routes,
    hosts,
    gate: { admit: (request) => auth.gate.admitToApplication({ ...request, isSecure: false }, 'operate') },
    origins: () => origins.origins,
    liveSockets: auth.sockets,
    credentials: {
      removeOwnCookies,
      isOwnCookieName,
      isOwnBearer: (header) => auth.authenticator.isOwnBearer(header),
    },
    logger,
  });
}

/** The embedded engine's listeners on published ports. */
export function publishedPorts(
  host: string,
  apps: AppsServer<Caller>,
  routes: InstanceRoutes,
): PortListeners {
  return new PortListeners({
    wanted: () => routes.publicPorts,
    open: (port) => apps.openPort(host, port),
  });
}
