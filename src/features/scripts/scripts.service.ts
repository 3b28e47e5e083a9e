import type { BlueprintMetadata } from '../../contracts/blueprint.js';
import type {
  InstanceScript,
  SavedScript,
  ScriptBlueprint,
  ScriptHistory as HistoryAnswer,
  ScriptVersionContent,
} from '../../contracts/script.js';
import { AppError } from '../../core/errors.js';
import { parseMetadata } from '../blueprints/blueprints.api.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { originOf } from '../instances/instances.api.js';
import type { InstanceRow } from '../instances/instances.api.js';
import { describeScript } from './describe-script.js';
import { readPresent, readScriptFile } from './script-file.js';
import { ScriptHistory } from './script-history.js';
import type { KeptVersion } from './script-history.js';
import type { ScriptSaver } from './script-saver.js';
import type { SaveWish, ScriptParts } from './scripts.parts.js';

/** The scripts of instances: read, saved, compared with their blueprints, and their earlier versions. */
export class ScriptsService {
  constructor(
    private readonly parts: ScriptParts,
    private readonly saver: ScriptSaver,
  ) {}

  /** @throws AppError `not_found`, `conflict` for something that is no script, `too_large` */
  async read(id: number): Promise<InstanceScript> {
    const { row } = this.parts.registry.get(id);
    return describeScript(await readPresent(this.parts, row));
  }

  /**
   * Stores another content; earlier ones are kept. Restarts only what runs, and only when that is wished.
   * @throws AppError `stale` when it was changed meanwhile, `invalid`, `too_large`, `disk_full`, `conflict`
   */
  async save(id: number, content: string, wish: SaveWish): Promise<SavedScript> {
    return this.saver.save(id, wish, () => Promise.resolve(this.saver.contentOf(content)));
  }

  /** Takes over the blueprint's present version; what the instance had is kept. @throws AppError as `save` */
  async restore(id: number, wish: SaveWish): Promise<SavedScript> {
    return this.saver.save(id, wish, async (row) => {
      const bytes = await readBlueprint(this.parts.catalogue, row);
      const note = `Taken over from the blueprint ${row.base_blueprint}.`;
      return { bytes, notes: [], note, origin: originOf(bytes) };
    });
  }

  /** @throws AppError `not_found` when the blueprint is no more */
  async blueprint(id: number): Promise<ScriptBlueprint> {
    const row = this.parts.files.owners.of(this.parts.registry.get(id).row);
    const bytes = await readBlueprint(this.parts.catalogue, row);
    const own = await readScriptFile(this.parts.files, row);
    const differs = own !== null && !own.bytes.equals(bytes);
    const filename = row.base_blueprint;
    return {
      content: bytes.toString('utf8'),
      filename,
      is_custom: (await this.parts.catalogue.findCustom(filename)) !== null,
      differs,
      changed_since: hasChangedSince(row.script_origin, originOf(bytes), differs),
    };
  }

  /** What the script declares now, such as its options and their defaults. @throws AppError as `read` */
  async metadata(id: number): Promise<BlueprintMetadata> {
    const { row } = this.parts.registry.get(id);
    const { bytes } = await readPresent(this.parts, row);
    return parseMetadata(bytes.toString('utf8'), row.base_blueprint);
  }

  async history(id: number): Promise<HistoryAnswer> {
    const { row } = this.parts.registry.get(id);
    const history = this.historyOf(row);
    const versions = await history.list();
    const present = await this.presentVersion(row, history, versions);
    return { versions: versions.map((version) => ({ ...version, is_present: version.version === present })) };
  }

  /** @throws AppError `not_found` */
  async version(id: number, version: number): Promise<ScriptVersionContent> {
    const { row } = this.parts.registry.get(id);
    const history = this.historyOf(row);
    const versions = await history.list();
    const bytes = await history.read(version);
    const facts = versions.find((kept) => kept.version === version);
    if (bytes === null || facts === undefined) throw noSuchVersion(row, version);
    const present = await this.presentVersion(row, history, versions);
    return { ...facts, is_present: version === present, content: bytes.toString('utf8') };
  }

  /** The version that the instance has now; null when that was not saved here. */
  private async presentVersion(
    row: InstanceRow,
    history: ScriptHistory,
    versions: readonly KeptVersion[],
  ): Promise<number | null> {
    const own = await readScriptFile(this.parts.files, row).catch(() => null);
    if (own === null) return null;
    for (const { version, size_bytes: size } of versions) {
      if (size === own.bytes.length && (await history.read(version))?.equals(own.bytes)) return version;
    }
    return null;
  }

  private historyOf(row: InstanceRow): ScriptHistory {
    return new ScriptHistory(this.parts.files.home(row));
  }
}

/** Without a note of what was taken, all that is known is that what is equal did not change. */
function hasChangedSince(taken: string | null, present: string, differs: boolean): boolean | null {
  if (taken === null) return differs ? null : false;
  return taken !== present;
}

async function readBlueprint(catalogue: BlueprintCatalogue, row: InstanceRow): Promise<Buffer> {
  if ((await catalogue.find(row.base_blueprint)) !== null) return catalogue.read(row.base_blueprint);
  throw new AppError(
    'not_found',
    'BLUEPRINT_NOT_FOUND',
    `The blueprint ${row.base_blueprint}, from which ${row.name} was made, is no more. The instance keeps its own script.`,
  );
}

function noSuchVersion(row: InstanceRow, version: number): AppError {
  return new AppError(
    'not_found',
    'SCRIPT_VERSION_NOT_FOUND',
    `Version ${version} of the script of ${row.name} is not kept.`,
  );
}
