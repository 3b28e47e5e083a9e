import type { DataSource } from 'typeorm';
import type { Config } from '../core/config/config.js';
import type { DiskWatch } from '../core/disk/disk-watch.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { Mutex } from '../core/mutex.js';
import { exposedAddresses } from '../host/ports/exposed-addresses.js';
import { portsOfProcessesWith } from '../host/ports/listeners.js';
import { probeHttp, probeTcp } from '../host/probes/probe.js';
import { Spawner } from '../host/runner/spawner.js';
import { expandProbePath } from '../features/blueprints/blueprints.api.js';
import type { BlueprintCatalogue } from '../features/blueprints/blueprints.api.js';
import { reserveDisplay } from '../host/xserver/display-lock.js';
import { cleanDisplay, probeDisplay } from '../host/xserver/display-probe.js';
import { InstanceFiles, InstancePaths, InstanceRegistry } from '../features/instances/instances.api.js';
import type { InstanceRow, InstanceSupervisor } from '../features/instances/instances.api.js';
import { InstanceMaker } from '../features/instances/creation/instance-maker.js';
import { SatellitesService } from '../features/instances/creation/satellites.service.js';
import { DroppedOutput } from '../features/instances/dropped-output.js';
import { HomeBuilder } from '../features/instances/folders/home-builder.js';
import { Exposure } from '../features/instances/exposure.js';
import { InstanceRepository } from '../features/instances/instance.repository.js';
import { viewInstance } from '../features/instances/instance-view.js';
import { InstancesService } from '../features/instances/instances.service.js';
import { Arrivals } from '../features/instances/folders/arrivals.js';
import { LaunchScript } from '../features/instances/launch-script.js';
import type { NoteOrigin } from '../features/instances/launch-script.js';
import type { DesktopPrograms } from '../features/instances/desktop/desktop-order.js';
import { DesktopWatch } from '../features/instances/desktop/desktop-watch.js';
import { Desktops } from '../features/instances/desktop/desktops.js';
import { DisplayLeases } from '../features/instances/leases/display-leases.js';
import { Leases } from '../features/instances/leases/leases.js';
import { PublishedLeases } from '../features/instances/leases/published-leases.js';
import { AddressSettings } from '../features/instances/settings/address-settings.js';
import { PlaceChecks } from '../features/instances/settings/place-checks.js';
import { PortLeases } from '../features/instances/leases/port-leases.js';
import { RowOrder } from '../features/instances/row-order.js';
import { FilesOwners } from '../features/instances/files-owner.js';
import { RebuildService } from '../features/instances/rebuild.service.js';
import { SetupWishes } from '../features/instances/setup-wishes.js';
import { environmentOf } from '../features/instances/supervisor/launch-order.js';
import { LocalRunner } from '../features/instances/supervisor/local-runner.js';
import { Supervisor } from '../features/instances/supervisor/supervisor.js';
import type { ProbePort, SupervisorPorts } from '../features/instances/supervisor/supervisor.ports.js';
import { Restorer } from '../features/instances/trash/restorer.js';
import { TrashService } from '../features/instances/trash/trash.service.js';
import { LogReader } from '../features/logs/log-reader.js';
import { programFiles } from './program-files.js';

export interface InstancesNeeds {
  config: Config;
  dataSource: DataSource;
  hub: EventHub;
  catalogue: BlueprintCatalogue;
  logger: Logger;
  gpuIndexes: () => number[];
  desktopPrograms: DesktopPrograms | { missing: string };
  ownPorts: () => number[];
  /** Whether a host name leads to AiKore itself. */
  isOwnName: (hostname: string) => boolean;
  /** Whether a process belongs to AiKore's NGINX. */
  isOwnNginx: (pid: number) => boolean;
  disk: Pick<DiskWatch, 'noteRefusal' | 'requireRoom'>;
  /** What the parts above have to say of an instance. */
  notesOf: (id: number) => readonly string[];
}

/** Everything about instances, put together. */
export interface InstancesParts {
  paths: InstancePaths;
  files: InstanceFiles;
  registry: InstanceRegistry;
  repository: InstanceRepository;
  service: InstancesService;
  satellites: SatellitesService;
  trash: TrashService;
  arrivals: Arrivals;
  rebuilds: RebuildService;
  wishes: SetupWishes;
  owners: FilesOwners;
  order: RowOrder;
  leases: Leases;
  exposure: Exposure;
  desktops: Desktops;
  desktopWatch: DesktopWatch;
  dropped: DroppedOutput;
  logs: LogReader;
  script: LaunchScript;
  noteOrigin: NoteOrigin;
  /** What a process of an instance gets. */
  environmentFor: (row: InstanceRow, marker: string) => Record<string, string>;
  /** One change of the set of instances at a time. */
  mutex: Mutex;
  spawner: Spawner;
  supervise: (row: InstanceRow) => InstanceSupervisor;
  view: (supervisor: InstanceSupervisor) => ReturnType<typeof viewInstance>;
}

const probe: ProbePort = {
  otherPorts: async (port, slug) => {
    const assignments = [`WEBUI_PORT=${port}`, `SUBFOLDER=/instance/${slug}/`];
    return (await portsOfProcessesWith(assignments)).filter((other) => other !== port);
  },
  probe: (spec, port, slug) => {
    if (spec.type === 'process') return Promise.resolve('ready');
    return spec.type === 'tcp'
      ? probeTcp(port)
      : probeHttp(port, expandProbePath(spec.path, `/instance/${slug}/`));
  },
};

/** Puts the instances together. */
export function buildInstances(needs: InstancesNeeds): InstancesParts {
  const { config, dataSource, hub, catalogue, logger } = needs;
  const paths = new InstancePaths(config.dataDir);
  const registry = new InstanceRegistry();
  const owners = new FilesOwners(registry);
  const files = new InstanceFiles(owners, paths);
  const repository = new InstanceRepository(dataSource, logger);
  const noteOrigin = async (row: InstanceRow, script_origin: string): Promise<void> => {
    await repository.saveSettings(row.id, { script_origin });
    row.script_origin = script_origin;
  };
  const script = new LaunchScript(paths, catalogue, { noteOrigin, ownerOf: (row) => owners.of(row) });
  const mutex = new Mutex();
  const ports = new PortLeases({
    publishedRange: config.instancePortRange,
    ownPorts: needs.ownPorts,
    rows: () => registry.rows(),
  });
  const published = new PublishedLeases({
    range: config.instancePortRange,
    rows: () => registry.rows(),
    save: (id, use, port) => repository.saveSettings(id, { [use]: port }),
    isOwnNginx: needs.isOwnNginx,
  });
  const addresses = new AddressSettings({
    published,
    rows: () => registry.rows(),
    isOwnName: needs.isOwnName,
  });
  const logs = new LogReader(paths);
  const hasDesktops = !('missing' in needs.desktopPrograms);
  const leases = new Leases({
    ports,
    published,
    hasDesktops,
    changed: (id) => tellUpdated(id),
    displays: new DisplayLeases({
      rows: () => registry.rows(),
      save: (id, display) => repository.saveDisplay(id, display),
      probe: (display) => probeDisplay(display),
      clean: (display) => cleanDisplay(display),
      reserve: async (display) => !hasDesktops || reserveDisplay(display),
    }),
  });
  const tellUpdated = (id: number) => {
    const supervisor = registry.find(id);
    if (supervisor !== null) hub.publish('instance.updated', view(supervisor));
  };
  const dropped = new DroppedOutput(tellUpdated);
  const exposure = new Exposure(exposedAddresses, tellUpdated);
  const desktops = new Desktops({ paths, programs: needs.desktopPrograms });
  const desktopWatch = new DesktopWatch(paths, tellUpdated);
  const wishes = new SetupWishes({ registry, paths, script, owners, changed: tellUpdated });
  const view = (supervisor: InstanceSupervisor) => {
    const { id, run } = supervisor.row;
    const losses = supervisor.isActive ? dropped.warningsOf(id, run) : [];
    const notes = [
      ...losses,
      ...leases.warningsOf(supervisor.row),
      ...exposure.warningsOf(id),
      ...desktops.warningsOf(id),
      ...desktopWatch.warningsOf(id),
      ...wishes.warningsOf(id),
      ...needs.notesOf(id),
    ];
    return viewInstance(supervisor, owners.of(supervisor.row), needs.gpuIndexes(), notes);
  };
  const spawner = new Spawner(programFiles.runner, logger);
  const options = {
    binary: programFiles.runner,
    starter: spawner,
    functionsFile: programFiles.functions,
    programDir: programFiles.root,
    dataDir: config.dataDir,
    logMaxBytes: config.logMaxBytes,
  };
  const supervisorPorts: SupervisorPorts = {
    runner: wishes.around(
      new LocalRunner(options, files, repository, script, leases, desktops, dropped, logger),
    ),
    probe,
    evidence: logs,
    phase: logs,
    clock: { monotonicMs: () => performance.now(), now: () => new Date() },
    state: {
      save: (id, state) => repository.saveState(id, state),
      endRun: (id, run, ending, reason) =>
        repository.endRun(id, run, {
          ended_at: ending.endedAt.toISOString(),
          exit_code: ending.exitCode,
          exit_signal: ending.exitSignal,
          reason,
        }),
      noteDiskFull: () => needs.disk.noteRefusal(),
      warn: (row, message) => hub.publish('notice', { level: 'warning', message, instance_id: row.id }),
      changed: (row) => hub.publish('instance.state', view(registry.get(row.id))),
    },
  };
  const timing = {
    stalledAfterMs: config.stalledAfterSeconds * 1000,
    stopGraceMs: config.stopGraceSeconds * 1000,
  };
  const supervise = (row: InstanceRow) => new Supervisor(row, supervisorPorts, timing, logger);
  const places = new PlaceChecks(registry, paths);
  const homes = new HomeBuilder(paths, script);
  const shared = {
    registry,
    repository,
    paths,
    files,
    ports,
    addresses,
    places,
    homes,
    hub,
    mutex,
    supervise,
    view,
  };
  const maker = new InstanceMaker(shared);
  const service = new InstancesService({ ...shared, maker, catalogue });
  const trash = new TrashService({ ...shared, logger, restorer: new Restorer({ ...shared, published }) });
  return {
    paths,
    files,
    registry,
    repository,
    service,
    satellites: new SatellitesService({ ...shared, maker }),
    trash,
    arrivals: new Arrivals(shared),
    rebuilds: new RebuildService(registry, wishes),
    wishes,
    owners,
    order: new RowOrder(shared),
    leases,
    exposure,
    desktops,
    desktopWatch,
    dropped,
    logs,
    script,
    noteOrigin,
    environmentFor: (row, marker) => environmentOf(row, files, options, { port: row.port, marker }),
    mutex,
    spawner,
    supervise,
    view,
  };
}
