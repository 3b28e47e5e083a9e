import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../core/logging.js';
import { exists } from '../../../host/files/exists.js';
import { moveTree } from '../../../host/files/move.js';
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

/**
 * Brings folders and rows together again after an AiKore that ended while it moved an instance to or from the trash can.
 * In both cases the instance is in the trash can afterwards: nothing is lost, and the operator can do it again.
 */
export async function settleInterruptedMoves(parts: InterruptedMovesParts): Promise<void> {
  await finishDeletions(parts);
  await undoRestores(parts);
}

/** The folder lies in the trash can already, the row was not removed yet. */
async function finishDeletions({
  registry,
  repository,
  paths,
  logger,
}: InterruptedMovesParts): Promise<void> {
  for (const supervisor of registry.all()) {
    const { id, name } = supervisor.row;
    if (supervisor.isActive || (await exists(paths.home(name)))) continue;
    const manifest = await readManifest(join(paths.trashRoot, name));
    if (manifest?.name !== name) continue;
    logger.info('a deletion that was interrupted is finished', { instance: name });
    await repository.remove(id);
    supervisor.retire();
    registry.remove(id);
  }
}

/** The folder lies among the instances already, the row was not made yet. */
async function undoRestores({ registry, paths, logger }: InterruptedMovesParts): Promise<void> {
  for (const name of await readdir(paths.instancesRoot).catch(() => [])) {
    if (registry.findByName(name) !== null) continue;
    const home = join(paths.instancesRoot, name);
    const trashed = join(paths.trashRoot, name);
    const isRestoring = (await readManifest(home))?.name === name && !(await exists(trashed));
    if (!isRestoring) continue;
    logger.info('a restore that was interrupted is undone', { instance: name });
    await moveTree(home, trashed);
  }
}
