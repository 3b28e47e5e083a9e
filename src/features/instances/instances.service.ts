import type { EventHub } from '../../core/events/event-hub.js';
import type { Instance, InstanceCreate, InstanceUpdate, Run } from '../../contracts/instance.js';
import { AppError, invalidFields } from '../../core/errors.js';
import type { Mutex } from '../../core/mutex.js';
import { makeAppFolder } from '../../host/files/app-folder.js';
import { exists } from '../../host/files/exists.js';
import { resolveInside } from '../../host/files/inside.js';
import { withBlueprintWishes } from './domain/blueprint-wishes.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { nameKey } from './domain/instance-name.js';
import { asksForRestart } from './domain/restart-policy.js';
import { HomeBuilder } from './folders/home-builder.js';
import { HomeRenaming } from './folders/home-renaming.js';
import { newRow } from './new-row.js';
import type { InstanceEntity, InstanceSettings } from './instance.entity.js';
import type { InstancePaths } from './instance-paths.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { InstanceRepository } from './instance.repository.js';
import type { LaunchScript } from './launch-script.js';
import type { PortLeases } from './leases/port-leases.js';
import { withNormalHostname } from './settings/address-settings.js';
import type { AddressSettings, DecidedAddress } from './settings/address-settings.js';
import { checkSettings } from './settings/instance-rules.js';
import { stillActive } from './supervisor/sentences.js';
import type { Supervisor } from './supervisor/supervisor.js';

export interface InstancesServiceParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  ports: PortLeases;
  addresses: AddressSettings;
  script: LaunchScript;
  catalogue: BlueprintCatalogue;
  hub: EventHub;
  /** One change of the set of instances at a time: names, slugs and ports are chosen under it. */
  mutex: Mutex;
  supervise: (row: InstanceEntity) => Supervisor;
  view: (supervisor: Supervisor) => Instance;
}

/** Settings that only count from the next start on. */
const NEEDS_RESTART: (keyof InstanceUpdate)[] = [
  'gpu_ids',
  'port',
  'output_path',
  'env',
  'launch_args',
  'probe',
  'persistent_mode',
];

/** What is to be stored, a port chosen where the wish left it open. */
type Changes = Omit<InstanceUpdate, 'port'> & { port?: number; persistent_port?: number | null };

/** Creates and changes instances; the only writer of their settings. */
export class InstancesService {
  private readonly homes: HomeBuilder;
  private readonly renaming: HomeRenaming;

  constructor(private readonly parts: InstancesServiceParts) {
    this.homes = new HomeBuilder(parts.paths, parts.script);
    this.renaming = new HomeRenaming(parts.paths);
  }

  list(): Instance[] {
    return this.parts.registry.all().map((supervisor) => this.parts.view(supervisor));
  }

  get(id: number): Instance {
    return this.parts.view(this.parts.registry.get(id));
  }

  /** Revision of the settings, for the ETag. */
  revision(id: number): number {
    return this.parts.registry.get(id).row.revision;
  }

  /**
   * Creates an instance with a folder and a script of its own; nothing is left behind when it fails.
   * @throws AppError `invalid`, or `conflict` for a name or port that is taken
   */
  create(asked: InstanceCreate): Promise<Instance> {
    checkSettings(asked);
    return this.parts.mutex.run(async () => {
      const { registry, repository, catalogue, hub, ports, addresses } = this.parts;
      this.checkNameFree(asked.name, null);
      const blueprint = await catalogue.find(asked.base_blueprint);
      if (blueprint === null) throw unknownBlueprint();
      const wish = withBlueprintWishes(withNormalHostname(asked), blueprint);
      await this.checkOutputPath(wish.output_path);
      await this.checkFolderFree(wish.name);
      if (wish.port !== undefined) await ports.check(wish.port, null);
      const port = wish.port ?? (await ports.choose());
      let decided: DecidedAddress = {};
      try {
        const fresh = newRow(wish, await repository.nextId(), port, registry);
        decided = await addresses.decide(wish, { slug: fresh.slug, row: null });
        const row = await this.insertWithHome({ ...fresh, ...decided });
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

  /**
   * Stores a subset of the settings and restarts nothing.
   * @param expectedRevision from `If-Match`, or null
   * @throws AppError `invalid`, `conflict`, `stale`
   */
  update(id: number, wish: InstanceUpdate, expectedRevision: number | null): Promise<Instance> {
    return this.parts.mutex.run(async () => {
      const supervisor = this.parts.registry.get(id);
      const { row } = supervisor;
      // Only what changes: a value that was taken over from the original AiKore may be sent back as it is.
      const asked = changedSettings(row, wish);
      checkSettings(asked);
      const changed = changedSettings(row, withNormalHostname(asked));
      if (expectedRevision !== null && expectedRevision !== row.revision) {
        throw new AppError(
          'stale',
          'INSTANCE_CHANGED',
          `${row.name} was changed by somebody else meanwhile. Load it again and repeat the change.`,
        );
      }
      if (Object.keys(changed).length > 0) await this.change(supervisor, changed);
      return this.parts.view(supervisor);
    });
  }

  async runs(id: number): Promise<Run[]> {
    this.parts.registry.get(id);
    const rows = await this.parts.repository.runs(id);
    return rows.map(({ instance_id: _id, marker: _marker, ...run }) => run);
  }

  /** A blueprint has another name now. Only that is changed: what was copied from it stays as it is. */
  followBlueprint(from: string, to: string): Promise<void> {
    return this.parts.mutex.run(async () => {
      const { registry, repository, hub } = this.parts;
      const followers = registry.all().filter(({ row }) => row.base_blueprint === from);
      await repository.renameBlueprint(from, to);
      for (const supervisor of followers) {
        supervisor.row.base_blueprint = to;
        hub.publish('instance.updated', this.parts.view(supervisor));
      }
    });
  }

  /** Ports that are chosen on the way are held until they are stored. */
  private async change(supervisor: Supervisor, wish: InstanceUpdate): Promise<void> {
    const { ports, addresses } = this.parts;
    const { row } = supervisor;
    const { port: wishedPort, ...others } = wish;
    const isPortChosen = wishedPort === null;
    const port = isPortChosen ? await ports.choose() : wishedPort;
    let decided: DecidedAddress = {};
    try {
      await this.checkChanges(supervisor, isPortChosen ? others : { ...others, ...definedPort(port) });
      decided = await addresses.decide(wish, { slug: row.slug, row });
      const changes: Changes = { ...others, ...decided, ...definedPort(port) };
      const apply = () => this.applyChanges(supervisor, changes);
      await (changes.name === undefined ? apply() : supervisor.whileResting('renaming', apply));
      await this.tellSupervisor(supervisor, changes);
    } finally {
      if (isPortChosen && port !== undefined) ports.settle(port);
      addresses.settle(decided);
    }
  }

  private async checkChanges(supervisor: Supervisor, changes: Changes): Promise<void> {
    const { row } = supervisor;
    if (changes.base_blueprint !== undefined) {
      throw invalidFields({
        base_blueprint: 'The blueprint of an instance cannot be changed; create another instance from it.',
      });
    }
    if (changes.name !== undefined) {
      this.checkNameFree(changes.name, supervisor);
      if (supervisor.isActive) throw stillActive(row, 'renaming');
    }
    await this.checkOutputPath(changes.output_path);
    if (changes.port !== undefined) await this.parts.ports.check(changes.port, row, supervisor.port);
  }

  private async applyChanges(supervisor: Supervisor, changes: Changes): Promise<void> {
    const { row } = supervisor;
    const oldName = row.name;
    const movesOutputs = row.output_path === null;
    if (changes.name !== undefined) await this.renameFolders(row.id, oldName, changes.name, movesOutputs);
    const stored: Partial<InstanceSettings> = {
      ...changes,
      revision: row.revision + 1,
      updated_at: new Date().toISOString(),
    };
    try {
      await this.parts.repository.saveSettings(row.id, stored);
    } catch (error) {
      if (changes.name !== undefined) await this.renaming.undo(row.id);
      throw error;
    }
    if (changes.name !== undefined) await this.finishRenaming(row.id);
    Object.assign(row, stored);
  }

  /** Not while something is done in the supervisor's queue, such as a renaming: what follows takes its turn there. */
  private async tellSupervisor(supervisor: Supervisor, changes: Changes): Promise<void> {
    const { row } = supervisor;
    const isRestartWanted = asksForRestart(row.restart_policy, { exitCode: row.exit_code });
    if (changes.restart_policy !== undefined && !isRestartWanted) await supervisor.cancelRestart();
    const counts = NEEDS_RESTART.some((field) => changes[field] !== undefined) && supervisor.isActive;
    if (counts) await supervisor.update({ pending_restart: true });
    this.parts.hub.publish('instance.updated', this.parts.view(supervisor));
  }

  private async renameFolders(id: number, from: string, to: string, movesOutputs: boolean): Promise<void> {
    if (nameKey(from) !== nameKey(to)) await this.checkFolderFree(to);
    await this.renaming.move(id, from, to, movesOutputs);
  }

  /** With the row stored it has its new name, whatever becomes of a note that says so too. */
  private async finishRenaming(id: number): Promise<void> {
    await this.renaming.finish(id).catch(() => undefined);
  }

  /** The row is what makes the instance; its folder is built before and put into place after. */
  private async insertWithHome(fresh: Omit<InstanceEntity, 'id'>): Promise<InstanceEntity> {
    const { repository } = this.parts;
    const id = await repository.nextId();
    const script_origin = await this.homes.build(id, fresh.base_blueprint);
    let row: InstanceEntity | null = null;
    try {
      row = await repository.insert({ ...fresh, script_origin });
      await this.homes.putInPlace(id, fresh.name);
      return row;
    } catch (error) {
      if (row !== null) await repository.remove(row.id);
      await this.homes.drop(id);
      throw error;
    }
  }

  private async checkFolderFree(name: string): Promise<void> {
    if (!(await exists(this.parts.paths.home(name)))) return;
    throw new AppError(
      'conflict',
      'FOLDER_EXISTS',
      `The folder instances/${name} exists already, without an instance. Move it away or choose another name.`,
      {
        name: 'A folder of that name exists already.',
      },
    );
  }

  private checkNameFree(name: string, own: Supervisor | null): void {
    const other = this.parts.registry.findByName(name);
    if (other === null || other === own) return;
    throw new AppError(
      'conflict',
      'INSTANCE_NAME_TAKEN',
      `There is already an instance named ${other.row.name}.`,
      {
        name: `${other.row.name} has that name already.`,
      },
    );
  }

  private async checkOutputPath(path: string | null | undefined): Promise<void> {
    if (path === undefined || path === null) return;
    await makeAppFolder(this.parts.paths.outputsRoot);
    const resolved = await resolveInside(this.parts.paths.outputsRoot, path);
    if (resolved === null) throw invalidFields({ output_path: 'That folder leads out of outputs/.' });
  }
}

function unknownBlueprint(): AppError {
  return invalidFields({
    base_blueprint: 'There is no such blueprint; GET /api/system/blueprints lists them.',
  });
}

function definedPort(port: number | undefined): { port?: number } {
  return port === undefined ? {} : { port };
}

/** The part of a wish that differs from what is stored. */
function changedSettings(row: InstanceEntity, wish: InstanceUpdate): InstanceUpdate {
  const entries = Object.entries(wish as Record<string, unknown>).filter(([field, value]) => {
    const present = row[field as keyof InstanceEntity];
    return value !== undefined && JSON.stringify(present) !== JSON.stringify(value);
  });
  return Object.fromEntries(entries);
}
