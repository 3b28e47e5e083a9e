import type { InstanceUpdate } from '../../../contracts/instance.js';
import { PIN_COLUMNS } from '../domain/pins.js';

/** Settings that only count from the next start on. */
export const NEEDS_RESTART: readonly (keyof InstanceUpdate)[] = [
  'gpu_ids',
  'port',
  'output_path',
  'env',
  'launch_args',
  'probe',
  'persistent_mode',
  ...PIN_COLUMNS,
];
