import { lstat, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../core/logging.js';
import { exists } from '../../../host/files/exists.js';
import { moveTree } from '../../../host/files/move.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { nameKey } from '../domain/instance-name.js';
import { HomeRenaming } from '../folders/home-renaming.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstanceRepository } from '../instance.repository.js';
import { readManifest } from './trash-manifest.js';

export interface InterruptedMovesParts {
  registry: InstanceRegistry;
  repository: InstanceRepository;
  paths: InstancePaths;
  logger: Logger;
}

const UNFINISHED_HOME = /^\.creating-([1-9]\d*)$/;

/**
 * Brings folders and rows together again after an AiKore that ended while it made, renamed or deleted an instance or
 * brought one back. The row decides what has happened: what it says is finished, everything else is undone. Nothing is
 * lost, and the operator can do it again.
 */
export async function settleInterruptedMoves(parts: InterruptedMovesParts): Promise<void> {
  const steps = [finishCreations, undoRenamings, finishDeletions, settleReplaced, undoRestores];
  for (const step of steps) {
    try {
      await step(parts);
    } catch (error) {
      parts.logger.error('what an earlier AiKore had begun could not be settled', { step: step.name, error });
    }
  }
}

/** The folder of a new instance was built; it belongs into its place when there is a row, else to nobody. */
async function finishCreations({ registry, paths, logger }: InterruptedMovesParts): Promise<void> {
  for (const file of await namesIn(paths.instancesRoot)) {
    const id = Number(UNFINISHED_HOME.exec(file)?.[1]);
    if (Number.isNaN(id)) continue;
    const row = registry.all().find((supervisor) => supervisor.row.id === id)?.row;
    const folder = paths.unfinishedHome(id);
    if (row !== undefined && !(await exists(paths.home(row.name)))) {
      logger.info('a creation that was interrupted is finished', { instance: row.name });
      await rename(folder, paths.home(row.name));
    } else {
      await removeTree(folder);
    }
  }
}

/** The folders may have the new name already; where the row has the old one, they get it back. */
async function undoRenamings({ registry, paths, logger }: InterruptedMovesParts): Promise<void> {
  const renaming = new HomeRenaming(paths);
  for (const id of await renaming.interrupted()) {
    const move = await renaming.read(id);
    const row = registry.all().find((supervisor) => supervisor.row.id === id)?.row;
    // The note lies where an application could write: it never moves what belongs to another instance.
    const isUndone =
      move !== null && row?.name === move.from && [null, row].includes(rowNamed(registry, move.to));
    if (isUndone) {
      logger.info('a renaming that was interrupted is undone', { instance: move.from });
      await renaming.undo(id, move);
    } else {
      await renaming.finish(id);
    }
  }
}

/** The folder lies in the trash can already, or among what is being destroyed; the row was not removed yet. */
async function finishDeletions({
  registry,
  repository,
  paths,
  logger,
}: InterruptedMovesParts): Promise<void> {
  for (const supervisor of registry.all()) {
    const { id, name, created_at: createdAt } = supervisor.row;
    if (supervisor.isActive || (await exists(paths.home(name)))) continue;
    const manifest = await readManifest(join(paths.trashRoot, name));
    // An entry from before this instance was made is an earlier one's; then somebody else has taken this one's folder.
    const isInTrash = manifest?.name === name && manifest.deleted_at >= createdAt;
    if (!isInTrash && !(await exists(paths.doomedHome(id)))) continue;
    logger.info('a deletion that was interrupted is finished', { instance: name });
    await repository.remove(id);
    supervisor.retire();
    registry.remove(id);
  }
}

/** An entry was set aside for another: with the other there it is destroyed, without it is an entry again. */
async function settleReplaced({ paths, logger }: InterruptedMovesParts): Promise<void> {
  // A link that an application has put there would make somebody else's files entries, or destroy them.
  if (await isLink(paths.replacedRoot)) return removeTree(paths.replacedRoot);
  for (const name of await namesIn(paths.replacedRoot)) {
    const entries = await namesIn(paths.trashRoot);
    if (entries.some((entry) => nameKey(entry) === nameKey(name))) {
      await removeTree(paths.replaced(name));
    } else {
      logger.info('an entry of the trash can that was to be overwritten is back', { entry: name });
      await moveTree(paths.replaced(name), join(paths.trashRoot, name));
    }
  }
  await removeTree(paths.replacedRoot);
}

/** The folder lies among the instances already, the row was not made yet. */
async function undoRestores({ registry, paths, logger }: InterruptedMovesParts): Promise<void> {
  for (const name of await namesIn(paths.instancesRoot)) {
    if (registry.findByName(name) !== null) continue;
    const home = join(paths.instancesRoot, name);
    const trashed = join(paths.trashRoot, name);
    const isRestoring = (await readManifest(home))?.name === name && !(await exists(trashed));
    if (!isRestoring) continue;
    logger.info('a restore that was interrupted is undone', { instance: name });
    await moveTree(home, trashed);
  }
}

function rowNamed(registry: InstanceRegistry, name: string) {
  return registry.findByName(name)?.row ?? null;
}

function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isSymbolicLink(),
    () => false,
  );
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
