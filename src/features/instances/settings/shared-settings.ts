import type { InstanceUpdate } from '../../../contracts/instance.js';
import { invalidFields } from '../../../core/errors.js';
import { PIN_COLUMNS, pinsOf } from '../domain/pins.js';
import type { InstanceEntity } from '../instance.entity.js';

/** The settings that hold for an instance. What its files are made of is decided by who owns them. */
export function effectiveSettings(row: InstanceEntity, owner: InstanceEntity): InstanceEntity {
  return Object.assign({}, row, pinsOf(owner));
}

/** @throws AppError `invalid` for changes that only the owner of the files can make */
export function requireOwn(row: InstanceEntity, owner: InstanceEntity, changes: InstanceUpdate): void {
  if (owner === row) return;
  const shared = PIN_COLUMNS.filter((column) => changes[column] !== undefined);
  if (shared.length === 0) return;
  const sentence = `${row.name} shares its environment with ${owner.name}. Set it there.`;
  throw invalidFields(Object.fromEntries(shared.map((column) => [column, sentence])));
}

/** Whether a change of who owns the files is one for its satellites, too. */
export function isShared(changes: InstanceUpdate): boolean {
  return PIN_COLUMNS.some((column) => changes[column] !== undefined);
}
