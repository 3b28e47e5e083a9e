import type { Provider } from '@nestjs/common';
import { EnvironmentsService } from '../features/environments/environments.service.js';
import type { EnvironmentsParts } from '../features/environments/environments.service.js';
import { EnvironmentsController } from '../features/environments/http/environments.controller.js';
import { PythonsController } from '../features/environments/http/pythons.controller.js';
import { PythonsService } from '../features/environments/pythons/pythons.service.js';
import { UpdateCheckService } from '../features/environments/updates/update-check.service.js';
import { UpdateService } from '../features/environments/updates/update.service.js';
import type { InstanceAddress } from '../features/instances/http/instance-address.js';
import { InstanceAnswers, isWithheld } from '../features/instances/instances.api.js';
import { RebuildService } from '../features/instances/rebuild.service.js';
import type { InstancesParts } from './build-instances.js';
import { searchPath } from './search-path.js';

/** Nobody waits longer for remotes and registries. */
const UPDATE_CHECK_TIMEOUT_MS = 60_000;

export const environmentControllers = [EnvironmentsController, PythonsController];

/** Everything about environments, put together. */
export function buildEnvironments(instances: InstancesParts, address: InstanceAddress): Provider[] {
  const { registry, paths, owners, wishes, script: launchScript, environmentFor, service } = instances;
  const parts: EnvironmentsParts = { registry, paths, owners, wishes, launchScript, environmentFor };
  const checks = new UpdateCheckService({ ...parts, searchPath, timeoutMs: UPDATE_CHECK_TIMEOUT_MS });
  const pythons = new PythonsService({ searchPath, env: inherited(), nowMs: () => performance.now() });
  return [
    { provide: EnvironmentsService, useValue: new EnvironmentsService(parts) },
    { provide: UpdateCheckService, useValue: checks },
    { provide: UpdateService, useValue: new UpdateService({ ...parts, instances: service }) },
    { provide: PythonsService, useValue: pythons },
    { provide: RebuildService, useValue: instances.rebuilds },
    { provide: InstanceAnswers, useValue: new InstanceAnswers(service, address) },
  ];
}

/** As scripts have it from AiKore, which find the same Pythons then. */
function inherited(): Record<string, string> {
  const known = Object.entries(process.env).filter(([name]) => !isWithheld(name));
  return Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
