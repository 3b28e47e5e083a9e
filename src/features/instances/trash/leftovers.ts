import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeUnfinishedFiles } from '../../../host/files/atomic-write.js';
import { NotAFolder, withInnerFolder } from '../../../host/files/inner-folder.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import { readRunnerRecord } from '../../../host/runner/runner-record.js';
import type { InstancePaths } from '../instance-paths.js';
import type { InstanceRegistry } from '../instance-registry.js';
import { MANIFEST_FILE } from './trash-manifest.js';

/** So many folders are looked through at a time. */
const BATCH = 16;

/**
 * Removes what an AiKore that was ended in the middle of something left lying about: half-written files, manifests in
 * folders that are not in the trash can, files of runners of instances that are no more.
 */
export async function sweepLeftovers(registry: InstanceRegistry, paths: InstancePaths): Promise<void> {
  const homes = registry.all().map(({ row }) => paths.home(row.name));
  for (let at = 0; at < homes.length; at += BATCH)
    await Promise.all(homes.slice(at, at + BATCH).map(tidyHome));
  await removeUnfinishedFiles(paths.instancesRoot);
  await removeForgottenRuns(registry, paths);
}

async function tidyHome(home: string): Promise<void> {
  await withInnerFolder(home, [], undefined, async (folder) => {
    await removeUnfinishedFiles(folder);
    await rm(join(folder, MANIFEST_FILE), { force: true }).catch(() => undefined);
  }).catch((error: unknown) => {
    if (!(error instanceof NotAFolder)) throw error;
  });
}

/** Where a runner still works without an instance, as after an older database was put back, nothing is taken from it. */
async function removeForgottenRuns(registry: InstanceRegistry, paths: InstancePaths): Promise<void> {
  const known = new Set(registry.all().map(({ row }) => String(row.id)));
  const root = dirname(paths.runDir(0));
  for (const name of await readdir(root).catch(() => [])) {
    if (known.has(name) || !/^[1-9]\d*$/.test(name)) continue;
    const record = await readRunnerRecord(paths.record(Number(name))).catch(() => null);
    if (record?.state !== 'running') await removeTree(join(root, name));
  }
}
