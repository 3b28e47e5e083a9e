import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import type { Instance, InstanceCreate } from '../../../contracts/instance.js';
import { AppError, invalidFields } from '../../../core/errors.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import type { Mutex } from '../../../core/mutex.js';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { syncFolder } from '../../../host/files/atomic-write.js';
import { exists } from '../../../host/files/exists.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { nameProblem } from '../domain/instance-name.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { PortLeases } from '../leases/port-leases.js';
import { newRow } from '../new-row.js';
import type { AddressSettings, DecidedAddress } from '../settings/address-settings.js';
import type { PlaceChecks } from '../settings/place-checks.js';
import type { Supervisor } from '../supervisor/supervisor.js';

export interface ArrivalsParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  ports: PortLeases;
  addresses: AddressSettings;
  places: PlaceChecks;
  hub: EventHub;
  mutex: Mutex;
  supervise: (row: InstanceEntity) => Supervisor;
  view: (supervisor: Supervisor) => Instance;
}

/** What its name is called in the requests that make it. */
const NAME_FIELD = 'new_name';

/** An instance that takes long to make: its name is kept, and its folders are filled where nobody looks. */
export interface Arrival {
  name: string;
  /** Empty folders of the applications', once they are made. */
  home: string;
  outputs: string | null;
  /** Gives the name up. */
  release: () => void;
}

/** What an arrived instance is made of. */
export interface ArrivedSettings extends InstanceCreate {
  script_origin: string | null;
}

/**
 * Makes instances whose files take long to come. The row decides, as for other new ones: until it is there what lies in
 * the folders is rubbish for the next boot, from then on the next boot puts them into place.
 */
export class Arrivals {
  constructor(private readonly parts: ArrivalsParts) {}

  /**
   * Keeps a name. Nothing is made yet.
   * @throws AppError `invalid`, or `conflict` for a name that an instance, a folder or another arrival has
   */
  announce(name: string, hasOutputs: boolean): Promise<Arrival> {
    const { registry, paths, places, mutex } = this.parts;
    return mutex.run(async () => {
      const problem = nameProblem(name);
      if (problem !== null) throw invalidFields({ [NAME_FIELD]: problem });
      places.requireFreeName(name, null, NAME_FIELD);
      await this.requireFreePlaces({ name, hasOutputs });
      const key = randomUUID();
      const outputs = hasOutputs ? paths.arrivingOutputs(key) : null;
      return { name, home: paths.arrivingHome(key), outputs, release: registry.reserve(name) };
    });
  }

  /** Makes its folders, empty. */
  async prepare({ home, outputs }: Arrival): Promise<void> {
    await makeAppFolder(home);
    if (outputs !== null) await makeAppFolder(outputs);
  }

  /** The folders hold all that they should: from now on there is an instance. @throws AppError; nothing has changed then */
  settle(arrival: Arrival, settings: ArrivedSettings): Promise<Instance> {
    const { registry, repository, ports, addresses, hub, mutex } = this.parts;
    const { script_origin, ...wish } = settings;
    return mutex.run(async () => {
      await this.requireFreePlaces({ name: arrival.name, hasOutputs: arrival.outputs !== null });
      const port = await ports.choose();
      let decided: DecidedAddress = {};
      try {
        const fresh = newRow(wish, await repository.nextId(), port, registry);
        decided = await addresses.decide(wish, { slug: fresh.slug, row: null });
        const row = await this.insert(arrival, { ...fresh, ...decided, script_origin });
        const supervisor = this.parts.supervise(row);
        registry.add(supervisor);
        hub.publish('instance.created', this.parts.view(supervisor));
        return this.parts.view(supervisor);
      } finally {
        ports.settle(port);
        addresses.settle(decided);
      }
    });
  }

  /** Removes what was brought so far. */
  async drop({ home, outputs }: Arrival): Promise<void> {
    await removeTree(home);
    if (outputs !== null) await removeTree(outputs);
  }

  /** Hours may pass until it arrives, in which somebody puts folders there by hand. */
  private async requireFreePlaces({
    name,
    hasOutputs,
  }: {
    name: string;
    hasOutputs: boolean;
  }): Promise<void> {
    const { paths, places } = this.parts;
    await places.requireFreeFolder(name, NAME_FIELD);
    if (hasOutputs && (await exists(paths.outputs(name, null)))) throw outputsTaken(name);
  }

  private async insert(arrival: Arrival, fresh: Omit<InstanceEntity, 'id'>): Promise<InstanceEntity> {
    const { repository, paths } = this.parts;
    const id = await repository.nextId();
    const waiting = { home: paths.unfinishedHome(id), outputs: paths.unfinishedOutputs(id) };
    let row: InstanceEntity | null = null;
    let isInPlace = false;
    try {
      await moveInto(arrival.home, waiting.home);
      if (arrival.outputs !== null) await moveInto(arrival.outputs, waiting.outputs);
      await this.sync(arrival);
      row = await repository.insert(fresh);
      await rename(waiting.home, paths.home(fresh.name));
      isInPlace = true;
      if (arrival.outputs !== null) await rename(waiting.outputs, paths.outputs(fresh.name, null));
      await this.sync(arrival);
      return row;
    } catch (error) {
      if (row !== null) await repository.remove(row.id);
      // Somebody may have put a folder of theirs there by hand meanwhile: then nothing was moved onto it.
      if (isInPlace) await removeTree(paths.home(fresh.name));
      await this.drop({ ...arrival, ...waiting });
      throw error;
    }
  }

  private async sync({ outputs }: Arrival): Promise<void> {
    const { instancesRoot, outputsRoot } = this.parts.paths;
    // A file system that cannot sync folders must not keep an instance from arriving.
    for (const root of outputs === null ? [instancesRoot] : [instancesRoot, outputsRoot])
      await syncFolder(root).catch(() => undefined);
  }
}

/** What an earlier AiKore has left there was never anybody's. */
async function moveInto(from: string, to: string): Promise<void> {
  await removeTree(to);
  await rename(from, to);
}

function outputsTaken(name: string): AppError {
  const message = `There is a folder outputs/${name} already. Choose another name, or move that folder away.`;
  return new AppError('conflict', 'FOLDER_EXISTS', message, { [NAME_FIELD]: message });
}
