import type { Config } from '../core/config/config.js';
import type { OriginView } from '../core/http/origin-view.js';
import { PortsService } from '../features/system/ports.service.js';
import { exposedAddresses } from '../host/ports/exposed-addresses.js';
import { listeningPorts } from '../host/ports/port-holder.js';
import type { InstancesParts } from './build-instances.js';

export function buildPorts(
  config: Pick<Config, 'instancePortRange'>,
  origins: OriginView,
  { registry }: Pick<InstancesParts, 'registry'>,
): PortsService {
  return new PortsService({
    range: config.instancePortRange,
    ownPorts: () => origins.ports,
    rows: () => registry.rows(),
    listening: () => new Set(listeningPorts().keys()),
    exposed: exposedAddresses,
  });
}

/** Ports of the published range that instances keep. */
export function leasedPublicPorts({ registry }: Pick<InstancesParts, 'registry'>): number[] {
  return [...registry.rows()]
    .flatMap((row) => [row.public_port, row.persistent_port])
    .filter((port) => port !== null);
}
