import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DeleteMode, Instance, TrashEntry } from '../../../contracts/instance.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import { AppError, isDiskFull } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { Mutex } from '../../../core/mutex.js';
import { syncFolder } from '../../../host/files/atomic-write.js';
import { exists } from '../../../host/files/exists.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import { Departures } from './departures.js';
import type { Departure } from './departures.js';
import type { Restorer } from './restorer.js';
import { readManifest } from './trash-manifest.js';

/** Folders with this beginning are being deleted; they are not entries, and are swept at the next boot. */
const DOOMED_PREFIX = '.deleting-';

export interface TrashParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  hub: EventHub;
  mutex: Mutex;
  logger: Logger;
  restorer: Restorer;
}

/** Deletes instances, by default so that they can come back. Outputs are never touched. */
export class TrashService {
  private readonly departures: Departures;

  constructor(private readonly parts: TrashParts) {
    this.departures = new Departures(parts.paths);
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

  async list(): Promise<TrashEntry[]> {
    const { trashRoot } = this.parts.paths;
    const names = (await readdir(trashRoot).catch(() => [])).filter(isEntryName);
    const described = await Promise.all(names.map((name) => this.describe(name)));
    return described.sort((a, b) => b.deleted_at.localeCompare(a.deleted_at));
  }

  /** @throws AppError `not_found`, or `conflict` when an instance of that name exists */
  restore(entryName: string): Promise<Instance> {
    return this.parts.mutex.run(async () => {
      const folder = await this.folderOf(entryName);
      const manifest = await readManifest(folder);
      return this.parts.restorer.restore(folder, entryName, manifest);
    });
  }

  /** @throws AppError `not_found` */
  deleteForEver(entryName: string): Promise<void> {
    return this.parts.mutex.run(async () => this.destroy(await this.folderOf(entryName)));
  }

  /** Finishes deletions that an earlier AiKore had begun. */
  async sweep(): Promise<void> {
    const { trashRoot } = this.parts.paths;
    for (const name of await readdir(trashRoot).catch(() => [])) {
      if (name.startsWith(DOOMED_PREFIX)) this.removeInBackground(join(trashRoot, name));
    }
  }

  private refuseWithSatellites({ row }: Supervisor): void {
    const satellites = [...this.parts.registry.rows()].filter(
      ({ parent_instance_id: parent }) => parent === row.id,
    );
    if (satellites.length === 0) return;
    throw new AppError(
      'conflict',
      'INSTANCE_HAS_SATELLITES',
      `${row.name} shares its environment with ${satellites.map(({ name }) => name).join(', ')}. Delete those first.`,
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
    if (departure.doomed !== null) await this.destroy(departure.doomed);
    // Empty now, where something was replaced.
    await rmdir(paths.replacedRoot).catch(() => undefined);
    await rm(paths.runDir(id), { recursive: true, force: true });
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
      if (departure.doomed !== null)
        await rm(departure.doomed, { recursive: true, force: true, maxRetries: 3 });
      await repository.removeWhenPossible(id);
    }
  }

  /**
   * Out of sight at once; the bytes, perhaps tens of gigabytes, go in the background. Where it cannot be renamed, as on a
   * disk of its own, it is removed on the spot: a copy would need room.
   */
  private async destroy(folder: string): Promise<void> {
    if (!(await exists(folder))) return;
    const isAside = basename(folder).startsWith(DOOMED_PREFIX);
    const doomed = isAside ? folder : await this.putAside(folder).catch(() => null);
    if (doomed === null) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    else this.removeInBackground(doomed);
  }

  /** @returns where it lies now, under a name that is swept at the next boot */
  private async putAside(folder: string): Promise<string> {
    const { trashRoot } = this.parts.paths;
    await mkdir(trashRoot, { recursive: true });
    const doomed = join(trashRoot, `${DOOMED_PREFIX}${randomUUID()}`);
    await rename(folder, doomed);
    await syncFolder(trashRoot).catch(() => undefined);
    return doomed;
  }

  private removeInBackground(folder: string): void {
    rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => {
      this.parts.logger.error('a deleted folder could not be removed; the next start tries again', {
        folder,
        error,
      });
    });
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
    };
  }
}

/** Whether a name is that of an entry; those that the original AiKore put there follow no narrower rule. */
function isEntryName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[/\0]/.test(name);
}
