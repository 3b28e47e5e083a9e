import type { GateRequest } from '../core/auth/gate-request.js';
import type { KnownDashboard } from '../core/auth/known-dashboard.js';
import { parseHostHeader } from '../core/http/host-header.js';
import type { OriginView } from '../core/http/origin-view.js';
import { isServedOrigin } from '../features/access/domain/own-origin.js';
import type { InstancesParts } from './build-instances.js';
import type { InstanceRoutes } from './route-source.js';

/** Whether an origin is that of one instance: a host name that it has to itself, on a port that is AiKore's. */
export function isInstanceOrigin(
  origin: URL,
  routes: InstanceRoutes,
  { registry }: Pick<InstancesParts, 'registry'>,
  origins: OriginView,
): boolean {
  const host = parseHostHeader(origin.host);
  if (host === null || host.isAddress) return false;
  const route = routes.findByHost(host);
  if (route === null) return false;
  const setting = registry.find(route.instanceId)?.row.hostname ?? null;
  return isServedOrigin(origin, host.hostname.endsWith('.localhost') ? null : setting, origins.origins);
}

/** Remembers where a browser that is signed in used the dashboard. */
export function noteDashboard(known: KnownDashboard, request: GateRequest): void {
  const scheme = request.isSecure ? 'https' : 'http';
  known.note(`${scheme}://${request.headers.host ?? ''}`, request.remoteAddress);
}
