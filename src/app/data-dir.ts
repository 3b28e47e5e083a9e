import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull, messageOf } from '../core/errors.js';

/** Folders of the data directory (contract section 3); `run` and `backups` hold what is nobody else's business. */
const FOLDERS: [string, number][] = [
  ['backups', 0o700],
  ['custom_blueprints', 0o755],
  ['instances', 0o755],
  ['models', 0o755],
  ['outputs', 0o755],
  ['run', 0o700],
  ['tmp', 0o755],
  ['trashcan', 0o755],
];

/** The data directory cannot be used. */
export class DataDirectoryUnusable extends Error {
  override readonly name = 'DataDirectoryUnusable';
}

/** Makes what is missing. @throws DataDirectoryUnusable */
export function prepareDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    for (const [name, mode] of FOLDERS) mkdirSync(join(dataDir, name), { recursive: true, mode });
  } catch (error) {
    if (isDiskFull(error)) {
      throw new DataDirectoryUnusable(
        `The disk of the data directory ${dataDir} is full. Free some space and start again; instances that run are not touched.`,
      );
    }
    throw new DataDirectoryUnusable(
      `The data directory ${dataDir} cannot be used: ${messageOf(error)}. Set AIKORE_DATA_DIR to a folder that can be written.`,
    );
  }
}
