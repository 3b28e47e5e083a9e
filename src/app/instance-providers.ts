import type { Provider } from '@nestjs/common';
import type { EventHub } from '../core/events/event-hub.js';
import { InstanceAddress } from '../features/instances/http/instance-address.js';
import { InstancesService } from '../features/instances/instances.service.js';
import { InstanceRegistry } from '../features/instances/instances.api.js';
import { TrashService } from '../features/instances/trash/trash.service.js';
import { RowOrder } from '../features/instances/row-order.js';
import { SatellitesService } from '../features/instances/creation/satellites.service.js';
import { InstanceList } from '../features/instances/http/instance-list.js';
import { LogReader } from '../features/logs/log-reader.js';
import { LogSearch } from '../features/logs/search/log-search.js';
import type { InstancesParts } from './build-instances.js';

/** What controllers ask for of instances. */
export function instanceProviders(
  instances: InstancesParts,
  address: InstanceAddress,
  hub: EventHub,
): Provider[] {
  const { service, logs } = instances;
  return [
    [InstancesService, service],
    [InstanceRegistry, instances.registry],
    [TrashService, instances.trash],
    [RowOrder, instances.order],
    [SatellitesService, instances.satellites],
    [InstanceAddress, address],
    [InstanceList, new InstanceList(service, address, hub)],
    [LogReader, logs],
    [LogSearch, new LogSearch(logs)],
  ].map(([provide, useValue]) => ({ provide, useValue }) as Provider);
}
