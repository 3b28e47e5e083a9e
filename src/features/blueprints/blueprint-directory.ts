import { readdir } from 'node:fs/promises';
import type { Blueprint } from '../../contracts/blueprint.js';
import { AppError, systemCodeOf } from '../../core/errors.js';
import type { FileVersion, OpenBlueprint, Refusal } from './blueprint-file.js';
import { MAX_BLUEPRINT_BYTES, withBlueprintFile } from './blueprint-file.js';
import { isBlueprintFilename } from './domain/blueprint-name.js';
import { METADATA_SCAN_LENGTH } from './domain/metadata-block.js';
import { parseMetadata } from './domain/metadata.js';

interface CacheEntry {
  version: FileVersion;
  blueprint: Blueprint;
}

/** The blueprints of one directory. A file is parsed once and again whenever it has changed. */
export class BlueprintDirectory {
  private readonly cache = new Map<string, CacheEntry>();

  constructor(
    readonly path: string,
    private readonly origin: Blueprint['origin'],
  ) {}

  /** All of them by name; what is no blueprint (other names, links that lead out, files over 1 MiB) is left out. */
  async list(): Promise<Blueprint[]> {
    const filenames = (await this.filenames()).filter(isBlueprintFilename);
    for (const known of this.cache.keys()) if (!filenames.includes(known)) this.cache.delete(known);
    const found = await Promise.all(filenames.map((filename) => this.find(filename)));
    return found.filter((blueprint) => blueprint !== null).sort(byName);
  }

  async find(filename: string): Promise<Blueprint | null> {
    if (!isBlueprintFilename(filename)) return null;
    const found = await this.withFile(filename, (file) => this.describe(filename, file));
    return isRefusal(found) ? null : found;
  }

  /**
   * The whole file, or null when there is none.
   * @throws AppError `BLUEPRINT_TOO_LARGE` over 1 MiB
   */
  async read(filename: string): Promise<Buffer | null> {
    if (!isBlueprintFilename(filename)) return null;
    const content = await this.withFile(filename, (file) => file.read(MAX_BLUEPRINT_BYTES + 1));
    if (content === 'missing') return null;
    if (content === 'too_large' || content.length > MAX_BLUEPRINT_BYTES) {
      throw new AppError(
        'too_large',
        'BLUEPRINT_TOO_LARGE',
        `The blueprint "${filename}" is larger than 1 MiB.`,
      );
    }
    return content;
  }

  private withFile<T>(filename: string, use: (file: OpenBlueprint) => Promise<T>): Promise<T | Refusal> {
    return withBlueprintFile(this.path, filename, this.origin === 'custom' ? 'apps' : 'anybody', use);
  }

  private async filenames(): Promise<string[]> {
    try {
      return await readdir(this.path);
    } catch (error) {
      // A data directory without custom blueprints is an ordinary one.
      if (systemCodeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  private async describe(filename: string, file: OpenBlueprint): Promise<Blueprint> {
    const cached = this.cache.get(filename);
    if (cached && isSameVersion(cached.version, file.version)) return cached.blueprint;
    const start = await file.read(METADATA_SCAN_LENGTH);
    // Not fatal: half a character at the cut, or another encoding, must not hide the blueprint.
    const text = new TextDecoder('utf-8').decode(start);
    const blueprint = { filename, origin: this.origin, ...parseMetadata(text, filename) };
    this.cache.set(filename, { version: file.version, blueprint });
    return blueprint;
  }
}

function isRefusal(found: Blueprint | Refusal): found is Refusal {
  return typeof found === 'string';
}

function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  return a.modifiedNs === b.modifiedNs && a.sizeBytes === b.sizeBytes && a.inode === b.inode;
}

function byName(a: Blueprint, b: Blueprint): number {
  return a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }) || (a.filename < b.filename ? -1 : 1);
}
