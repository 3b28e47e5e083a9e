import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveImport, Operation } from '../../contracts/operation.js';
import { AppError } from '../../core/errors.js';
import { isBlueprintFilename } from '../blueprints/blueprints.api.js';
import { SCRIPT_FILE } from '../instances/instances.api.js';
import type { Arrivals, InstancePaths } from '../instances/instances.api.js';
import type { ArchiveStore } from './archive-store.js';
import type { ArchiveHead } from './domain/archive-head.js';
import { settingsOfImport } from './domain/settings.js';
import type { ImportJob, Relocation } from './domain/transfer-job.js';
import type { Operations } from './operations.js';
import type { TransferProgram } from './transfer-program.js';

type Arrival = Awaited<ReturnType<Arrivals['announce']>>;

export interface ImportingParts {
  operations: Operations;
  archives: ArchiveStore;
  arrivals: Arrivals;
  paths: InstancePaths;
  program: TransferProgram;
  /** Refuses settings that could not be written today. @throws AppError `invalid` */
  checkSettings: (settings: object) => void;
  relocation: (from: string, to: string) => Promise<Relocation | null>;
}

/** Where environments may have been made; the place of another machine is only a text, but a helper looks for it in files. */
const HOME_OF_AN_INSTANCE = /^\/[^\0\n]{1,3000}\/instances\/[^/\0\n]{1,255}$/;

/** Makes instances out of archives, which anybody may have made. */
export class Importing {
  constructor(private readonly parts: ImportingParts) {}

  /** @throws AppError `not_found`, `invalid` for an archive or a name that is none, `conflict` for one that is taken */
  async begin(archive: string, { new_name: name }: ArchiveImport): Promise<Operation> {
    const { operations, arrivals, archives } = this.parts;
    const head = await archives.headOf(archive);
    const settings = settingsOfImport(head.settings, name);
    this.parts.checkSettings(settings);
    if (!isBlueprintFilename(settings.base_blueprint))
      throw new AppError(
        'invalid',
        'BAD_ARCHIVE',
        'The archive was refused. Its blueprint has no valid name.',
      );
    const arrival = await arrivals.announce(name, head.contents.has_outputs);
    return operations.begin({
      kind: 'import',
      subject: name,
      source: archive,
      sourceId: null,
      release: arrival.release,
      carryOut: async ({ signal, onProgress, commit }) => {
        try {
          await arrivals.prepare(arrival);
          await this.parts.program.run(await this.jobFor(archive, head, arrival), signal, onProgress);
          await requireScript(arrival.home);
          commit();
          return (await arrivals.settle(arrival, settings)).id;
        } catch (error) {
          await arrivals.drop(arrival);
          throw error;
        }
      },
    });
  }

  private async jobFor(archive: string, head: ArchiveHead, arrival: Arrival): Promise<ImportJob> {
    const { archives, paths } = this.parts;
    const { declared, interpreters, contents, home } = head;
    const isMoved = contents.has_environment && HOME_OF_AN_INSTANCE.test(home);
    return {
      kind: 'import',
      archive: archives.pathOf(archive),
      home: arrival.home,
      outputs: arrival.outputs,
      declared,
      interpreters,
      relocation: isMoved ? await this.parts.relocation(home, paths.home(arrival.name)) : null,
    };
  }
}

/** Without its script it would be another instance: the blueprint's. */
async function requireScript(home: string): Promise<void> {
  const facts = await lstat(join(home, SCRIPT_FILE)).catch(() => null);
  if (facts?.isFile() !== true)
    throw new AppError('invalid', 'BAD_ARCHIVE', `The archive was refused. It holds no ${SCRIPT_FILE}.`);
}
