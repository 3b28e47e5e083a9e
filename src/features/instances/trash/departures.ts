import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeleteMode } from '../../../contracts/instance.js';
import { AppError, isDiskFull } from '../../../core/errors.js';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { exists, isFolder } from '../../../host/files/exists.js';
import { NotAFolder } from '../../../host/files/inner-folder.js';
import { moveTree } from '../../../host/files/move.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { nameKey } from '../domain/instance-name.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';
import type { InstancePaths } from '../instance-paths.js';
import { rememberedParent } from './parents.js';
import { removeManifest, writeManifest } from './trash-manifest.js';
import type { RememberedParent } from './trash-manifest.js';

/** The folder of an instance that has been moved away. Its row decides: until that is gone, everything can come back. */
export interface Departure {
  comeBack(): Promise<void>;
  /** What is to be destroyed once the row is gone. */
  doomed: string | null;
}

/**
 * Moves the folder of an instance out of the way, always before its row goes: a folder without a row would hold its name
 * for ever, a row whose folder lies among the departed is recognised by the next boot.
 */
export class Departures {
  private readonly paths: InstancePaths;

  constructor(private readonly files: InstanceFiles) {
    this.paths = files.paths;
  }

  /** @throws AppError `conflict` when the trash can has that name and it must not be overwritten */
  async begin(row: InstanceEntity, mode: DeleteMode, isOverwrite: boolean): Promise<Departure> {
    const parent = rememberedParent(row, this.files.owners);
    // A satellite that was never started may have no folder; without one, nothing of it could come back.
    if (mode === 'trash' && parent !== null) await makeAppFolder(this.paths.home(row.name));
    if (!(await exists(this.paths.home(row.name))))
      return { comeBack: () => Promise.resolve(), doomed: null };
    return mode === 'trash' ? this.intoTrash(row, parent, isOverwrite) : this.intoNothing(row);
  }

  private async intoNothing({ id, name }: InstanceEntity): Promise<Departure> {
    const [home, doomed] = [this.paths.home(name), this.paths.doomedHome(id)];
    try {
      await mkdir(this.paths.trashRoot, { recursive: true });
      await removeTree(doomed);
      await moveTree(home, doomed);
      return { comeBack: () => moveTree(doomed, home), doomed };
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // Deleting makes room and must not need any: it stays where it is until it is destroyed.
      return { comeBack: () => Promise.resolve(), doomed: home };
    }
  }

  private async intoTrash(
    row: InstanceEntity,
    parent: RememberedParent | null,
    isOverwrite: boolean,
  ): Promise<Departure> {
    const home = this.paths.home(row.name);
    const entry = join(this.paths.trashRoot, row.name);
    await mkdir(this.paths.trashRoot, { recursive: true });
    const present = await this.entryLike(row.name);
    if (present !== null && !isOverwrite) throw nameTaken(present);
    if (present !== null) await this.setAside(present);
    const bringBackReplaced = async (): Promise<void> => {
      if (present === null) return;
      await moveTree(this.paths.replaced(present), join(this.paths.trashRoot, present));
      await rmdir(this.paths.replacedRoot).catch(() => undefined);
    };
    try {
      await rememberSettings(home, row, parent);
      await moveTree(home, entry);
    } catch (error) {
      await removeManifest(home).catch(() => undefined);
      await bringBackReplaced();
      throw error;
    }
    const comeBack = async (): Promise<void> => {
      await moveTree(entry, home);
      await removeManifest(home).catch(() => undefined);
      await bringBackReplaced();
    };
    return { comeBack, doomed: present === null ? null : this.paths.replaced(present) };
  }

  /** The entry that has this name regardless of case. */
  private async entryLike(name: string): Promise<string | null> {
    const entries = await readdir(this.paths.trashRoot);
    return entries.find((entry) => nameKey(entry) === nameKey(name)) ?? null;
  }

  private async setAside(entryName: string): Promise<void> {
    const place = this.paths.replaced(entryName);
    await mkdir(this.paths.replacedRoot, { recursive: true });
    await removeTree(place);
    await moveTree(join(this.paths.trashRoot, entryName), place);
  }
}

/** An application can put something else in the place of its folder, which has no room for a manifest. */
async function rememberSettings(
  home: string,
  row: InstanceEntity,
  parent: RememberedParent | null,
): Promise<void> {
  if (!(await isFolder(home))) return;
  await writeManifest(home, row, parent).catch((error: unknown) => {
    if (!(error instanceof NotAFolder)) throw error;
  });
}

function nameTaken(present: string): AppError {
  return new AppError(
    'conflict',
    'TRASH_NAME_TAKEN',
    `The trash can already holds ${present}. Restore or delete that one, or overwrite it.`,
  );
}
