import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { InstallPins, InstanceEnvironment } from '../../contracts/environment.js';
import { isInside } from '../../host/files/inside.js';
import type {
  FilesOwners,
  InstancePaths,
  InstanceRegistry,
  InstanceRow,
  LaunchScript,
  SetupWishes,
} from '../instances/instances.api.js';
import { readSetupScript } from '../instances/instances.api.js';
import { environmentState } from './domain/environment-state.js';
import { readInstallationNotes } from './installation-files.js';
import { setupDigests } from './setup-digests.js';

export interface EnvironmentsParts {
  registry: InstanceRegistry;
  paths: InstancePaths;
  owners: FilesOwners;
  launchScript: LaunchScript;
  wishes: SetupWishes;
  /** What the instance's own processes get. */
  environmentFor: (row: InstanceRow, marker: string) => Record<string, string>;
}

/** Says what environments were made from, and what their next start does with them. Nothing is run for it. */
export class EnvironmentsService {
  constructor(private readonly parts: EnvironmentsParts) {}

  /** @throws AppError `not_found` */
  async of(id: number): Promise<InstanceEnvironment> {
    const { registry, owners, paths, launchScript, wishes } = this.parts;
    const owner = owners.of(registry.get(id).row);
    const active = owners.family(owner).filter((member) => member.isActive);
    const home = paths.home(owner.name);
    const [notes, script, metadata, due] = await Promise.all([
      readInstallationNotes(home),
      readSetupScript(paths.script(owner.name)),
      launchScript.definition(owner),
      wishes.dueOf(owner),
    ]);
    const env = this.parts.environmentFor(owner, '');
    const { state, reasons } = environmentState({
      isRemembered: script !== null && script.call !== null,
      scriptDigest: script?.digest ?? null,
      blueprint: env['BLUEPRINT_ID'] ?? owner.base_blueprint,
      pins: pinsOf(env),
      record: notes.record,
      done: notes.done,
      digests:
        notes.done === null
          ? new Map()
          : setupDigests(notes.done, env, metadata.variables, notes.requirements),
      isBegun: notes.isBegun,
      isStarting: active.length > 0,
      others: active.filter(({ row }) => row.id !== id).map(({ row }) => row.name),
      venvPath: metadata.venv_path,
      isVenvThere: await hasPython(home, metadata.venv_path),
      rebuild: due.rebuild,
      isUpdateDue: due.isUpdate,
    });
    return {
      state,
      reasons,
      is_rebuild_due: due.rebuild !== null,
      is_update_due: due.isUpdate,
      record: notes.record,
      history: notes.history,
      owner_id: owner.id,
    };
  }
}

/** As its script gets them: the instance's own variables may have the last word. */
export function pinsOf(env: Readonly<Record<string, string>>): InstallPins {
  const pin = (name: string): string | null => env[name]?.trim() || null;
  return {
    git_ref: pin('GIT_REF'),
    python_version: pin('PYTHON_VERSION'),
    cuda_version: pin('CUDA_VERSION'),
    torch_version: pin('TORCH_VERSION'),
    extra_requirements: env['AIKORE_EXTRA_REQUIREMENTS'] ?? '',
  };
}

/** Whether the environment's Python can be started, as far as a look tells; true where none is declared. */
async function hasPython(home: string, venvPath: string | null): Promise<boolean> {
  if (venvPath === null) return true;
  const folder = resolve(home, venvPath);
  if (!isInside(home, folder)) return false;
  return access(join(folder, 'bin', 'python'), constants.X_OK).then(
    () => true,
    () => false,
  );
}
