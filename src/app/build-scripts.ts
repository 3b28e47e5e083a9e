import type { Provider } from '@nestjs/common';
import type { DiskWatch } from '../core/disk/disk-watch.js';
import type { EventHub } from '../core/events/event-hub.js';
import { findProgram } from '../host/files/find-program.js';
import type { BlueprintCatalogue } from '../features/blueprints/blueprints.api.js';
import { ScriptChecker } from '../features/scripts/checks/script-checker.js';
import { ChecksController } from '../features/scripts/http/checks.controller.js';
import { OriginalFileController } from '../features/scripts/http/original-file.controller.js';
import { ScriptsController } from '../features/scripts/http/scripts.controller.js';
import { ScriptSaver } from '../features/scripts/script-saver.js';
import { ScriptsService } from '../features/scripts/scripts.service.js';
import type { InstancesParts } from './build-instances.js';
import { searchPath } from './search-path.js';

export interface ScriptsNeeds {
  instances: InstancesParts;
  catalogue: BlueprintCatalogue;
  hub: EventHub;
  disk: Pick<DiskWatch, 'requireRoom'>;
}

export const scriptControllers = [ScriptsController, OriginalFileController, ChecksController];

/** Everything about scripts, put together. */
export function buildScripts({ instances, catalogue, hub, disk }: ScriptsNeeds): Provider[] {
  const { registry, files, mutex, noteOrigin } = instances;
  const requireRoom = () => disk.requireRoom();
  const parts = { registry, files, catalogue, hub, mutex, noteOrigin, requireRoom };
  const checker = new ScriptChecker({ searchPath, shellCheck: findProgram(searchPath, 'shellcheck') });
  return [
    { provide: ScriptsService, useValue: new ScriptsService(parts, new ScriptSaver(parts)) },
    { provide: ScriptChecker, useValue: checker },
  ];
}
