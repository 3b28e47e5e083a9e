import type { Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import type { Capability } from '../contracts/system.js';
import { AuditEntity } from '../core/audit/audit.entity.js';
import { AuditLog } from '../core/audit/audit-log.js';
import { authProviders } from '../core/auth/auth.providers.js';
import { authEntities } from '../core/auth/auth.entities.js';
import { createAuth } from '../core/auth/auth.factory.js';
import type { Auth } from '../core/auth/auth.factory.js';
import type { Caller } from '../core/auth/caller.js';
import type { Config } from '../core/config/config.js';
import { openDatabase } from '../core/database/open-database.js';
import { DiskWatch } from '../core/disk/disk-watch.js';
import { EventHub } from '../core/events/event-hub.js';
import { EventsGateway } from '../core/events/events-gateway.js';
import { ClientViews } from '../core/http/client-views.js';
import { OriginView } from '../core/http/origin-view.js';
import type { UpgradeRouter } from '../core/http/upgrade-router.js';
import type { TlsCertificate } from '../core/tls/tls-certificate.js';
import type { Logger } from '../core/logging.js';
import type { AppsServer } from '../features/access/apps-server.js';
import { routeOfHost } from '../features/access/place.js';
import { InstanceEntity } from '../features/instances/instance.entity.js';
import { InstanceAddress } from '../features/instances/http/instance-address.js';
import { RunEntity } from '../features/instances/run.entity.js';
import { LogTopic } from '../features/logs/log-topic.js';
import type { GpuMonitor } from '../features/system/gpu-monitor.js';
import { MetricsService } from '../features/system/metrics/metrics.service.js';
import { TerminalSessions } from '../features/terminals/terminal-sessions.js';
import { ShellPlaces } from '../features/terminals/terminals.ports.js';
import { StatsSampler } from '../features/system/stats-sampler.js';
import { PublicStatusSource } from '../features/system/status.controller.js';
import { PortsService } from '../features/system/ports.service.js';
import { SystemService } from '../features/system/system.service.js';
import { auditNames } from './audit/audit-names.js';
import { buildBlueprints, openCatalogue } from './build-blueprints.js';
import { buildCertificate } from './build-certificate.js';
import type { AppsDoors } from './apps-doors.js';
import { buildApps } from './build-apps.js';
import { buildDesktops } from './build-desktops.js';
import { buildDoors, forgetPassagesInTime } from './build-doors.js';
import { buildEnvironments } from './build-environments.js';
import { buildFigures, buildGpuMonitor, selectableGpus } from './build-figures.js';
import type { Hosts } from './build-hosts.js';
import { buildHosts } from './build-hosts.js';
import { buildInstances } from './build-instances.js';
import type { InstancesParts } from './build-instances.js';
import { buildDiskWatch } from './build-disk-watch.js';
import { buildScripts } from './build-scripts.js';
import { buildUpgrades } from './build-upgrades.js';
import { buildVersions } from './build-versions.js';
import { buildTransfers } from './build-transfers.js';
import { buildTerminals } from './build-terminals.js';
import type { TerminalsParts } from './build-terminals.js';
import type { Warnings } from './build-warnings.js';
import { buildWarnings } from './build-warnings.js';
import { controllers } from './controllers.js';
import { findCapabilities } from './capabilities.js';
import { isInstanceOrigin, noteDashboard } from './host-sign-in.js';
import { findDesktopPrograms } from './desktop-programs.js';
import { createDashboardServer } from './http/dashboard-server.js';
import { localiseEvent } from './localise-event.js';
import { instanceProviders } from './instance-providers.js';
import { keepNotesFresh, tellGpuWarnings } from './instance-notes.js';
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
  transfers: ReturnType<typeof buildTransfers>;
  routes: InstanceRoutes;
  origins: OriginView;
  capabilities: Capability[];
  sampler: StatsSampler;
  disk: DiskWatch;
  gpus: GpuMonitor;
  clients: ClientViews;
  certificate: TlsCertificate | null;
  gateway: EventsGateway;
  upgrades: UpgradeRouter;
  dashboard: NestFastifyApplication;
  apps: AppsServer<Caller>;
  doors: AppsDoors;
  desktops: ReturnType<typeof buildDesktops>;
}

/** Constructs every part and hands each what it needs; nothing runs yet. */
export async function buildParts(config: Config, logger: Logger): Promise<Parts> {
  const version = programVersion();
  const lookingForDesktops = findDesktopPrograms(config.displayServer, searchPath);
  const catalogue = openCatalogue(config);
  const dataSource = await openDatabase({
    dataDir: config.dataDir,
    entities: [InstanceEntity, RunEntity, AuditEntity, ...authEntities],
    migrations,
    logger,
    isPrivate: config.appUser !== null,
    predecessor: buildPredecessor(config, catalogue, logger),
  });
  const hub = new EventHub();
  const { standing: warnings, all, tell }: Warnings = buildWarnings(hub, () => disk.warnings);
  const origins = new OriginView(config);
  const clients = new ClientViews(config.trustedProxies);
  const certificate = buildCertificate(config, warnings, logger);
  const { policy: hosts, isOwnName }: Hosts = buildHosts(
    config,
    (name) => routes.findByHostname(name) !== null,
  );
  const audit = new AuditLog(dataSource.getRepository(AuditEntity), logger);
  const auth = createAuth({
    dataSource,
    config,
    hosts,
    isApplicationOrigin: (origin) => isInstanceOrigin(origin, routes, instances, origins),
    logger,
  });
  const disk: DiskWatch = buildDiskWatch(config.dataDir, hub, tell, logger);
  const gpus: GpuMonitor = buildGpuMonitor(() => tellGpuWarnings(hub, instances));
  const gpuIndexes = () => selectableGpus(gpus.latest);
  const found = await lookingForDesktops;
  const instances: InstancesParts = buildInstances({
    config,
    dataSource,
    hub,
    catalogue,
    logger,
    gpuIndexes,
    desktopPrograms: found.programs,
    ownPorts: () => Object.values(origins.ports),
    isOwnName,
    isOwnNginx: (pid) => doors.isOwnNginx(pid),
    disk,
    notesOf: (id) => desktops.warningsOf(id),
  });
  const desktops: Parts['desktops'] = buildDesktops({
    config,
    instances,
    auth,
    hosts,
    origins,
    clients,
    certificate,
    client: 'missing' in found.programs ? 'novnc' : found.programs.server.client,
    hub,
    audit,
    logger,
  });
  const terminals = buildTerminals({ config, catalogue, instances, hub, auth, audit, logger });
  const routes: InstanceRoutes = new InstanceRoutes(instances, isOwnName);
  keepRoutesFresh(hub, routes, () => void doors.reconcile(), logger);
  keepNotesFresh(hub, instances, logger);

  const { sampler, trees } = buildFigures({
    dataDir: config.dataDir,
    gpus,
    instances,
    hub,
    diskState: () => disk.diskState,
  });
  const transfers = buildTransfers({ config, instances, hub, disk, version, logger });
  const capabilities = [...findCapabilities(searchPath), ...found.capabilities];
  // In the background: a driver that hangs must not hold up the boot.
  void gpus.read();
  const system = new SystemService(
    { version, dataDir: config.dataDir, instancePortRange: config.instancePortRange, capabilities },
    gpus,
    () => leasedPublicPorts(instances),
    all,
    () => doors.state,
  );
  const address = new InstanceAddress(
    (seen) => origins.seenFrom(seen),
    (name) => (isOwnName(name) ? 'aikore' : routeOfHost(name, routes)),
  );
  const logTopic = new LogTopic(instances.registry, instances.paths, instances.logs, logger);
  const gateway = new EventsGateway({
    hub,
    snapshot: async (seen) => {
      const info = await system.info(origins.seenFrom(seen));
      return () => ({
        instances: instances.service.list().map((instance) => address.localise(instance, seen)),
        system: info,
        stats: sampler.latest,
        trash: instances.trash.state,
        operations: transfers.operations.list(),
      });
    },
    localise: (event, seen) => localiseEvent(event, (instance) => address.localise(instance, seen)),
    followLog: (id, offset, sink) => logTopic.follow(id, offset, sink),
    onViewers: (count) => sampler.setViewers(count),
    liveSockets: auth.sockets,
    logger,
  });
  const providers: Provider[] = [
    ...[
      [TerminalSessions, terminals.sessions],
      [ShellPlaces, terminals.places],
      [SystemService, system],
      [PortsService, buildPorts(config, origins, instances)],
      [StatsSampler, sampler],
      [DiskWatch, disk],
      [MetricsService, new MetricsService({ version, sampler, trees, registry: instances.registry })],
      [OriginView, origins],
      [PublicStatusSource, new PublicStatusSource(version, () => auth.service.isPasswordSet)],
      [AuditLog, audit],
    ].map(([provide, useValue]) => ({ provide, useValue }) as Provider),
    ...instanceProviders(instances, address, hub),
    ...authProviders(auth),
    ...buildBlueprints(config, catalogue, instances, hub),
    ...buildScripts({ instances, catalogue, hub, disk }),
    ...buildVersions(instances, system),
    ...buildEnvironments(instances, address),
    ...transfers.providers,
  ];
  const dashboard = await createDashboardServer({
    controllers,
    providers,
    gate: auth.gate,
    clients,
    certificate,
    onSessionUse: (request) => noteDashboard(auth.knownDashboard, request),
    audit: { audit, names: auditNames(instances, auth), authenticator: auth.authenticator },
    origins,
    logger,
    dashboardFolder: programFiles.dashboard,
    version,
    onDiskFull: () => disk.noteRefusal(),
  });
  const socketRoutes = [gateway, ...terminals.gateway.routes];
  const upgrades = buildUpgrades(socketRoutes, auth, clients, logger);
  const apps = buildApps(auth, audit, hosts, routes, origins, clients, certificate, logger);
  const doors: AppsDoors = await buildDoors({
    config,
    auth,
    apps,
    routes,
    instances,
    certificate,
    warnings,
    logger,
  });
  forgetPassagesInTime(hub, auth, doors);
  return {
    dataSource,
    auth,
    audit,
    instances,
    terminals,
    transfers,
    routes,
    origins,
    capabilities,
    sampler,
    disk,
    gpus,
    clients,
    certificate,
    gateway,
    upgrades,
    dashboard,
    apps,
    doors,
    desktops,
  };
}
