import type { BlueprintMetadata } from '../../contracts/blueprint.js';
import type { FilesOwners, InstanceRegistry, InstanceRow, LaunchScript } from '../instances/instances.api.js';
import { excludedPaths } from './domain/excluded.js';

/** An instance that is copied, held at rest with all that use its files. */
export interface HeldSource {
  /** Whose settings they are. */
  row: InstanceRow;
  /** Whose files they are: the instance itself, or its parent. */
  owner: InstanceRow;
  metadata: BlueprintMetadata;
  release: () => void;
}

/** Finds what an instance consists of, and keeps it as it is while it is copied. */
export class Sources {
  constructor(
    private readonly registry: InstanceRegistry,
    private readonly owners: FilesOwners,
    private readonly script: Pick<LaunchScript, 'definition'>,
  ) {}

  /**
   * @param deed for the sentence that refuses it: "cloning"
   * @throws AppError `not_found`, or `conflict` while it, or one that shares its files, is running
   */
  async hold(id: number, deed: string): Promise<HeldSource> {
    const { row } = this.registry.get(id);
    this.owners.requireAlone(row, deed);
    const owner = this.owners.of(row);
    const releases: (() => void)[] = [];
    const release = (): void => releases.splice(0).forEach((end) => end());
    try {
      for (const member of this.owners.family(owner)) releases.push(await member.hold(deed));
      return { row, owner, metadata: await this.script.definition(owner), release };
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** What of a source's folder stays behind. */
export function leftBehind({ metadata }: HeldSource, hasEnvironment: boolean): string[] {
  return excludedPaths(metadata.venv_path, hasEnvironment);
}
