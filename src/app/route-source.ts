import type { RouteSource, RouteState } from '../features/access/access.ports.js';
import type { Blueprint } from '../contracts/blueprint.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import type { InstancesParts } from './build-instances.js';

/** Lines of the log on the *starting* page. */
const SHOWN_LINES = 20;

type ProxyWish = Pick<Blueprint, 'proxy_mode' | 'proxy_shim'>;

/** The routes of the applications' origin: what the instances and their scripts say. */
export class InstanceRoutes implements RouteSource {
  private readonly wishes = new Map<number, ProxyWish>();

  constructor(private readonly instances: InstancesParts) {}

  /** Reads again what an instance's script declares; at boot, and whenever one is created or started. */
  async refresh(id: number): Promise<void> {
    const { registry, script } = this.instances;
    this.wishes.set(id, await script.definition(registry.get(id).row));
  }

  forget(id: number): void {
    this.wishes.delete(id);
  }

  find(slug: string): RouteState | null {
    const supervisor = this.instances.registry.findBySlug(slug);
    if (supervisor === null) return null;
    const { row } = supervisor;
    const wish = this.wishes.get(row.id);
    return {
      instanceId: row.id,
      slug,
      port: supervisor.port,
      mode: wish?.proxy_mode === 'keep' ? 'keep' : 'strip',
      isShimInjected: wish?.proxy_shim ?? true,
      name: row.name,
      status: row.status,
      statusReason: row.status_reason,
      phase: supervisor.phase,
      lastLines: () => this.instances.logs.lastLines(row, SHOWN_LINES),
    };
  }
}

/** The script of an instance may have changed whenever it is created or started. */
export function keepRoutesFresh(hub: EventHub, routes: InstanceRoutes, logger: Logger): void {
  hub.subscribe((event) => {
    if (event.type === 'instance.removed') routes.forget(event.data.id);
    const isDue =
      event.type === 'instance.created' ||
      (event.type === 'instance.state' && event.data.status === 'starting');
    if (!isDue) return;
    routes
      .refresh(event.data.id)
      .catch((error: unknown) => logger.warn('a script cannot be read', { instance: event.data.id, error }));
  });
}
