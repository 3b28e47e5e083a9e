import type { Instance } from '../../../src/contracts/instance.js';
import { isActive } from './status.js';

/** Whose files and environment an instance uses: its own, or its parent's when it is a satellite. */
export function ownerIdOf({
  id,
  parent_instance_id: parent,
}: Pick<Instance, 'id' | 'parent_instance_id'>): number {
  return parent ?? id;
}

/** All that use the same files: an instance, its satellites, itself among them. */
export function familyOf(instance: Instance, all: Iterable<Instance>): Instance[] {
  const owner = ownerIdOf(instance);
  return [...all].filter((other) => ownerIdOf(other) === owner);
}

/** Those of its family whose processes may write into the shared files now. */
export function writersOf(instance: Instance, all: Iterable<Instance>): Instance[] {
  return familyOf(instance, all).filter(({ status }) => isActive(status));
}

/** `A`, `A and B`, `A, B and C`. */
export function joinNames(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
