import type { Instance, InstanceUpdate } from '../../../../src/contracts/instance.js';
import type { FieldKey, FieldValues } from './instance-fields.js';

/** Only what differs from the stored instance, as the body of a PATCH. */
export function changedValues(instance: Instance, values: FieldValues): InstanceUpdate {
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(values) as FieldKey[]) {
    if (!isSame(instance[key], values[key])) changed[key] = values[key];
  }
  return changed;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null));
}

/** The order of an environment's variables means nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
