import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeleteMode, Instance, TrashEntry } from '../../../contracts/instance.js';
import type { EventHub } from '../../../core/events/event-hub.js';
import { AppError, isDiskFull } from '../../../core/errors.js';
import type { Logger } from '../../../core/logging.js';
import type { Mutex } from '../../../core/mutex.js';
import { exists, isFolder } from '../../../host/files/exists.js';
import { moveTree } from '../../../host/files/move.js';
import { nameKey } from '../domain/instance-name.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import type { Supervisor } from '../supervisor/supervisor.js';
import type { Restorer } from './restorer.js';
import { readManifest, removeManifest, writeManifest } from './trash-manifest.js';

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

  private async take(supervisor: Supervisor, mode: DeleteMode, isOverwrite: boolean): Promise<void> {
    const { registry, paths, hub } = this.parts;
    const { id, name } = supervisor.row;
    const home = paths.home(name);
    const hasHome = await exists(home);
    if (mode === 'trash') await this.takeToTrash(supervisor.row, isOverwrite);
    else await this.takeForEver(id, home);
    supervisor.retire();
    registry.remove(id);
    hub.publish('instance.removed', { id, name });
    if (mode === 'permanent' && hasHome) await this.destroy(home);
    await rm(paths.runDir(id), { recursive: true, force: true });
  }

  /** All of it or nothing: the folder, and what it replaces in the trash can. */
  private async takeToTrash(row: InstanceEntity, isOverwrite: boolean): Promise<void> {
    const { repository, paths } = this.parts;
    const home = paths.home(row.name);
    if (!(await exists(home))) return repository.remove(row.id);
    const replaced = await this.entryInTheWay(row.name, isOverwrite);
    // An application can put something else in the place of its folder, which has no room for a manifest.
    const isDescribed = await isFolder(home);
    if (isDescribed) await writeManifest(home, row);
    const doomed = replaced === null ? null : await this.putAside(join(paths.trashRoot, replaced));
    const trashed = join(paths.trashRoot, row.name);
    try {
      await moveTree(home, trashed);
      await repository.remove(row.id);
    } catch (error) {
      if (!(await exists(home))) await moveTree(trashed, home);
      if (isDescribed) await removeManifest(home);
      if (doomed !== null && replaced !== null) await rename(doomed, join(paths.trashRoot, replaced));
      throw error;
    }
    if (doomed !== null) this.removeInBackground(doomed);
  }

  /**
   * Deleting makes room and must not need any: on a full disk the folder goes first, and the row as soon as the database
   * can write that down.
   */
  private async takeForEver(id: number, home: string): Promise<void> {
    const { repository } = this.parts;
    try {
      await repository.remove(id);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
      await repository.removeWhenPossible(id);
    }
  }

  /** @returns name of the entry that a new one would replace, or null */
  private async entryInTheWay(name: string, isOverwrite: boolean): Promise<string | null> {
    const { trashRoot } = this.parts.paths;
    await mkdir(trashRoot, { recursive: true });
    const present = (await readdir(trashRoot)).find((entry) => nameKey(entry) === nameKey(name));
    if (present === undefined || isOverwrite) return present ?? null;
    throw new AppError(
      'conflict',
      'TRASH_NAME_TAKEN',
      `The trash can already holds ${present}. Restore or delete that one, or overwrite it.`,
    );
  }

  /**
   * Out of sight at once; the bytes, perhaps tens of gigabytes, go in the background. Where it cannot be renamed, as on a
   * disk of its own, it is removed on the spot: a copy would need room.
   */
  private async destroy(folder: string): Promise<void> {
    if (!(await exists(folder))) return;
    const doomed = await this.putAside(folder).catch(() => null);
    if (doomed === null) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    else this.removeInBackground(doomed);
  }

  /** @returns where it lies now, under a name that is swept at the next boot */
  private async putAside(folder: string): Promise<string> {
    const { trashRoot } = this.parts.paths;
    await mkdir(trashRoot, { recursive: true });
    const doomed = join(trashRoot, `${DOOMED_PREFIX}${randomUUID()}`);
    await rename(folder, doomed);
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
