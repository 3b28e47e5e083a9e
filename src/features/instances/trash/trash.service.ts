import { mkdir, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DeleteMode, Instance, TrashEntry } from '../../../contracts/instance.js';
import type { TrashEntrySize, TrashState } from '../../../contracts/trash.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import { AppError, isDiskFull } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { Mutex } from '../../../core/mutex.js';
import { syncFolder } from '../../../host/files/atomic-write.js';
import { exists } from '../../../host/files/exists.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import type { InstanceFiles } from '../instance-files.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import { Deletions } from './deletions.js';
import { Departures } from './departures.js';
import type { Departure } from './departures.js';
import { DOOMED_PREFIX, doomedName, nameOfDoomed } from './doomed-name.js';
import type { Restorer } from './restorer.js';
import { readManifest } from './trash-manifest.js';
import { TrashSizes } from './trash-sizes.js';

export interface TrashParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  files: InstanceFiles;
  hub: EventHub;
  mutex: Mutex;
  logger: Logger;
  restorer: Restorer;
}

/** Deletes instances, by default so that they can come back. Outputs are never touched. */
export class TrashService {
  private readonly departures: Departures;
  private readonly deletions: Deletions;
  private readonly sizes = new TrashSizes();

  constructor(private readonly parts: TrashParts) {
    this.departures = new Departures(parts.files);
    this.deletions = new Deletions(parts);
  }

  /**
   * @param isOverwrite replaces an entry of the same name in the trash can
   * @throws AppError `conflict` while it runs, or when the trash can has that name
   */
  remove(id: number, mode: DeleteMode, isOverwrite: boolean): Promise<void> {
    return this.parts.mutex.run(async () => {
      const supervisor = this.parts.registry.get(id);
      this.refuseWithSatellites(supervisor);
      await supervisor.whileResting('deleting', () => this.take(supervisor, mode, isOverwrite));
    });
  }

  /** What is being deleted, and when to ask for the list anew. */
  get state(): TrashState {
    return this.deletions.state;
  }

  async list(): Promise<TrashEntry[]> {
    const names = await this.entryNames();
    this.sizes.keepOnly(new Set(names.map((name) => join(this.parts.paths.trashRoot, name))));
    const described = await Promise.all(names.map((name) => this.describe(name)));
    return described.sort((a, b) => b.deleted_at.localeCompare(a.deleted_at));
  }

  /** @throws AppError `not_found`, or `unavailable` when there is too much to count */
  async sizeOf(entryName: string): Promise<TrashEntrySize> {
    return this.sizes.measure(await this.folderOf(entryName));
  }

  /** @throws AppError `not_found`, or `conflict` when an instance of that name exists */
  restore(entryName: string): Promise<Instance> {
    return this.parts.mutex.run(async () => {
      const folder = await this.folderOf(entryName);
      const manifest = await readManifest(folder);
      const restored = await this.parts.restorer.restore(folder, entryName, manifest);
      this.deletions.entriesChanged();
      return restored;
    });
  }

  /** @throws AppError `not_found` */
  deleteForEver(entryName: string): Promise<void> {
    return this.parts.mutex.run(async () => {
      await this.destroyEntry(entryName);
      this.deletions.entriesChanged();
    });
  }

  /** Deletes every entry for ever. */
  empty(): Promise<void> {
    return this.parts.mutex.run(async () => {
      try {
        for (const name of await this.entryNames()) await this.destroyEntry(name);
      } finally {
        this.deletions.entriesChanged();
      }
    });
  }

  /** Finishes deletions that an earlier AiKore had begun. */
  async sweep(): Promise<void> {
    const { trashRoot } = this.parts.paths;
    for (const name of await readdir(trashRoot).catch(() => [])) {
      if (name.startsWith(DOOMED_PREFIX))
        this.deletions.begin(join(trashRoot, name), nameOfDoomed(name), null);
    }
  }

  private refuseWithSatellites({ row }: Supervisor): void {
    const satellites = this.parts.files.owners.childrenOf(row);
    if (satellites.length === 0) return;
    throw new AppError(
      'conflict',
      'INSTANCE_HAS_SATELLITES',
      `${row.name} shares its environment with ${satellites.map(({ name }) => name).join(', ')}. Delete those first.`,
      { instances: satellites.map(({ id, name }) => ({ id, name })) },
    );
  }

  private async take(supervisor: Supervisor, mode: DeleteMode, isOverwrite: boolean): Promise<void> {
    const { registry, paths, hub } = this.parts;
    const { id, name } = supervisor.row;
    const departure = await this.departures.begin(supervisor.row, mode, isOverwrite);
    await this.removeRow(id, mode, departure);
    supervisor.retire();
    registry.remove(id);
    hub.publish('instance.removed', { id, name });
    if (departure.doomed !== null) await this.destroy(departure.doomed, name, null);
    // Empty now, where something was replaced.
    await rmdir(paths.replacedRoot).catch(() => undefined);
    await removeTree(paths.runDir(id));
    if (mode === 'trash') this.deletions.entriesChanged();
  }

  /** The row decides: while it cannot go, the folder comes back. */
  private async removeRow(id: number, mode: DeleteMode, departure: Departure): Promise<void> {
    const { repository } = this.parts;
    try {
      await repository.remove(id);
    } catch (error) {
      if (mode !== 'permanent' || !isDiskFull(error)) {
        await departure.comeBack();
        throw error;
      }
      // Deleting makes room and must not need any: the row goes as soon as the database can write that down.
      if (departure.doomed !== null) await removeTree(departure.doomed);
      await repository.removeWhenPossible(id);
    }
  }

  /**
   * Out of sight at once; the bytes, perhaps tens of gigabytes, go in the background. Where it cannot be renamed, as on a
   * disk of its own, it is removed on the spot: a copy would need room.
   */
  private async destroy(folder: string, name: string, knownBytes: number | null): Promise<void> {
    if (!(await exists(folder))) return;
    const isAside = basename(folder).startsWith(DOOMED_PREFIX);
    const doomed = await this.putAside(folder, name).catch(() => (isAside ? folder : null));
    if (doomed === null) await removeTree(folder);
    else this.deletions.begin(doomed, name, knownBytes);
  }

  private async destroyEntry(entryName: string): Promise<void> {
    const folder = await this.folderOf(entryName);
    const known = await this.sizes.remembered(folder);
    await this.destroy(folder, entryName, known?.size_bytes ?? null);
  }

  /** @returns where it lies now, under a name that is swept at the next boot */
  private async putAside(folder: string, name: string): Promise<string> {
    const { trashRoot } = this.parts.paths;
    await mkdir(trashRoot, { recursive: true });
    const doomed = join(trashRoot, doomedName(name));
    await rename(folder, doomed);
    await syncFolder(trashRoot).catch(() => undefined);
    return doomed;
  }

  private async entryNames(): Promise<string[]> {
    return (await readdir(this.parts.paths.trashRoot).catch(() => [])).filter(isEntryName);
  }

  private async folderOf(entryName: string): Promise<string> {
    const folder = join(this.parts.paths.trashRoot, entryName);
    if (isEntryName(entryName) && (await exists(folder))) return folder;
    throw new AppError('not_found', 'TRASH_ENTRY_NOT_FOUND', 'There is no such entry in the trash can.');
  }

  private async describe(name: string): Promise<TrashEntry> {
    const folder = join(this.parts.paths.trashRoot, name);
    const manifest = await readManifest(folder);
    const changed = await stat(folder).then(
      (facts) => facts.ctime.toISOString(),
      () => new Date(0).toISOString(),
    );
    return {
      name,
      instance_name: manifest?.name ?? name,
      base_blueprint: manifest?.base_blueprint ?? null,
      deleted_at: manifest?.deleted_at ?? changed,
      size_bytes: (await this.sizes.remembered(folder))?.size_bytes ?? null,
    };
  }
}

/** Whether a name is that of an entry; those that the original AiKore put there follow no narrower rule. */
function isEntryName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[/\0]/.test(name);
}
