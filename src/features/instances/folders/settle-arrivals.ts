import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../core/logging.js';
import { exists } from '../../../host/files/exists.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { ARRIVING_PREFIX } from '../instance-paths.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';

const UNFINISHED_OUTPUTS = /^\.creating-([1-9]\d*)$/;

/**
 * Brings the outputs of an instance that had arrived into their place, and removes what was still on its way when an
 * earlier AiKore ended. To be called when the folders of instances are settled.
 */
export async function settleArrivals(
  registry: InstanceRegistry,
  paths: InstancePaths,
  logger: Logger,
): Promise<void> {
  for (const name of await namesIn(paths.outputsRoot)) {
    const id = Number(UNFINISHED_OUTPUTS.exec(name)?.[1]);
    if (Number.isNaN(id)) continue;
    const row = registry.find(id)?.row;
    const place = row === undefined ? null : paths.outputs(row.name, null);
    if (place !== null && !(await exists(place))) await rename(paths.unfinishedOutputs(id), place);
    else await removeTree(paths.unfinishedOutputs(id));
  }
  // Perhaps many gigabytes: nobody has to wait for it.
  for (const root of [paths.instancesRoot, paths.outputsRoot]) void removeArriving(root, logger);
}

async function removeArriving(root: string, logger: Logger): Promise<void> {
  for (const name of await namesIn(root)) {
    if (!name.startsWith(ARRIVING_PREFIX)) continue;
    logger.info('an instance that was still being made when AiKore ended is removed', { folder: name });
    await removeTree(join(root, name)).catch((error: unknown) => {
      logger.error('what an earlier AiKore had begun could not be removed', { folder: name, error });
    });
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
