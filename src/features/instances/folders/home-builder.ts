import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { syncFolder } from '../../../host/files/atomic-write.js';
import { removeTree } from '../../../host/files/remove-tree.js';
import type { InstancePaths } from '../instance-paths.js';
import type { LaunchScript } from '../launch-script.js';

/**
 * Builds the folder of a new instance under a name that is nobody's, beside where it will lie. The row decides: as long as
 * there is none, the folder is rubbish for the next boot; once there is, the next boot puts it into place if nobody did.
 */
export class HomeBuilder {
  constructor(
    private readonly paths: InstancePaths,
    private readonly script: LaunchScript,
  ) {}

  /** @param id that the row will get @returns which content of the blueprint the script is */
  async build(id: number, blueprint: string): Promise<string> {
    const folder = this.paths.unfinishedHome(id);
    await this.drop(id);
    await makeAppFolder(folder);
    try {
      return await this.script.copyInto(folder, blueprint);
    } catch (error) {
      await this.drop(id);
      throw error;
    }
  }

  /** For one that works in another's folder: its own only holds its log and its records. */
  async buildEmpty(id: number): Promise<null> {
    await this.drop(id);
    await makeAppFolder(this.paths.unfinishedHome(id));
    return null;
  }

  async putInPlace(id: number, name: string): Promise<void> {
    const home = this.paths.home(name);
    await rename(this.paths.unfinishedHome(id), home);
    await syncFolder(dirname(home));
  }

  async drop(id: number): Promise<void> {
    await removeTree(this.paths.unfinishedHome(id));
  }
}
