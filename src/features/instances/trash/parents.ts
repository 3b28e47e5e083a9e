import { AppError } from '../../../core/errors.js';
import type { FilesOwners } from '../files-owner.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { InstanceRegistry } from '../instance-registry.js';
import type { RememberedParent } from './trash-manifest.js';

/** What a satellite in the trash can has to remember of its parent; null for others. */
export function rememberedParent(row: InstanceEntity, owners: FilesOwners): RememberedParent | null {
  const owner = owners.of(row);
  return owner === row ? null : { id: owner.id, name: owner.name };
}

/**
 * The parent that a satellite comes back to: the same one, or the one that has its name, for a parent that was in the trash
 * can itself has another number since.
 * @throws AppError `conflict` when there is none
 */
export function findParent(
  parent: RememberedParent,
  blueprint: string,
  registry: InstanceRegistry,
  owners: FilesOwners,
): InstanceEntity {
  const known = [registry.find(parent.id), registry.findByName(parent.name)];
  for (const candidate of known) {
    if (candidate === null) continue;
    const owner = owners.of(candidate.row);
    // Somebody else may have the number or the name by now.
    if (owner.base_blueprint === blueprint) return owner;
  }
  throw new AppError(
    'conflict',
    'PARENT_NOT_FOUND',
    `It is a satellite of ${parent.name}, which is not there. Restore ${parent.name} first.`,
  );
}
