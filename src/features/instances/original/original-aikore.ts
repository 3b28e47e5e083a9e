import type { DataSource } from 'typeorm';
import type { Predecessor } from '../../../core/database/predecessor.js';
import type { Database } from '../../../core/database/sqlite.js';
import type { Logger } from '../../../core/logging.js';
import type { BlueprintCatalogue } from '../../blueprints/blueprints.api.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstancePaths } from '../instance-paths.js';
import { LaunchScript } from '../launch-script.js';
import { keepNames } from './domain/kept-names.js';
import type { KeptName } from './domain/kept-names.js';
import { keepParents } from './domain/kept-parents.js';
import { keepDisplays, keepPersistentPorts, keepPorts } from './domain/kept-ports.js';
import type { PortRules } from './domain/kept-ports.js';
import type { OriginalRow } from './domain/original-row.js';
import { originalVersionOf, readOriginalRows } from './original-database.js';
import { OriginalFolders } from './original-folders.js';
import { proveRows, writeRows } from './store-rows.js';
import { translateRows } from './translate-rows.js';

export interface OriginalAiKoreParts {
  rules: PortRules;
  paths: InstancePaths;
  catalogue: BlueprintCatalogue;
  /** Gives that many ports which nobody listens on and which are not among those that are taken. */
  choosePorts: (count: number, isTaken: (port: number) => boolean) => Promise<number[]>;
  logger: Logger;
}

/** Takes over the database of the original, Python, AiKore in its schemas 1 to 6 (contract section 3). */
export class OriginalAiKore implements Predecessor {
  private readonly folders: OriginalFolders;

  constructor(private readonly parts: OriginalAiKoreParts) {
    this.folders = new OriginalFolders(parts.paths, new LaunchScript(parts.paths, parts.catalogue));
  }

  recognise(database: Database): string | null {
    const version = originalVersionOf(database);
    return version === null ? null : `original-v${version}`;
  }

  async translate(from: Database, to: DataSource): Promise<void> {
    const originals = readOriginalRows(from);
    const rows = await this.decide(originals);
    await writeRows(to, rows);
    await proveRows(to, originals, rows);
    for (const { name, status_reason: notice } of rows)
      this.parts.logger.info('an instance of the original AiKore was taken over', { instance: name, notice });
  }

  private async decide(originals: readonly OriginalRow[]): Promise<InstanceEntity[]> {
    const parents = keepParents(originals);
    const names = keepNames(originals, (name, former) => this.folders.isFree(name, former));
    const folderNotices = new Map<number, string[]>();
    for (const original of originals)
      folderNotices.set(
        original.id,
        await this.settleFolder(original, names.get(original.id), parents.has(original.id)),
      );
    return translateRows(originals, {
      names,
      folderNotices,
      ports: await this.portsFor(originals),
      persistentPorts: keepPersistentPorts(originals, this.parts.rules),
      displays: keepDisplays(originals),
      parents,
    });
  }

  /** @returns what is to be said of it */
  private async settleFolder(
    original: OriginalRow,
    kept: KeptName | undefined,
    isSatellite: boolean,
  ): Promise<string[]> {
    if (kept === undefined) return [];
    if (kept.formerName !== null) {
      if (await this.folders.link(kept.name, kept.formerName))
        return [`Its folder is still instances/${kept.formerName}.`];
      // A satellite works in its parent's; the original made it one of its own at its first start.
      if (isSatellite) return [];
      return ['Its folder was not found, so a start installs it anew.'];
    }
    if (isSatellite) return [];
    const problem = await this.folders.completeScript(kept.name, original.base_blueprint);
    return problem === null ? [] : [problem];
  }

  private async portsFor(originals: readonly OriginalRow[]): Promise<Map<number, number>> {
    const ports = keepPorts(originals, this.parts.rules);
    const without = originals.filter(({ id }) => !ports.has(id));
    const taken = new Set(ports.values());
    const chosen = await this.parts.choosePorts(without.length, (port) => taken.has(port));
    without.forEach(({ id }, index) => ports.set(id, chosen[index] ?? 0));
    return ports;
  }
}
