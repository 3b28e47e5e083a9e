import type { FilesOwners } from './files-owner.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstancePaths } from './instance-paths.js';

/**
 * Where an instance works. A satellite has a folder of its own for its log and its records (`InstancePaths.home`), but
 * works in its parent's: script, environment, whatever was installed.
 */
export class InstanceFiles {
  constructor(
    readonly owners: FilesOwners,
    readonly paths: InstancePaths,
  ) {}

  /** The folder that it works in. */
  home(row: InstanceEntity): string {
    return this.paths.home(this.owners.of(row).name);
  }

  /** What it runs. */
  script(row: InstanceEntity): string {
    return this.paths.script(this.owners.of(row).name);
  }

  /**
   * Does something to the files of an instance that no start of the family may come between, such as moving their folder.
   * @param deed for the sentence that refuses it: "renaming"
   * @throws AppError `conflict` while processes of any of them may live, or somebody else holds one of them
   */
  async whileResting(row: InstanceEntity, deed: string, task: () => Promise<void>): Promise<void> {
    this.owners.requireAlone(row, deed);
    // Always in the same order, so that two of these can never wait for each other.
    const family = this.owners.family(this.owners.of(row));
    await family.reduceRight((inner, member) => () => member.whileResting(deed, inner), task)();
  }
}
