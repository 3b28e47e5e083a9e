import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeleteMode, Instance, TrashEntry } from '../../../contracts/instance.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import { AppError } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { Mutex } from '../../../core/mutex.js';
import { exists, isFolder } from '../../../host/files/exists.js';
import { moveTree } from '../../../host/files/move.js';
import { nameKey } from '../domain/instance-name.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import type { Restorer } from './restorer.js';
import { readManifest, writeManifest } from './trash-manifest.js';

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
  constructor(private readonly parts: TrashParts) {}

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
    const { registry, repository, paths, hub } = this.parts;
    const { id, name } = supervisor.row;
    const home = paths.home(name);
    const hasHome = await exists(home);
    if (mode === 'trash' && hasHome) await this.toTrash(id, isOverwrite);
    try {
      await repository.remove(id);
    } catch (error) {
      if (mode === 'trash' && hasHome) await moveTree(join(paths.trashRoot, name), home);
      throw error;
    }
    supervisor.retire();
    registry.remove(id);
    hub.publish('instance.removed', { id, name });
    if (mode === 'permanent' && hasHome) await this.destroy(home);
    await rm(paths.runDir(id), { recursive: true, force: true });
  }

  private async toTrash(id: number, isOverwrite: boolean): Promise<void> {
    const { paths, registry } = this.parts;
    const { row } = registry.get(id);
    await mkdir(paths.trashRoot, { recursive: true });
    const present = (await readdir(paths.trashRoot)).find((name) => nameKey(name) === nameKey(row.name));
    if (present !== undefined && !isOverwrite) {
      throw new AppError(
        'conflict',
        'TRASH_NAME_TAKEN',
        `The trash can already holds ${present}. Restore or delete that one, or overwrite it.`,
      );
    }
    if (present !== undefined) await this.destroy(join(paths.trashRoot, present));
    const home = paths.home(row.name);
    // An application can put something else in the place of its folder, which has no room for a manifest.
    if (await isFolder(home)) await writeManifest(home, row);
    await moveTree(home, join(paths.trashRoot, row.name));
  }

  /** Out of sight at once; the bytes, perhaps tens of gigabytes, go in the background. */
  private async destroy(folder: string): Promise<void> {
    const { trashRoot } = this.parts.paths;
    await mkdir(trashRoot, { recursive: true });
    const doomed = join(trashRoot, `${DOOMED_PREFIX}${randomUUID()}`);
    await moveTree(folder, doomed);
    this.removeInBackground(doomed);
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
