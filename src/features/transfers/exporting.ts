import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceExport, Operation } from '../../contracts/operation.js';
import type { InstancePaths } from '../instances/instances.api.js';
import { isFolder } from '../../host/files/exists.js';
import type { ArchiveStore } from './archive-store.js';
import { HEAD_FORMAT, HEAD_VERSION } from './domain/archive-head.js';
import { withholdSecrets } from './domain/secret-variables.js';
import { archivedSettings } from './domain/settings.js';
import type { Operations } from './operations.js';
import { leftBehind } from './sources.js';
import type { HeldSource, Sources } from './sources.js';
import type { TransferProgram } from './transfer-program.js';

export interface ExportingParts {
  operations: Operations;
  sources: Sources;
  archives: ArchiveStore;
  paths: InstancePaths;
  program: TransferProgram;
  version: string;
}

const PACKED_NAME = 'archive';

/** Packs instances into archives. */
export class Exporting {
  constructor(private readonly parts: ExportingParts) {}

  /** @throws AppError `not_found`, or `conflict` while it runs */
  async begin(id: number, wish: InstanceExport): Promise<Operation> {
    const { operations, sources, archives, program } = this.parts;
    const source = await sources.hold(id, 'exporting');
    const file = archives.reserveFor(source.row.name);
    return operations.begin({
      kind: 'export',
      subject: file.name,
      source: source.row.name,
      sourceId: id,
      release: () => {
        file.release();
        source.release();
      },
      carryOut: async ({ signal, onProgress, commit }) => {
        const folder = await archives.makePartialFolder();
        const packed = join(folder, PACKED_NAME);
        try {
          const outputs = wish.outputs === true ? await this.outputsOf(source) : null;
          const job = {
            kind: 'export',
            archive: packed,
            home: this.parts.paths.home(source.owner.name),
            excluded: leftBehind(source, wish.environment ?? false),
            outputs,
            head: this.headFor(source, wish, outputs !== null),
          } as const;
          await program.run(job, signal, onProgress);
          commit();
          await archives.putInPlace((place) => rename(packed, place), file.name);
          return null;
        } finally {
          await archives.drop(folder);
        }
      },
    });
  }

  private async outputsOf({ row }: HeldSource): Promise<string | null> {
    const outputs = this.parts.paths.outputs(row.name, row.output_path);
    return (await isFolder(outputs)) ? outputs : null;
  }

  /** What the archive says of itself, but for what only its packing finds out. */
  private headFor({ row, owner, metadata }: HeldSource, wish: InstanceExport, hasOutputs: boolean): string {
    const settings = archivedSettings(row, owner);
    const declared = metadata.variables.filter(({ type }) => type === 'secret').map(({ name }) => name);
    const { env, withheld } =
      wish.secrets === true
        ? { env: settings.env ?? {}, withheld: [] }
        : withholdSecrets(settings.env ?? {}, new Set(declared));
    return JSON.stringify({
      format: HEAD_FORMAT,
      version: HEAD_VERSION,
      contents: {
        instance_name: row.name,
        base_blueprint: owner.base_blueprint,
        has_environment: wish.environment ?? false,
        has_outputs: hasOutputs,
        withheld,
        exported_at: new Date().toISOString(),
        made_by: this.parts.version,
      },
      settings: { ...settings, env },
      home: this.parts.paths.home(owner.name),
    });
  }
}
