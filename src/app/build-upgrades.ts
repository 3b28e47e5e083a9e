import type { Auth } from '../core/auth/auth.factory.js';
import { gateRequestOf } from '../core/auth/gate-request.js';
import type { ClientViews } from '../core/http/client-views.js';
import { UpgradeRouter } from '../core/http/upgrade-router.js';
import type { UpgradeRoute } from '../core/http/upgrade-router.js';
import type { Logger } from '../core/logging.js';

/** The way to the dashboard's WebSockets, through the gate. */
export function buildUpgrades(
  routes: UpgradeRoute[],
  { gate }: Pick<Auth, 'gate'>,
  clients: ClientViews,
  logger: Logger,
): UpgradeRouter {
  return new UpgradeRouter(
    routes,
    (request, client, scope) => gate.admit(gateRequestOf(request, client, true), scope),
    clients,
    logger,
  );
}
