import type { Instance, InstanceCreate } from '../../../contracts/instance.js';
import type { InstanceInstantiate } from '../../../contracts/operation.js';
import { invalidFields } from '../../../core/errors.js';
import type { Mutex } from '../../../core/mutex.js';
import { gpuIdsProblem } from '../domain/gpu-ids.js';
import { nameProblem } from '../domain/instance-name.js';
import type { HomeBuilder } from '../folders/home-builder.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceMaker } from './instance-maker.js';

export interface SatellitesParts {
  registry: InstanceRegistry;
  files: InstanceFiles;
  homes: HomeBuilder;
  maker: InstanceMaker;
  /** The one under which instances come and go. */
  mutex: Mutex;
}

/** Makes satellites: instances that work with the files and the environment of another one. */
export class SatellitesService {
  constructor(private readonly parts: SatellitesParts) {}

  /**
   * Makes a satellite, with the settings of the instance that was asked for and a name, ports, outputs and a log of its
   * own. One of a satellite becomes one of its parent. It starts nothing, and not by itself.
   * @throws AppError `not_found`; `invalid`; `conflict` for a name that is taken, or while the files are being copied;
   * `unavailable` when no port is free
   */
  instantiate(id: number, { new_name: name, gpu_ids: gpus }: InstanceInstantiate): Promise<Instance> {
    requireValid({ new_name: nameProblem(name), gpu_ids: gpus ? gpuIdsProblem(gpus) : null });
    return this.parts.mutex.run(() => {
      const { registry, files, homes, maker } = this.parts;
      const { row } = registry.get(id);
      const owner = files.owners.of(row);
      // A hold is known to those that were there when it began.
      registry.get(owner.id).holds.check(owner);
      const wish = { ...settingsFrom(row), name, gpu_ids: gpus === undefined ? row.gpu_ids : gpus };
      return maker.make(wish, {
        build: (ownId) => homes.buildEmpty(ownId),
        parentId: owner.id,
        nameField: 'new_name',
      });
    });
  }
}

/** What a satellite begins with. Its address and its outputs are its own, its pins its parent's. */
function settingsFrom(row: InstanceEntity): Omit<InstanceCreate, 'name'> {
  const { base_blueprint, persistent_mode, access_mode, restart_policy, env, launch_args, probe } = row;
  return {
    base_blueprint,
    persistent_mode,
    access_mode,
    restart_policy,
    env: { ...env },
    launch_args,
    probe,
  };
}

function requireValid(problems: Record<string, string | null>): void {
  const found = Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== null);
  if (found.length > 0) throw invalidFields(Object.fromEntries(found));
}
