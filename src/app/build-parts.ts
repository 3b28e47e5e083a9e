import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import type { Capability } from '../contracts/system.js';
import { AuditController } from '../core/audit/audit.controller.js';
import { AuditEntity } from '../core/audit/audit.entity.js';
import { AuditLog } from '../core/audit/audit-log.js';
import { authControllers } from '../core/auth/auth.access.js';
import { authEntities } from '../core/auth/auth.entities.js';
import { createAuth } from '../core/auth/auth.factory.js';
import type { Auth } from '../core/auth/auth.factory.js';
import { AuthService } from '../core/auth/auth.service.js';
import { ApiTokens } from '../core/auth/api-tokens.js';
import type { Caller } from '../core/auth/caller.js';
import { gateRequestOf } from '../core/auth/gate-request.js';
import { LiveSockets } from '../core/auth/live-sockets.js';
import { SessionCookies } from '../core/auth/session-cookies.js';
import { Sessions } from '../core/auth/sessions.js';
import type { Config } from '../core/config/config.js';
import { openDatabase } from '../core/database/open-database.js';
import { DiskWatch } from '../core/disk/disk-watch.js';
import { EventHub } from '../core/events/event-hub.js';
import { EventsGateway } from '../core/events/events-gateway.js';
import type { HostPolicy } from '../core/http/host-policy.js';
import { createHostPolicy } from '../core/http/host-policy.js';
import { OriginView } from '../core/http/origin-view.js';
import { UpgradeRouter } from '../core/http/upgrade-router.js';
import type { Logger } from '../core/logging.js';
import type { AppsServer } from '../features/access/apps-server.js';
import {
  BlueprintCatalogue,
  BlueprintsController,
  CustomBlueprintsService,
} from '../features/blueprints/blueprints.api.js';
import { InstanceRegistry } from '../features/instances/instances.api.js';
import { InstanceEntity } from '../features/instances/instance.entity.js';
import { InstanceList } from '../features/instances/http/instance-list.js';
import { InstanceAddress } from '../features/instances/http/instance-address.js';
import { InstancesController } from '../features/instances/http/instances.controller.js';
import { RowOrderController } from '../features/instances/http/order.controller.js';
import { TrashController } from '../features/instances/http/trash.controller.js';
import { InstancesService } from '../features/instances/instances.service.js';
import { RowOrder } from '../features/instances/row-order.js';
import { RebuildService } from '../features/instances/rebuild.service.js';
import { RunEntity } from '../features/instances/run.entity.js';
import { TrashService } from '../features/instances/trash/trash.service.js';
import type { PortListeners } from '../host/ports/port-listeners.js';
import { LogReader } from '../features/logs/log-reader.js';
import { LogTopic } from '../features/logs/log-topic.js';
import { LogsController } from '../features/logs/logs.controller.js';
import { LogSearch } from '../features/logs/search/log-search.js';
import type { GpuMonitor } from '../features/system/gpu-monitor.js';
import { MetricsController } from '../features/system/metrics/metrics.controller.js';
import { MetricsService } from '../features/system/metrics/metrics.service.js';
import {
  InstanceTerminalsController,
  MachineTerminalsController,
} from '../features/terminals/terminals.controller.js';
import { TerminalSessions } from '../features/terminals/terminal-sessions.js';
import { ShellPlaces } from '../features/terminals/terminals.ports.js';
import { StatsSampler } from '../features/system/stats-sampler.js';
import { PublicStatusSource, StatusController } from '../features/system/status.controller.js';
import { PortsController } from '../features/system/ports.controller.js';
import { PortsService } from '../features/system/ports.service.js';
import { SystemController } from '../features/system/system.controller.js';
import { SystemService } from '../features/system/system.service.js';
import { auditNames } from './audit/audit-names.js';
import { buildApps, publishedPorts } from './build-apps.js';
import { buildFigures, buildGpuMonitor, selectableGpus } from './build-figures.js';
import { buildInstances } from './build-instances.js';
import type { InstancesParts } from './build-instances.js';
import { buildDiskWatch } from './build-disk-watch.js';
import { blueprintUsers, buildScripts, scriptControllers } from './build-scripts.js';
import { buildVersions, versionControllers } from './build-versions.js';
import { buildTerminals } from './build-terminals.js';
import type { TerminalsParts } from './build-terminals.js';
import { findCapabilities } from './capabilities.js';
import { createDashboardServer } from './http/dashboard-server.js';
import { localiseEvent } from './localise-event.js';
import { keepNotesFresh } from './instance-notes.js';
import { migrations } from './migrations/migrations.js';
import { buildPorts, leasedPublicPorts } from './build-ports.js';
import { programFiles, programVersion } from './program-files.js';
import { searchPath } from './search-path.js';
import { InstanceRoutes, keepRoutesFresh } from './route-source.js';
import { buildPredecessor } from './take-over.js';

/** What a running AiKore consists of. */
export interface Parts {
  dataSource: DataSource;
  auth: Auth;
  audit: AuditLog;
  instances: InstancesParts;
  terminals: TerminalsParts;
  routes: InstanceRoutes;
  origins: OriginView;
  capabilities: Capability[];
  sampler: StatsSampler;
  disk: DiskWatch;
  gpus: GpuMonitor;
  gateway: EventsGateway;
  upgrades: UpgradeRouter;
  dashboard: NestFastifyApplication;
  apps: AppsServer<Caller>;
  published: PortListeners;
}

/** Constructs every part and hands each what it needs; nothing runs yet. */
export async function buildParts(config: Config, logger: Logger): Promise<Parts> {
  const version = programVersion();
  const catalogue = new BlueprintCatalogue({
    stockDir: programFiles.blueprints,
    customDir: join(config.dataDir, 'custom_blueprints'),
  });
  const dataSource = await openDatabase({
    dataDir: config.dataDir,
    entities: [InstanceEntity, RunEntity, AuditEntity, ...authEntities],
    migrations,
    logger,
    predecessor: buildPredecessor(config, catalogue, logger),
  });
  const hub = new EventHub();
  const origins = new OriginView(config);
  const hosts: HostPolicy = createHostPolicy({
    config,
    machineName: hostname(),
    instanceHostnames: () => routes.hostnames,
  });
  const audit = new AuditLog(dataSource.getRepository(AuditEntity), logger);
  const auth = createAuth({ dataSource, config, hosts, logger });
  const disk = buildDiskWatch(config.dataDir, hub, logger);
  const gpus: GpuMonitor = buildGpuMonitor(() => tellGpuWarnings(hub, instances));
  const gpuIndexes = () => selectableGpus(gpus.latest);
  const instances: InstancesParts = buildInstances({
    config,
    dataSource,
    hub,
    catalogue,
    logger,
    gpuIndexes,
    ownPorts: () => Object.values(origins.ports),
    disk,
  });
  const terminals = buildTerminals({ config, catalogue, instances, hub, auth, audit, logger });
  const routes: InstanceRoutes = new InstanceRoutes(instances);
  keepRoutesFresh(hub, routes, () => void published.reconcile(), logger);
  keepNotesFresh(hub, instances, logger);

  const { sampler, trees } = buildFigures({
    dataDir: config.dataDir,
    gpus,
    instances,
    hub,
    diskState: () => disk.diskState,
  });
  const capabilities = findCapabilities(searchPath);
  // In the background: a driver that hangs must not hold up the boot.
  void gpus.read();
  const system = new SystemService(
    { version, dataDir: config.dataDir, instancePortRange: config.instancePortRange, capabilities },
    gpus,
    () => leasedPublicPorts(instances),
    () => [...disk.warnings, ...published.problems.values()],
  );
  const address = new InstanceAddress((host) => origins.seenFrom(host).apps);
  const logTopic = new LogTopic(instances.registry, instances.paths, instances.logs, logger);
  const gateway = new EventsGateway({
    hub,
    snapshot: async (host) => {
      const info = await system.info(origins.seenFrom(host));
      return () => ({
        instances: instances.service.list().map((instance) => address.localise(instance, host)),
        system: info,
        stats: sampler.latest,
        trash: instances.trash.state,
      });
    },
    localise: (event, host) => localiseEvent(event, (instance) => address.localise(instance, host)),
    followLog: (id, offset, sink) => logTopic.follow(id, offset, sink),
    onViewers: (count) => sampler.setViewers(count),
    liveSockets: auth.sockets,
    logger,
  });
  const providers: Provider[] = [
    ...[
      [InstancesService, instances.service],
      [InstanceRegistry, instances.registry],
      [TrashService, instances.trash],
      [RowOrder, instances.order],
      [RebuildService, instances.rebuilds],
      [InstanceAddress, address],
      [InstanceList, new InstanceList(instances.service, address, hub)],
      [LogReader, instances.logs],
      [LogSearch, new LogSearch(instances.logs)],
      [TerminalSessions, terminals.sessions],
      [ShellPlaces, terminals.places],
      [BlueprintCatalogue, catalogue],
      [
        CustomBlueprintsService,
        new CustomBlueprintsService(
          catalogue,
          join(config.dataDir, 'custom_blueprints'),
          blueprintUsers(instances, hub),
        ),
      ],
      [SystemService, system],
      [PortsService, buildPorts(config, origins, instances)],
      [StatsSampler, sampler],
      [DiskWatch, disk],
      [MetricsService, new MetricsService({ version, sampler, trees, registry: instances.registry })],
      [OriginView, origins],
      [PublicStatusSource, new PublicStatusSource(version, () => auth.service.isPasswordSet)],
      [AuthService, auth.service],
      [SessionCookies, auth.cookies],
      [Sessions, auth.sessions],
      [ApiTokens, auth.tokens],
      [LiveSockets, auth.sockets],
      [AuditLog, audit],
    ].map(([provide, useValue]) => ({ provide, useValue }) as Provider),
    ...buildScripts({ instances, catalogue, hub, disk }),
    ...buildVersions(instances, system),
  ];
  const dashboard = await createDashboardServer({
    controllers: [
      InstancesController,
      RowOrderController,
      TrashController,
      LogsController,
      InstanceTerminalsController,
      MachineTerminalsController,
      BlueprintsController,
      ...scriptControllers,
      ...versionControllers,
      SystemController,
      PortsController,
      MetricsController,
      StatusController,
      AuditController,
      ...authControllers,
    ],
    providers,
    gate: auth.gate,
    audit: { audit, names: auditNames(instances, auth), authenticator: auth.authenticator },
    origins,
    logger,
    dashboardFolder: programFiles.dashboard,
    version,
    onDiskFull: () => disk.noteRefusal(),
  });
  const upgrades = new UpgradeRouter(
    [gateway, ...terminals.gateway.routes],
    (request, scope) => auth.gate.admit(gateRequestOf(request, true), scope),
    logger,
  );
  const apps = buildApps(auth, hosts, routes, origins, logger);
  const published: PortListeners = publishedPorts(config.host, apps, routes);
  return {
    dataSource,
    auth,
    audit,
    instances,
    terminals,
    routes,
    origins,
    capabilities,
    sampler,
    disk,
    gpus,
    gateway,
    upgrades,
    dashboard,
    apps,
    published,
  };
}

/** Which cards the machine has is part of what instances warn of. */
function tellGpuWarnings(hub: EventHub, { registry, view }: InstancesParts): void {
  for (const supervisor of registry.all()) {
    if (supervisor.row.gpu_ids) hub.publish('instance.updated', view(supervisor));
  }
}
