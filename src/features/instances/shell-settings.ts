import { resolve } from 'node:path';
import type { BlueprintMetadata } from '../../contracts/blueprint.js';
import type { BlueprintCatalogue } from '../blueprints/blueprints.api.js';
import { parseMetadata } from '../blueprints/blueprints.api.js';
import { environmentOfDesktop } from './desktop/running-desktop.js';
import { MARKER_VARIABLE } from './domain/environment.js';
import type { Environment } from './domain/environment.js';
import type { InstanceEntity } from './instance.entity.js';
import type { InstanceFiles } from './instance-files.js';
import type { InstanceRegistry } from './instance-registry.js';
import type { LaunchScript } from './launch-script.js';
import { environmentOf } from './supervisor/launch-order.js';
import type { ProgramPlaces } from './supervisor/launch-order.js';

/** What a shell needs to work where an instance works. */
export interface InstanceShell {
  cwd: string;
  /** Exactly what a run gets, less what identifies the processes of a run. */
  env: Environment;
  /** Where the script keeps its packages, whether it is there already or not; null when it declares none. */
  packages: { type: 'python' | 'conda'; path: string } | null;
}

/** Tells how a shell in an instance's place is set up. */
export class ShellSettings {
  constructor(
    private readonly registry: InstanceRegistry,
    private readonly files: InstanceFiles,
    private readonly script: LaunchScript,
    private readonly catalogue: BlueprintCatalogue,
    private readonly places: ProgramPlaces,
  ) {}

  /** @throws AppError `not_found` */
  async of(id: number): Promise<InstanceShell> {
    const supervisor = this.registry.get(id);
    const { row } = supervisor;
    const port = supervisor.isActive ? supervisor.port : row.port;
    // A shell is no part of a run: it must not be looked for, nor ended, as one.
    const facts = { port, marker: '' };
    const desktop = await environmentOfDesktop(row, this.files.paths);
    const { [MARKER_VARIABLE]: _, ...env } = environmentOf(row, this.files, this.places, facts, desktop);
    const cwd = this.files.home(row);
    const declared = await this.declarationOf(row);
    const packages = declared === null ? null : { type: declared.type, path: resolve(cwd, declared.path) };
    return { cwd, env, packages };
  }

  /** The instance's own script decides; the blueprint is asked where that says nothing. */
  private async declarationOf(row: InstanceEntity): Promise<Declaration | null> {
    const own = declarationIn(await this.script.definition(row));
    return own ?? (await this.declarationOfBlueprint(this.files.owners.of(row)));
  }

  private async declarationOfBlueprint({ base_blueprint }: InstanceEntity): Promise<Declaration | null> {
    const text = await this.catalogue.read(base_blueprint).catch(() => '');
    return declarationIn(parseMetadata(text.toString(), base_blueprint));
  }
}

interface Declaration {
  type: 'python' | 'conda';
  path: string;
}

function declarationIn({ venv_type: type, venv_path: path }: BlueprintMetadata): Declaration | null {
  return type === null || path === null ? null : { type, path };
}
