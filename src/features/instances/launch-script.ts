import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomically } from '../../host/files/atomic-write.js';
import { exists } from '../../host/files/exists.js';
import { withInnerFolder } from '../../host/files/inner-folder.js';
import { openRegularFile } from '../../host/files/regular-file.js';
import type { BlueprintMetadata } from '../../contracts/blueprint.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { parseMetadata, readProbe } from '../blueprints/blueprints.api.js';
import type { InstanceEntity } from './instance.entity.js';
import { SCRIPT_FILE } from './instance-paths.js';
import type { InstancePaths } from './instance-paths.js';

/** Only the head of a script is searched for its metadata. */
const HEAD_BYTES = 64 * 1024;

/** Remembers which content of its blueprint the script of an instance was taken from. */
export type NoteOrigin = (row: InstanceEntity, origin: string) => Promise<void>;

/** Names the content of a blueprint: SHA-256 as hex. */
export function originOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export interface LaunchScriptOptions {
  noteOrigin?: NoteOrigin;
  /** Whose script an instance runs; its own by default. */
  ownerOf?: (row: InstanceEntity) => InstanceEntity;
}

/** An instance's script: a copy of its blueprint from the day of its creation, never overwritten by a start. */
export class LaunchScript {
  private readonly noteOrigin: NoteOrigin;
  private readonly ownerOf: (row: InstanceEntity) => InstanceEntity;

  constructor(
    private readonly paths: InstancePaths,
    private readonly catalogue: BlueprintCatalogue,
    options: LaunchScriptOptions = {},
  ) {
    this.noteOrigin = options.noteOrigin ?? (() => Promise.resolve());
    this.ownerOf = options.ownerOf ?? ((row) => row);
  }

  /** Writes the blueprint as the instance's script. @returns the origin */
  async copyFromBlueprint(name: string, blueprint: string): Promise<string> {
    return this.copy(this.paths.script(name), blueprint);
  }

  /** Writes the blueprint as the script of a folder that is not in its place yet. @returns the origin */
  async copyInto(folder: string, blueprint: string): Promise<string> {
    return this.copy(join(folder, SCRIPT_FILE), blueprint);
  }

  /** Makes sure that there is a script, and says what it declares. */
  async prepare(row: InstanceEntity): Promise<BlueprintMetadata> {
    const owner = this.ownerOf(row);
    const own = await this.readHead(owner.name);
    if (own !== null) return declared(own, row);
    const origin = await this.copyFromBlueprint(owner.name, owner.base_blueprint);
    // It only serves a hint in the editor, which must not keep the instance from starting.
    await this.noteOrigin(owner, origin).catch(() => undefined);
    return this.definition(row);
  }

  private async copy(path: string, blueprint: string): Promise<string> {
    const content = await this.catalogue.read(blueprint);
    const isWritten = await withInnerFolder(dirname(path), [], false, async (folder) => {
      await writeFileAtomically(join(folder, basename(path)), content, 0o755, { for: 'apps' });
      return true;
    });
    if (!isWritten) throw new Error(`the folder of ${basename(path)} is not there`);
    return originOf(content);
  }

  /**
   * What the script declares; the defaults when there is none, or something else in its place: an application can write
   * there, and must not be able to hold up a boot.
   */
  async definition(row: InstanceEntity): Promise<BlueprintMetadata> {
    const head = await this.readHead(this.ownerOf(row).name).catch(() => null);
    return declared(head ?? '', row);
  }

  /** @throws Error for something else in the script's place: an application can write there */
  private async readHead(name: string): Promise<string | null> {
    const path = this.paths.script(name);
    const script = await openRegularFile(path);
    if (script === null) {
      if (await exists(path)) throw notAFile();
      return null;
    }
    try {
      const { buffer, bytesRead } = await script.file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await script.file.close();
    }
  }
}

/** What a script declares for an instance, whose own probe wins. */
function declared(head: string, row: InstanceEntity): BlueprintMetadata {
  const metadata = parseMetadata(head, row.base_blueprint);
  const own = row.probe === null ? null : readProbe(row.probe);
  return own?.ok === true ? { ...metadata, probe: own.value } : metadata;
}

function notAFile(): Error {
  return new Error('its launch.sh is not an ordinary file. Put a script in its place.');
}
