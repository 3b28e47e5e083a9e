import { mkdir } from 'node:fs/promises';
import { isDiskFull, messageOf } from '../../../core/errors.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';

/**
 * Makes every folder that a run needs; those that are there stay as they are.
 * @throws Error with a sentence when something else is in a folder's place; a system error when the disk is full
 */
export async function makeRunFolders(row: InstanceEntity, paths: InstancePaths): Promise<void> {
  const folders = [
    paths.home(row.name),
    paths.outputs(row.name, row.output_path),
    paths.tmpDir,
    paths.modelsDir,
  ];
  const making = folders.map((folder) =>
    mkdir(folder, { recursive: true }).catch((error: unknown) => {
      if (isDiskFull(error)) throw error;
      throw new Error(
        `the folder ${folder} cannot be made (${messageOf(error)}). Look what is in its place.`,
      );
    }),
  );
  await Promise.all(making);
  await mkdir(paths.runDir(row.id), { recursive: true, mode: 0o700 });
}
