import type { Config } from '../core/config/config.js';
import type { Predecessor } from '../core/database/predecessor.js';
import type { Logger } from '../core/logging.js';
import type { BlueprintCatalogue } from '../features/blueprints/blueprints.api.js';
import { InstancePaths } from '../features/instances/instances.api.js';
import { OriginalAiKore } from '../features/instances/original/original-aikore.js';
import { PortLeases } from '../features/instances/leases/port-leases.js';

/** What takes over the database of the original AiKore when the data directory is one of its volumes. */
export function buildPredecessor(config: Config, catalogue: BlueprintCatalogue, logger: Logger): Predecessor {
  const rules = {
    publishedRange: config.instancePortRange,
    ownPorts: [config.port, config.appsPort].filter((port) => port !== 0),
  };
  const leases = new PortLeases({ ...rules, ownPorts: () => rules.ownPorts, rows: () => [] });
  return new OriginalAiKore({
    rules,
    paths: new InstancePaths(config.dataDir),
    catalogue,
    choosePorts: async (count, isTaken) => {
      const ports: number[] = [];
      while (ports.length < count) {
        const port = await leases.choose();
        if (!isTaken(port)) ports.push(port);
      }
      return ports;
    },
    logger,
  });
}
