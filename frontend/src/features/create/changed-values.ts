import type { Instance, InstanceUpdate } from '../../../../src/contracts/instance.js';
import { isSameSetting } from '../../domain/settings.js';
import type { FieldKey, FieldValues } from './field-values.js';

/** Only what differs from the stored instance, as the body of a PATCH. */
export function changedValues(instance: Instance, values: FieldValues): InstanceUpdate {
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(values) as FieldKey[]) {
    if (!isSameSetting(instance[key], values[key])) changed[key] = values[key];
  }
  return changed;
}
