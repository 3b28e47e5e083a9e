import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blueprint, BlueprintSource } from '../../contracts/blueprint.js';
import { AppError, invalidFields, systemCodeOf } from '../../core/errors.js';
import { etagOf } from '../../core/http/etag.js';
import { ANY_VERSION } from '../../core/http/if-match.js';
import type { VersionGuard } from '../../core/http/if-match.js';
import { Mutex } from '../../core/mutex.js';
import { makeAppFolder } from '../../host/files/app-folder.js';
import { syncFolder, writeFileAtomically } from '../../host/files/atomic-write.js';
import type { BlueprintCatalogue } from './blueprint-catalogue.js';
import { BLUEPRINT_NAME_RULE, isBlueprintFilename } from './domain/blueprint-name.js';
import { NO_USERS } from './blueprints.ports.js';
import type { BlueprintUsers } from './blueprints.ports.js';
import { toScriptContent } from './script-content.js';

/** The user's own blueprints as the API writes them. Changes run one after another, so that two cannot both create. */
export class CustomBlueprintsService {
  private readonly changes = new Mutex();

  /** @param directory the same as the catalogue's `customDir` */
  constructor(
    private readonly catalogue: BlueprintCatalogue,
    private readonly directory: string,
    private readonly users: BlueprintUsers = NO_USERS,
  ) {}

  /** @throws AppError `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_TOO_LARGE` */
  async read(filename: string): Promise<BlueprintSource> {
    return this.describe(filename, 'custom', await this.catalogue.readCustom(filename));
  }

  /** The ETag that a content has once it is stored. @throws AppError as `create` */
  etagOf(content: string): string {
    return etagOf(toScriptContent(content, tooLarge).bytes);
  }

  /** A shipped one, for reading and comparing. @throws AppError `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_TOO_LARGE` */
  async readStock(filename: string): Promise<BlueprintSource> {
    return this.describe(filename, 'stock', await this.catalogue.readStock(filename));
  }

  /**
   * A name that a shipped blueprint has is refused too, because the new one would take its place unnoticed.
   * @throws AppError `VALIDATION_FAILED`, `BLUEPRINT_TOO_LARGE`, `BLUEPRINT_EXISTS`, `DISK_FULL`
   */
  async create(filename: string, content: string): Promise<Blueprint> {
    if (!isBlueprintFilename(filename)) throw invalidFields({ filename: BLUEPRINT_NAME_RULE });
    const { bytes } = toScriptContent(content, tooLarge);
    return await this.changes.run(async () => {
      await this.requireFree(filename);
      return await this.write(filename, bytes);
    });
  }

  /**
   * @param guard whether who replaces it knew what is there
   * @throws AppError `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_CHANGED`, `VALIDATION_FAILED`, `BLUEPRINT_TOO_LARGE`, `DISK_FULL`
   */
  async replace(filename: string, content: string, guard: VersionGuard = ANY_VERSION): Promise<Blueprint> {
    const { bytes } = toScriptContent(content, tooLarge);
    return await this.changes.run(async () => {
      if (!(await this.catalogue.findCustom(filename))) throw unknownBlueprint(filename);
      const etag = etagOf(await this.catalogue.readCustom(filename));
      if (!guard(etag)) throw stale(filename, etag);
      return await this.write(filename, bytes);
    });
  }

  /**
   * Gives it another file name, by which its instances know it from then on.
   * @throws AppError `VALIDATION_FAILED`, `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_EXISTS`, `DISK_FULL`
   */
  async rename(filename: string, wanted: string): Promise<Blueprint> {
    if (!isBlueprintFilename(wanted)) throw invalidFields({ filename: BLUEPRINT_NAME_RULE });
    return await this.changes.run(async () => {
      const present = await this.catalogue.findCustom(filename);
      if (present === null) throw unknownBlueprint(filename);
      if (wanted === filename) return present;
      await this.requireFree(wanted);
      await this.move(filename, wanted);
      try {
        await this.users.follow(filename, wanted);
      } catch (error) {
        await this.move(wanted, filename);
        throw error;
      }
      this.users.changed();
      return await this.written(wanted);
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
      this.users.changed();
    });
  }

  private async requireFree(filename: string): Promise<void> {
    if ((await this.catalogue.find(filename)) !== null)
      throw new AppError('conflict', 'BLUEPRINT_EXISTS', `There is already a blueprint named "${filename}".`);
    if (await isTaken(join(this.directory, filename)))
      throw new AppError(
        'conflict',
        'BLUEPRINT_EXISTS',
        `There is already something named "${filename}" in the folder of custom blueprints. It is none that can be used: over 1 MiB, a folder, or a link that leads elsewhere.`,
      );
  }

  private async move(from: string, to: string): Promise<void> {
    await rename(join(this.directory, from), join(this.directory, to));
    await syncFolder(this.directory);
  }

  private async write(filename: string, content: Buffer): Promise<Blueprint> {
    await makeAppFolder(this.directory);
    await writeFileAtomically(join(this.directory, filename), content, undefined, { for: 'apps' });
    this.users.changed();
    return await this.written(filename);
  }

  private async written(filename: string): Promise<Blueprint> {
    const written = await this.catalogue.findCustom(filename);
    if (!written) throw unknownBlueprint(filename);
    return written;
  }

  private describe(filename: string, origin: BlueprintSource['origin'], bytes: Buffer): BlueprintSource {
    const instances = this.users.of(filename);
    return { filename, origin, content: bytes.toString('utf8'), etag: etagOf(bytes), instances };
  }
}

/** Also by what counts as no blueprint, such as a link that leads nowhere: it is somebody's all the same. */
function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function stale(filename: string, etag: string): AppError {
  return new AppError(
    'stale',
    'BLUEPRINT_CHANGED',
    `The blueprint "${filename}" was changed by somebody else meanwhile. Compare the two, then save again.`,
    { etag },
  );
}

function tooLarge(): AppError {
  return new AppError('too_large', 'BLUEPRINT_TOO_LARGE', 'A blueprint may be 1 MiB at most.');
}

function unknownBlueprint(filename: string): AppError {
  const name = isBlueprintFilename(filename) ? ` named "${filename}"` : ' of that name';
  return new AppError('not_found', 'BLUEPRINT_NOT_FOUND', `There is no custom blueprint${name}.`);
}
