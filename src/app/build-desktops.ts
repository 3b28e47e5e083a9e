import type { AuditPort } from '../core/audit/audit.port.js';
import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import type { Config } from '../core/config/config.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { ClientViews } from '../core/http/client-views.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import type { OriginView } from '../core/http/origin-view.js';
import type { Logger } from '../core/logging.js';
import { createWebServer } from '../core/tls/serve-tls.js';
import type { TlsCertificate } from '../core/tls/tls-certificate.js';
import { viewOf } from '../features/access/access.api.js';
import { ClientFiles } from '../features/desktops/client-files.js';
import { DesktopAudit } from '../features/desktops/desktop-audit.js';
import { DesktopDecider } from '../features/desktops/desktop-decision.js';
import { DesktopAddresses } from '../features/desktops/desktop-addresses.js';
import { DesktopServer } from '../features/desktops/desktop-server.js';
import type {
  Desktop,
  DesktopClient,
  DesktopDoor,
  DesktopSource,
} from '../features/desktops/desktops.ports.js';
import type { InstanceSupervisor } from '../features/instances/instances.api.js';
import { readDesktopState } from '../host/xserver/desktop-state.js';
import type { DesktopState } from '../host/xserver/desktop-state.js';
import type { InstancesParts } from './build-instances.js';
import { programFiles } from './program-files.js';

/** Lines of the log on the page of a desktop that is not there yet. */
const SHOWN_LINES = 20;

export interface DesktopsNeeds {
  config: Pick<Config, 'host'>;
  instances: InstancesParts;
  auth: Pick<Auth, 'gate' | 'sockets'>;
  hosts: HostPolicy;
  origins: OriginView;
  clients: ClientViews;
  certificate: TlsCertificate | null;
  /** What shows the desktops that this AiKore starts. */
  client: DesktopClient;
  hub: EventHub;
  audit: AuditPort;
  logger: Logger;
}

/** The desktops' addresses, put together; `open` opens them. */
export function buildDesktops(needs: DesktopsNeeds): DesktopAddresses {
  const { config, instances, auth, hosts, origins, clients, certificate, hub, logger } = needs;
  const desktops = new InstanceDesktops(instances, needs.client);
  const audit = new DesktopAudit(needs.audit);
  const door: DesktopDoor<Caller> = {
    gate: { admit: (request) => auth.gate.admitToApplication(request, 'operate') },
    hosts,
    origins: () => origins.origins,
    liveSockets: auth.sockets,
    viewOf: (request, isUpgrade, entry) => viewOf(request, clients.of(request), isUpgrade, entry),
    createServer: (options, listener) => createWebServer(options, certificate).on('request', listener),
    noteViewer: (caller, desktop, address) => audit.shown(caller, desktop, address),
    logger,
  };
  const decider = new DesktopDecider(door, desktops, new ClientFiles(programFiles.desktop));
  const addresses = new DesktopAddresses({
    host: config.host,
    desktops,
    createServer: (port) => new DesktopServer(port, door, decider),
    changed: (id) => {
      const supervisor = instances.registry.find(id);
      if (supervisor !== null) hub.publish('instance.updated', instances.view(supervisor));
    },
  });
  keepAddressesFresh(hub, addresses);
  return addresses;
}

/** The desktops: what the instances' settings say. */
class InstanceDesktops implements DesktopSource {
  constructor(
    private readonly instances: InstancesParts,
    private readonly client: DesktopClient,
  ) {}

  all(): Desktop[] {
    return this.instances.registry.all().flatMap((supervisor) => this.desktopOf(supervisor) ?? []);
  }

  findByPort(port: number): Desktop | null {
    for (const row of this.instances.registry.rows()) {
      if (row.persistent_port === port) return this.desktopOf(this.instances.registry.get(row.id));
    }
    return null;
  }

  private desktopOf({ row, phase }: InstanceSupervisor): Desktop | null {
    const { paths, logs, desktops } = this.instances;
    if (!row.persistent_mode || row.persistent_port === null) return null;
    return {
      instanceId: row.id,
      name: row.name,
      port: row.persistent_port,
      socketPath: paths.rfbSocket(row.id),
      client: this.client,
      status: row.status,
      statusReason: row.status_reason,
      phase,
      absence: () => desktops.absenceOf(row),
      trouble: async () => troubleOf(await readDesktopState(paths.displayState(row.id))),
      lastLines: () => logs.lastLines(row, SHOWN_LINES),
    };
  }
}

/** Why there is no display, as its helper says. */
function troubleOf(state: DesktopState | null): string | null {
  if (state === null || state.x.state === 'running' || state.x.sentence === '') return null;
  return state.x.sentence;
}

/** Every change of an instance may be one of its desktop; what is told in one go is looked at once. */
function keepAddressesFresh(hub: EventHub, addresses: DesktopAddresses): void {
  let isDue = false;
  hub.subscribe((event) => {
    if (isDue || !event.type.startsWith('instance.')) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      void addresses.reconcile();
    });
  });
}
