import type { Instance, InstanceCreate } from '../../../contracts/instance.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import type { HomeBuilder } from '../folders/home-builder.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { PortLeases } from '../leases/port-leases.js';
import { newRow } from '../new-row.js';
import type { AddressSettings, DecidedAddress } from '../settings/address-settings.js';
import type { PlaceChecks } from '../settings/place-checks.js';
import type { Supervisor } from '../supervisor/supervisor.js';

export interface InstanceMakerParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  ports: PortLeases;
  addresses: AddressSettings;
  places: PlaceChecks;
  homes: HomeBuilder;
  hub: EventHub;
  supervise: (row: InstanceEntity) => Supervisor;
  view: (supervisor: Supervisor) => Instance;
}

/** What is made beside what its settings say. */
export interface Making {
  /** Builds the folder under the name that it has until there is a row. @returns what the script was taken from, or null */
  build: (id: number) => Promise<string | null>;
  parentId?: number;
  /** Under which field a refused name stands. */
  nameField?: string;
}

/** Makes instances: a row, a folder, ports, an address; nothing is left behind when it fails. */
export class InstanceMaker {
  constructor(private readonly parts: InstanceMakerParts) {}

  /**
   * To be called while nobody else changes the set of instances.
   * @param wish whose values have been checked one by one
   * @throws AppError `conflict` for a name or port that is taken, `unavailable` when no port is free
   */
  async make(wish: InstanceCreate, { nameField = 'name', ...making }: Making): Promise<Instance> {
    const { registry, repository, ports, addresses, places } = this.parts;
    places.requireFreeName(wish.name, null, nameField);
    await places.requireOutputPath(wish.output_path);
    await places.requireFreeFolder(wish.name, nameField);
    if (wish.port !== undefined) await ports.check(wish.port, null);
    const port = wish.port ?? (await ports.choose());
    let decided: DecidedAddress = {};
    try {
      const fresh = newRow(wish, await repository.nextId(), port, registry);
      decided = await addresses.decide(wish, { slug: fresh.slug, row: null });
      const parent_instance_id = making.parentId ?? null;
      return this.welcome(await this.insertWithHome({ ...fresh, ...decided, parent_instance_id }, making));
    } finally {
      ports.settle(port);
      addresses.settle(decided);
    }
  }

  private welcome(row: InstanceEntity): Instance {
    const { registry, hub, view } = this.parts;
    const supervisor = this.parts.supervise(row);
    registry.add(supervisor);
    hub.publish('instance.created', view(supervisor));
    return view(supervisor);
  }

  /** The row is what makes the instance; its folder is built before and put into place after. */
  private async insertWithHome(
    fresh: Omit<InstanceEntity, 'id'>,
    { build }: Making,
  ): Promise<InstanceEntity> {
    const { repository, homes } = this.parts;
    const id = await repository.nextId();
    const script_origin = await build(id);
    let row: InstanceEntity | null = null;
    try {
      row = await repository.insert({ ...fresh, script_origin });
      await homes.putInPlace(id, fresh.name);
      return row;
    } catch (error) {
      if (row !== null) await repository.remove(row.id);
      await homes.drop(id);
      throw error;
    }
  }
}
