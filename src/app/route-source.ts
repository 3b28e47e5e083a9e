import type { RouteSource, RouteState } from '../features/access/access.ports.js';
import type { Blueprint } from '../contracts/blueprint.js';
import type { EventHub } from '../core/events/event-hub.js';
import { hostnameOf } from '../core/http/domain/custom-hostname.js';
import type { Logger } from '../core/logging.js';
import type { Supervisor } from '../features/instances/supervisor/supervisor.js';
import type { InstancesParts } from './build-instances.js';

/** Lines of the log on the *starting* page. */
const SHOWN_LINES = 20;

type ProxyWish = Pick<Blueprint, 'proxy_mode' | 'proxy_shim'>;

/** How applications are reached: what the instances' settings and their scripts say. */
export class InstanceRoutes implements RouteSource {
  private readonly wishes = new Map<number, ProxyWish>();
  private ids: { byHostname: Map<string, number>; byPort: Map<number, number> } = {
    byHostname: new Map(),
    byPort: new Map(),
  };

  /** @param isOwnName whether a name leads to AiKore itself, whatever an instance of former times says */
  constructor(
    private readonly instances: InstancesParts,
    private readonly isOwnName: (hostname: string) => boolean,
  ) {}

  /** Reads again what an instance's script declares; at boot, and whenever one is created or started. */
  async refresh(id: number): Promise<void> {
    const { registry, script } = this.instances;
    this.wishes.set(id, await script.definition(registry.get(id).row));
  }

  forget(id: number): void {
    this.wishes.delete(id);
  }

  /** Reads the addresses of all instances again; at boot, and whenever settings change. */
  refreshAddresses(): void {
    const byHostname = new Map<string, number>();
    const byPort = new Map<number, number>();
    for (const { row } of this.instances.registry.all().reverse()) {
      const name = row.use_custom_hostname && row.hostname !== null ? hostnameOf(row.hostname) : null;
      if (name !== null && !this.isOwnName(name)) byHostname.set(name, row.id);
      if (row.access_mode === 'port' && row.public_port !== null) byPort.set(row.public_port, row.id);
    }
    this.ids = { byHostname, byPort };
  }

  /** Names that instances have for themselves, lower case. */
  get hostnames(): string[] {
    return [...this.ids.byHostname.keys()];
  }

  /** Published ports of the instances that have one to themselves. */
  get publicPorts(): number[] {
    return [...this.ids.byPort.keys()];
  }

  find(slug: string): RouteState | null {
    return this.stateOf(this.instances.registry.findBySlug(slug));
  }

  findByHostname(hostname: string): RouteState | null {
    return this.byId(this.ids.byHostname.get(hostname));
  }

  findByPort(port: number): RouteState | null {
    return this.byId(this.ids.byPort.get(port));
  }

  private byId(id: number | undefined): RouteState | null {
    return id === undefined ? null : this.stateOf(this.instances.registry.find(id));
  }

  private stateOf(supervisor: Supervisor | null): RouteState | null {
    if (supervisor === null) return null;
    const { row } = supervisor;
    const wish = this.wishes.get(row.id);
    return {
      instanceId: row.id,
      slug: row.slug,
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

/** The script of an instance may have changed whenever it is created or started, its addresses with its settings. */
export function keepRoutesFresh(
  hub: EventHub,
  routes: InstanceRoutes,
  onAddresses: () => void,
  logger: Logger,
): void {
  hub.subscribe((event) => {
    if (event.type === 'instance.removed') routes.forget(event.data.id);
    if (/^instance\.(created|updated|removed)$/.test(event.type)) {
      routes.refreshAddresses();
      onAddresses();
    }
    const isDue =
      event.type === 'instance.created' ||
      (event.type === 'instance.state' && event.data.status === 'starting');
    if (!isDue) return;
    routes
      .refresh(event.data.id)
      .catch((error: unknown) => logger.warn('a script cannot be read', { instance: event.data.id, error }));
  });
}
