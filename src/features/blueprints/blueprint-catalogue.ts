import type { Blueprint, BlueprintCatalogue as CatalogueAnswer } from '../../contracts/blueprint.js';
import { AppError } from '../../core/errors.js';
import { BlueprintDirectory } from './blueprint-directory.js';

export interface BlueprintDirectories {
  /** The shipped blueprints, read only. */
  stockDir: string;
  /** The user's own, in the data directory; may be missing. */
  customDir: string;
}

/**
 * Every blueprint there is: the shipped ones and the user's. Files are looked at on each call and parsed only when they
 * have changed, so one dropped into the directory is there at once. Where both have a name, the user's is meant.
 */
export class BlueprintCatalogue {
  private readonly stock: BlueprintDirectory;
  private readonly custom: BlueprintDirectory;

  constructor({ stockDir, customDir }: BlueprintDirectories) {
    this.stock = new BlueprintDirectory(stockDir, 'stock');
    this.custom = new BlueprintDirectory(customDir, 'custom');
  }

  async list(): Promise<CatalogueAnswer> {
    const [stock, custom] = await Promise.all([this.stock.list(), this.custom.list()]);
    return { stock, custom };
  }

  /** The blueprint of that file name, or null. */
  async find(filename: string): Promise<Blueprint | null> {
    return (await this.custom.find(filename)) ?? (await this.stock.find(filename));
  }

  /**
   * The script that `find` describes, byte for byte.
   * @throws AppError `BLUEPRINT_NOT_FOUND`, `BLUEPRINT_TOO_LARGE`
   */
  async read(filename: string): Promise<Buffer> {
    const content = (await this.custom.read(filename)) ?? (await this.stock.read(filename));
    return content ?? notFound();
  }

  async findCustom(filename: string): Promise<Blueprint | null> {
    return await this.custom.find(filename);
  }

  /** As `read`, but of the shipped ones only, whether or not the user has one of that name. */
  async readStock(filename: string): Promise<Buffer> {
    return (await this.stock.read(filename)) ?? notFound();
  }

  /** As `read`, but of the user's own only. */
  async readCustom(filename: string): Promise<Buffer> {
    return (await this.custom.read(filename)) ?? notFound();
  }
}

function notFound(): never {
  throw new AppError('not_found', 'BLUEPRINT_NOT_FOUND', 'There is no blueprint of that name.');
}
