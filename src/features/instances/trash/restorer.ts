import type { Instance } from '../../../contracts/instance.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import { AppError } from '../../../core/errors.js';
import { exists, isFolder } from '../../../host/files/exists.js';
import { moveTree } from '../../../host/files/move.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import { newRow } from '../new-row.js';
import type { PortLeases } from '../leases/port-leases.js';
import type { PublishedLeases } from '../leases/published-leases.js';
import type { AddressSettings } from '../settings/address-settings.js';
import { nameReserved } from '../supervisor/sentences.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import { findParent } from './parents.js';
import { restoreAddress } from './restored-address.js';
import { checkRestored, withoutCarried } from './restored-settings.js';
import { carriedOf, removeManifest, writeManifest } from './trash-manifest.js';
import type { RememberedParent, TrashManifest } from './trash-manifest.js';

export interface RestorerParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  files: InstanceFiles;
  ports: PortLeases;
  addresses: AddressSettings;
  published: PublishedLeases;
  hub: EventHub;
  supervise: (row: InstanceEntity) => Supervisor;
  view: (supervisor: Supervisor) => Instance;
}

/** What a folder without a manifest is taken for; its own script says how it runs. */
const UNKNOWN_BLUEPRINT = 'empty.sh';

/** Brings an instance back from the trash can. */
export class Restorer {
  constructor(private readonly parts: RestorerParts) {}

  /**
   * The folder moves back and gets a row. It keeps its port when that is still free; it never starts by itself.
   * @throws AppError `conflict` when the name is taken, or the entry is no folder
   */
  async restore(folder: string, entryName: string, manifest: TrashManifest | null): Promise<Instance> {
    const { registry, repository, paths, ports } = this.parts;
    if (!(await isFolder(folder))) throw notAFolder(entryName);
    const name = manifest?.name ?? entryName;
    const {
      port: oldPort,
      deleted_at: _when,
      run = 0,
      parent,
      ...settings
    } = manifest ?? { port: 0, deleted_at: '', name, base_blueprint: UNKNOWN_BLUEPRINT };
    const carried = carriedOf(manifest ?? {});
    const wish = withoutCarried(settings);
    checkRestored(wish, name, entryName);
    if (registry.isReserved(name)) throw nameReserved(name);
    if (registry.findByName(name) !== null || (await exists(paths.home(name)))) {
      throw new AppError(
        'conflict',
        'INSTANCE_NAME_TAKEN',
        `There is an instance or a folder named ${name} already. Rename it first.`,
      );
    }
    const parent_instance_id = this.parentId(parent, wish.base_blueprint);
    const port = await this.portFor(oldPort);
    const made = newRow({ ...wish, name }, await repository.nextId(), port, registry);
    const address = await restoreAddress(carried, made.slug, this.parts.addresses, this.parts.published);
    const status_reason = [made.status_reason, ...address.notes].join(' ');
    const fresh = { ...made, ...carried, ...address.columns, status_reason, parent_instance_id };
    try {
      // By its manifest a boot knows what was on its way back when AiKore ended.
      if (manifest === null) await writeManifest(folder, { ...fresh, id: 0 });
      return await this.bringBack(folder, { ...fresh, run });
    } finally {
      ports.settle(port);
      address.settle();
    }
  }

  private async bringBack(folder: string, fresh: Omit<InstanceEntity, 'id'>): Promise<Instance> {
    const { registry, repository, paths, hub } = this.parts;
    const home = paths.home(fresh.name);
    await moveTree(folder, home);
    try {
      const row = await repository.insert(fresh);
      // With the row stored it is back, whatever becomes of a file that nobody reads any more.
      await removeManifest(home).catch(() => undefined);
      const supervisor = this.parts.supervise(row);
      registry.add(supervisor);
      hub.publish('instance.created', this.parts.view(supervisor));
      return this.parts.view(supervisor);
    } catch (error) {
      await moveTree(home, folder);
      throw error;
    }
  }

  private parentId(parent: RememberedParent | undefined, blueprint: string): number | null {
    const { registry, files } = this.parts;
    return parent === undefined ? null : findParent(parent, blueprint, registry, files.owners).id;
  }

  private async portFor(oldPort: number): Promise<number> {
    try {
      await this.parts.ports.check(oldPort, null);
      return oldPort;
    } catch {
      return this.parts.ports.choose();
    }
  }
}

function notAFolder(entryName: string): AppError {
  return new AppError(
    'conflict',
    'TRASH_ENTRY_UNUSABLE',
    `${entryName} is not a folder, so no instance can be made of it. It can only be deleted.`,
  );
}
