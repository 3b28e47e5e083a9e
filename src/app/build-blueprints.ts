import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Config } from '../core/config/config.js';
import type { EventHub } from '../core/events/event-hub.js';
import { BlueprintCatalogue, CustomBlueprintsService } from '../features/blueprints/blueprints.api.js';
import type { BlueprintUsers } from '../features/blueprints/blueprints.api.js';
import type { InstancesParts } from './build-instances.js';
import { programFiles } from './program-files.js';

/** The shipped blueprints, and those of the operator. */
export function openCatalogue(config: Pick<Config, 'dataDir'>): BlueprintCatalogue {
  return new BlueprintCatalogue({ stockDir: programFiles.blueprints, customDir: customDir(config) });
}

/** Everything about blueprints, put together. */
export function buildBlueprints(
  config: Pick<Config, 'dataDir'>,
  catalogue: BlueprintCatalogue,
  instances: InstancesParts,
  hub: EventHub,
): Provider[] {
  const users = blueprintUsers(instances, hub);
  const custom = new CustomBlueprintsService(catalogue, customDir(config), users);
  return [
    { provide: BlueprintCatalogue, useValue: catalogue },
    { provide: CustomBlueprintsService, useValue: custom },
  ];
}

function customDir({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'custom_blueprints');
}

/** What blueprints have to know of instances. */
function blueprintUsers({ registry, service }: InstancesParts, hub: EventHub): BlueprintUsers {
  return {
    of: (filename) =>
      registry
        .all()
        .flatMap(({ row }) => (row.base_blueprint === filename ? [{ id: row.id, name: row.name }] : [])),
    follow: (from, to) => service.followBlueprint(from, to),
    changed: () => hub.publish('blueprints.changed', {}),
  };
}
