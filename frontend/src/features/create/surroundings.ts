import { missingForDesktops } from '../../domain/desktop-parts.js';
import type { InstanceStore } from '../../state/instances.js';
import type { SystemStore } from '../../state/system.js';
import type { FieldsOptions } from './instance-fields.js';

/** What the fields of an address need to know of this machine and of the other instances. */
export function surroundingsOf(
  { instances, system }: { instances: InstanceStore; system: SystemStore },
  ownId: number | null,
): FieldsOptions['surroundings'] {
  const info = system.info.value;
  return {
    neighbours: instances.sorted().filter(({ id }) => id !== ownId),
    missingForDesktops: missingForDesktops(info?.capabilities ?? []),
    portRange: info?.instance_port_range ?? null,
  };
}
