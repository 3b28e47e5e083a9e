import type { DataSource } from 'typeorm';
import type { Config } from '../core/config/config.js';
import type { EventHub } from '../core/events/event-hub.js';
import type { Logger } from '../core/logging.js';
import { Mutex } from '../core/mutex.js';
import { probeHttp, probeTcp } from '../host/probes/probe.js';
import { expandProbePath } from '../features/blueprints/blueprints.api.js';
import type { BlueprintCatalogue } from '../features/blueprints/blueprints.api.js';
import { InstancePaths, InstanceRegistry } from '../features/instances/instances.api.js';
import type { InstanceRow, InstanceSupervisor } from '../features/instances/instances.api.js';
import { InstanceRepository } from '../features/instances/instance.repository.js';
import { viewInstance } from '../features/instances/instance-view.js';
import { InstancesService } from '../features/instances/instances.service.js';
import { LaunchScript } from '../features/instances/launch-script.js';
import { PortLeases } from '../features/instances/port-leases.js';
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
  ownPorts: () => number[];
}

/** Everything about instances, put together. */
export interface InstancesParts {
  paths: InstancePaths;
  registry: InstanceRegistry;
  repository: InstanceRepository;
  service: InstancesService;
  trash: TrashService;
  logs: LogReader;
  script: LaunchScript;
  supervise: (row: InstanceRow) => InstanceSupervisor;
  view: (supervisor: InstanceSupervisor) => ReturnType<typeof viewInstance>;
}

const probe: ProbePort = {
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
  const repository = new InstanceRepository(dataSource);
  const script = new LaunchScript(paths, catalogue);
  const mutex = new Mutex();
  const ports = new PortLeases({
    publishedRange: config.instancePortRange,
    ownPorts: needs.ownPorts,
    rows: () => registry.rows(),
  });
  const logs = new LogReader(paths);
  const view = (supervisor: InstanceSupervisor) => viewInstance(supervisor, needs.gpuIndexes());
  const options = {
    binary: programFiles.runner,
    functionsFile: programFiles.functions,
    programDir: programFiles.root,
    dataDir: config.dataDir,
    logMaxBytes: config.logMaxBytes,
  };
  const supervisorPorts: SupervisorPorts = {
    runner: new LocalRunner(options, paths, repository, script, ports, logger),
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
      warn: (row, message) => hub.publish('notice', { level: 'warning', message, instance_id: row.id }),
      changed: (row) => hub.publish('instance.state', view(registry.get(row.id))),
    },
  };
  const timing = {
    stalledAfterMs: config.stalledAfterSeconds * 1000,
    stopGraceMs: config.stopGraceSeconds * 1000,
  };
  const supervise = (row: InstanceRow) => new Supervisor(row, supervisorPorts, timing, logger);
  const shared = { registry, repository, paths, ports, hub, mutex, supervise, view };
  const service = new InstancesService({ ...shared, script, catalogue });
  const trash = new TrashService({ ...shared, logger, restorer: new Restorer(shared) });
  return { paths, registry, repository, service, trash, logs, script, supervise, view };
}
