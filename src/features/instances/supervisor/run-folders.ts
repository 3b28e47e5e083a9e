import { isDiskFull, messageOf } from '../../../core/errors.js';
import { makeAppFolder, makeFolderBelow } from '../../../host/files/app-folder.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceFiles } from '../instance-files.js';

/**
 * Makes every folder that a run needs; those that are there stay as they are.
 * @throws Error with a sentence when something else is in a folder's place; a system error when the disk is full
 */
export async function makeRunFolders(row: InstanceEntity, files: InstanceFiles): Promise<void> {
  const { paths } = files;
  const outputs = paths.outputs(row.name, row.output_path);
  await makeOrTell(paths.outputsRoot, makeAppFolder);
  await Promise.all([
    makeOrTell(paths.home(row.name), makeAppFolder),
    makeOrTell(files.home(row), makeAppFolder),
    makeOrTell(outputs, (folder) => makeFolderBelow(paths.outputsRoot, folder)),
    makeOrTell(paths.tmpDir, makeAppFolder),
    makeOrTell(paths.modelsDir, makeAppFolder),
  ]);
  await makeAppFolder(paths.runDir(row.id), 0o700);
}

async function makeOrTell(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  await make(folder).catch((error: unknown) => {
    if (isDiskFull(error)) throw error;
    throw new Error(`the folder ${folder} cannot be made (${messageOf(error)}). Look what is in its place.`);
  });
}
