import { AppError, invalidFields } from '../../../core/errors.js';
import { makeAppFolder } from '../../../host/files/app-folder.js';
import { exists } from '../../../host/files/exists.js';
import { resolveInside } from '../../../host/files/inside.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { InstancePaths } from '../instance-paths.js';
import { nameReserved } from '../supervisor/sentences.js';
import type { Supervisor } from '../supervisor/supervisor.js';

/** Checks the names and folders that an instance wishes for against those that are there. */
export class PlaceChecks {
  constructor(
    private readonly registry: InstanceRegistry,
    private readonly paths: InstancePaths,
  ) {}

  /**
   * @param own who may have the name already
   * @param field under which the refusal stands
   * @throws AppError `conflict` when another instance has the name
   */
  requireFreeName(name: string, own: Supervisor | null = null, field = 'name'): void {
    if (this.registry.isReserved(name)) throw nameReserved(name, field);
    const other = this.registry.findByName(name);
    if (other === null || other === own) return;
    const { name: taken } = other.row;
    throw new AppError('conflict', 'INSTANCE_NAME_TAKEN', `There is already an instance named ${taken}.`, {
      [field]: `${taken} has that name already.`,
    });
  }

  /** @throws AppError `conflict` when a folder has the name */
  async requireFreeFolder(name: string, field = 'name'): Promise<void> {
    if (!(await exists(this.paths.home(name)))) return;
    throw new AppError(
      'conflict',
      'FOLDER_EXISTS',
      `The folder instances/${name} exists already, without an instance. Move it away or choose another name.`,
      { [field]: 'A folder of that name exists already.' },
    );
  }

  /** @throws AppError `invalid` when a link in it leads out of the outputs */
  async requireOutputPath(path: string | null | undefined): Promise<void> {
    if (path === undefined || path === null) return;
    await makeAppFolder(this.paths.outputsRoot);
    const resolved = await resolveInside(this.paths.outputsRoot, path);
    if (resolved === null) throw invalidFields({ output_path: 'That folder leads out of outputs/.' });
  }
}
