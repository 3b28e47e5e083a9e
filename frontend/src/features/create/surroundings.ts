import type { PythonChoices } from '../../../../src/contracts/environment.js';
import type { Machine } from '../../domain/blueprint-needs.js';
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

/** What this machine has of what blueprints need, as far as it is known now. */
export function machineOf(system: SystemStore, pythons: PythonChoices | null): Machine {
  return {
    gpus: system.gpus,
    diskFreeBytes: system.stats.value?.disk_free_bytes ?? null,
    capabilities: system.info.value?.capabilities ?? [],
    ...(pythons === null ? {} : { conda: pythons.conda }),
  };
}
