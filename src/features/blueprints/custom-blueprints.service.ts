import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blueprint, BlueprintSource } from '../../contracts/blueprint.js';
import { AppError, invalidFields, systemCodeOf } from '../../core/errors.js';
import { Mutex } from '../../core/mutex.js';
import { syncFolder, writeFileAtomically } from '../../host/files/atomic-write.js';
import type { BlueprintCatalogue } from './blueprint-catalogue.js';
import { BLUEPRINT_NAME_RULE, isBlueprintFilename } from './domain/blueprint-name.js';
import { toScriptContent } from './script-content.js';

/** The user's own blueprints as the API writes them. Changes run one after another, so that two cannot both create. */
export class CustomBlueprintsService {
  private readonly changes = new Mutex();

  /** @param directory the same as the catalogue's `customDir` */
  constructor(
    private readonly catalogue: BlueprintCatalogue,
    private readonly directory: string,
  ) {}

  /** @throws AppError `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_TOO_LARGE` */
  async read(filename: string): Promise<BlueprintSource> {
    const content = await this.catalogue.readCustom(filename);
    return { filename, content: content.toString('utf8') };
  }

  /**
   * A name that a shipped blueprint has is refused too, because the new one would take its place unnoticed.
   * @throws AppError `VALIDATION_FAILED`, `BLUEPRINT_TOO_LARGE`, `BLUEPRINT_EXISTS`, `DISK_FULL`
   */
  async create(filename: string, content: string): Promise<Blueprint> {
    if (!isBlueprintFilename(filename)) throw invalidFields({ filename: BLUEPRINT_NAME_RULE });
    const bytes = toScriptContent(content, tooLarge).bytes;
    return await this.changes.run(async () => {
      if (await this.catalogue.find(filename)) {
        throw new AppError(
          'conflict',
          'BLUEPRINT_EXISTS',
          `There is already a blueprint named "${filename}".`,
        );
      }
      return await this.write(filename, bytes);
    });
  }

  /** @throws AppError `BLUEPRINT_NOT_FOUND`, `VALIDATION_FAILED`, `BLUEPRINT_TOO_LARGE`, `DISK_FULL` */
  async replace(filename: string, content: string): Promise<Blueprint> {
    const bytes = toScriptContent(content, tooLarge).bytes;
    return await this.changes.run(async () => {
      if (!(await this.catalogue.findCustom(filename))) throw unknownBlueprint(filename);
      return await this.write(filename, bytes);
    });
  }

  /**
   * Instances made from it keep their copy of the script.
   * @throws AppError `BLUEPRINT_NOT_FOUND`
   */
  async remove(filename: string): Promise<void> {
    await this.changes.run(async () => {
      if (!isBlueprintFilename(filename)) throw unknownBlueprint(filename);
      try {
        await rm(join(this.directory, filename));
      } catch (error) {
        const isOther = !['ENOENT', 'ERR_FS_EISDIR'].includes(systemCodeOf(error) ?? '');
        throw isOther ? error : unknownBlueprint(filename);
      }
      await syncFolder(this.directory);
    });
  }

  private async write(filename: string, content: Buffer): Promise<Blueprint> {
    await mkdir(this.directory, { recursive: true });
    await writeFileAtomically(join(this.directory, filename), content);
    const written = await this.catalogue.findCustom(filename);
    if (!written) throw unknownBlueprint(filename);
    return written;
  }
}

function tooLarge(): AppError {
  return new AppError('too_large', 'BLUEPRINT_TOO_LARGE', 'A blueprint may be 1 MiB at most.');
}

function unknownBlueprint(filename: string): AppError {
  const name = isBlueprintFilename(filename) ? ` named "${filename}"` : ' of that name';
  return new AppError('not_found', 'BLUEPRINT_NOT_FOUND', `There is no custom blueprint${name}.`);
}
