import { lstatSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { exists } from '../../../host/files/exists.js';
import { syncFolder } from '../../../host/files/atomic-write.js';
import { isInside } from '../../../host/files/inside.js';
import { messageOf } from '../../../core/errors.js';
import type { InstancePaths } from '../instance-paths.js';
import type { LaunchScript } from '../launch-script.js';

/** What is done to folders of the original's instances: only additions, each of which may be repeated. */
export class OriginalFolders {
  constructor(
    private readonly paths: InstancePaths,
    private readonly script: LaunchScript,
  ) {}

  /** Whether a new name has no folder, or has the link that an interrupted start has made for it. */
  isFree(name: string, formerName: string): boolean {
    const facts = lstatSync(this.paths.home(name), { throwIfNoEntry: false });
    if (facts === undefined) return true;
    return facts.isSymbolicLink() && readlinkSync(this.paths.home(name)) === linkTo(formerName);
  }

  /**
   * Makes an instance's folder known under its new name. By a link, because environments hold the absolute path of their
   * folder and die when it moves.
   * @returns whether the instance has its folder
   */
  async link(name: string, formerName: string): Promise<boolean> {
    if (!this.isOwnFolder(formerName)) return false;
    if (await exists(this.paths.home(name))) return true;
    symlinkSync(linkTo(formerName), this.paths.home(name));
    await syncFolder(this.paths.instancesRoot);
    return true;
  }

  /**
   * Gives an instance without a script its blueprint's.
   * @returns a sentence that says why that was not possible, or null
   */
  async completeScript(name: string, blueprint: string): Promise<string | null> {
    if (await exists(this.paths.script(name))) return null;
    try {
      await makeAppFolder(this.paths.home(name));
      await this.script.copyFromBlueprint(name, blueprint);
      return null;
    } catch (error) {
      return `It has no launch.sh, and its blueprint ${blueprint} could not be copied: ${messageOf(error)}`;
    }
  }

  /** A folder below `instances/`, links followed: the original let names lead anywhere. */
  private isOwnFolder(formerName: string): boolean {
    if (formerName === '' || formerName.includes('\0')) return false;
    try {
      const root = realpathSync(this.paths.instancesRoot);
      const folder = realpathSync(join(root, formerName));
      return folder !== root && isInside(root, folder) && lstatSync(folder).isDirectory();
    } catch {
      return false;
    }
  }
}

/** It leads to the folder from `instances/` and from `trashcan/` alike. */
function linkTo(formerName: string): string {
  return join('..', 'instances', formerName);
}
