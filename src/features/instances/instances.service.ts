import type { EventHub } from '../../core/events/event-hub.js';
import type { Instance, InstanceCreate, InstanceUpdate, Run } from '../../contracts/instance.js';
import { AppError, invalidFields } from '../../core/errors.js';
import type { Mutex } from '../../core/mutex.js';
import type { InstanceMaker } from './creation/instance-maker.js';
import { withBlueprintWishes } from './domain/blueprint-wishes.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { nameKey } from './domain/instance-name.js';
import { asksForRestart } from './domain/restart-policy.js';
import type { HomeBuilder } from './folders/home-builder.js';
import { HomeRenaming } from './folders/home-renaming.js';
import type { InstanceEntity, InstanceSettings } from './instance.entity.js';
import type { InstanceFiles } from './instance-files.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { InstanceRepository } from './instance.repository.js';
import type { PortLeases } from './leases/port-leases.js';
import type { AddressSettings, DecidedAddress } from './settings/address-settings.js';
import { checkSettings } from './settings/instance-rules.js';
import { NEEDS_RESTART } from './settings/needs-restart.js';
import { withNormalForms } from './settings/normal-forms.js';
import type { PlaceChecks } from './settings/place-checks.js';
import { effectiveSettings, isShared, requireOwn } from './settings/shared-settings.js';
import { stillActive } from './supervisor/sentences.js';
import type { Supervisor } from './supervisor/supervisor.js';

export interface InstancesServiceParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  files: InstanceFiles;
  ports: PortLeases;
  addresses: AddressSettings;
  places: PlaceChecks;
  homes: HomeBuilder;
  maker: InstanceMaker;
  catalogue: BlueprintCatalogue;
  hub: EventHub;
  /** One change of the set of instances at a time: names, slugs and ports are chosen under it. */
  mutex: Mutex;
  view: (supervisor: Supervisor) => Instance;
}

/** What is to be stored, a port chosen where the wish left it open. */
type Changes = Omit<InstanceUpdate, 'port'> & { port?: number; persistent_port?: number | null };

/** Creates and changes instances; the only writer of their settings. */
export class InstancesService {
  private readonly renaming: HomeRenaming;

  constructor(private readonly parts: InstancesServiceParts) {
    this.renaming = new HomeRenaming(parts.files.paths);
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
  create(wished: InstanceCreate): Promise<Instance> {
    const asked = withNormalForms(wished);
    checkSettings(asked);
    return this.parts.mutex.run(async () => {
      const { catalogue, places, homes, maker } = this.parts;
      places.requireFreeName(asked.name);
      const blueprint = await catalogue.find(asked.base_blueprint);
      if (blueprint === null) throw unknownBlueprint();
      const wish = withBlueprintWishes(asked, blueprint);
      return maker.make(wish, { build: (id) => homes.build(id, wish.base_blueprint) });
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
      const owner = this.parts.files.owners.of(row);
      const known = effectiveSettings(row, owner);
      const changed = changedSettings(known, withNormalForms(changedSettings(known, wish)));
      checkSettings(changed);
      requireOwn(row, owner, changed);
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
      await (changes.name === undefined ? apply() : this.whileResting(supervisor, apply));
      await this.tellSupervisor(supervisor, changes);
      if (isShared(changes)) await this.tellSatellites(row);
    } finally {
      if (isPortChosen && port !== undefined) ports.settle(port);
      addresses.settle(decided);
    }
  }

  /** The folder of a satellite is nobody else's; that of all others is its satellites', too. */
  private whileResting(supervisor: Supervisor, task: () => Promise<void>): Promise<void> {
    const { files } = this.parts;
    const { row } = supervisor;
    return files.owners.of(row) === row
      ? files.whileResting(row, 'renaming', task)
      : supervisor.whileResting('renaming', task);
  }

  private async checkChanges(supervisor: Supervisor, changes: Changes): Promise<void> {
    const { row } = supervisor;
    if (changes.base_blueprint !== undefined) {
      throw invalidFields({
        base_blueprint: 'The blueprint of an instance cannot be changed; create another instance from it.',
      });
    }
    if (changes.name !== undefined) {
      this.parts.places.requireFreeName(changes.name, supervisor);
      if (supervisor.isActive) throw stillActive(row, 'renaming');
    }
    await this.parts.places.requireOutputPath(changes.output_path);
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
    await this.tellChanged(
      supervisor,
      NEEDS_RESTART.some((field) => changes[field] !== undefined),
    );
  }

  private async tellSatellites(row: InstanceEntity): Promise<void> {
    for (const satellite of this.parts.files.owners.satellitesOf(row))
      await this.tellChanged(satellite, true);
  }

  private async tellChanged(supervisor: Supervisor, isRestartNeeded: boolean): Promise<void> {
    if (isRestartNeeded && supervisor.isActive) await supervisor.update({ pending_restart: true });
    this.parts.hub.publish('instance.updated', this.parts.view(supervisor));
  }

  private async renameFolders(id: number, from: string, to: string, movesOutputs: boolean): Promise<void> {
    if (nameKey(from) !== nameKey(to)) await this.parts.places.requireFreeFolder(to);
    await this.renaming.move(id, from, to, movesOutputs);
  }

  /** With the row stored it has its new name, whatever becomes of a note that says so too. */
  private async finishRenaming(id: number): Promise<void> {
    await this.renaming.finish(id).catch(() => undefined);
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
